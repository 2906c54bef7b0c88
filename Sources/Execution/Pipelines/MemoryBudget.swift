import Columns
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
                    .busy, "the statement needs more than the memory limit of \(limitBytes) bytes",
                    mend: "raise --memory or narrow the query")))
    }

    func release(_ bytes: Int) { used.wrappingSubtract(bytes, ordering: .relaxed) }
}

extension Vector {
    /// Bytes its values take, roughly; shared dictionaries are not counted.
    var byteCount: Int {
        switch values {
        case .boolean: count
        case .int32, .dictionary: count * 4
        case .int64, .double, .identifier: count * 8
        case .int128, .interval: count * 16
        case .string(let strings): strings.bytes.count + strings.offsets.count * 4
        case .constant: 0
        case .runs(let child, let map): child.byteCount + map.starts.count * 4
        }
    }
}

extension Batch {
    /// Bytes its columns take, roughly.
    var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
}
