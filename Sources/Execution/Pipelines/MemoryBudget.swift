import Diagnostics
import Synchronization

/// Counts the bytes of large intermediate results and refuses to go beyond a limit.
final class MemoryBudget: Sendable {
    private let used = Atomic<Int>(0)
    private let limitBytes: Int?

    init(limitBytes: Int?) { self.limitBytes = limitBytes }

    /// - Throws: `busy`, naming the limit, if the bytes do not fit.
    func reserve(_ bytes: Int) throws(ExecutionError) {
        guard let limitBytes else { return }
        let total = used.wrappingAdd(bytes, ordering: .relaxed).newValue
        guard total > limitBytes else { return }
        throw ExecutionError(
            .diagnosed(
                Diagnostic(
                    .busy, "the statement needs more than the memory limit of \(LimitText.bytes(limitBytes))",
                    mend: "raise --memory or narrow the query")))
    }

    /// Counts bytes without refusing any.
    func take(_ bytes: Int) { used.wrappingAdd(bytes, ordering: .relaxed) }

    func release(_ bytes: Int) { used.wrappingSubtract(bytes, ordering: .relaxed) }

    /// Whether the plan as a whole holds so much that operators should spill what they can.
    var isTight: Bool { limitBytes.map { used.load(ordering: .relaxed) > $0 / 2 } ?? false }
}

/// The bytes that one operator holds: they are given back when the last to hold them goes away.
final class MemoryShare: Sendable {
    private let used = Atomic<Int>(0)
    private let budget: MemoryBudget
    private let limitBytes: Int?
    private let exceeded = Atomic<Bool>(false)
    /// Counts other bytes that whoever has this holds.
    private let other: MemoryShare?

    /// - Parameters:
    ///   - limitBytes: What the operator may hold before it spills; nil: it cannot spill, and is refused more than the plan's limit.
    ///   - other: Counts bytes that are held as long as these are.
    init(_ budget: MemoryBudget, limitBytes: Int?, beside other: MemoryShare? = nil) {
        self.budget = budget
        self.limitBytes = limitBytes
        self.other = other
    }

    deinit { budget.release(used.load(ordering: .relaxed)) }

    /// Counts more bytes, or fewer.
    ///
    /// - Returns: whether the operator should spill.
    /// - Throws: `busy` if it cannot, and the plan's limit is reached.
    func add(_ bytes: Int) throws(ExecutionError) -> Bool {
        let total = used.wrappingAdd(bytes, ordering: .relaxed).newValue
        guard let limitBytes else {
            if bytes > 0 { try budget.reserve(bytes) } else { budget.release(-bytes) }
            return false
        }
        budget.take(bytes)
        return total > limitBytes || (total > limitBytes / 4 && budget.isTight)
    }

    /// Whether `reportExceeded` was called.
    var isExceeded: Bool { exceeded.load(ordering: .relaxed) }

    /// Says that the operator must begin again in a way that holds less.
    ///
    /// - Throws: always; the operator looks at `isExceeded`.
    func reportExceeded() throws(ExecutionError) -> Never {
        exceeded.store(true, ordering: .relaxed)
        throw ExecutionError(.unsupported("rows outgrew their part of the memory"))
    }
}
