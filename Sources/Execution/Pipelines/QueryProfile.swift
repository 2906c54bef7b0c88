import Synchronization

/// What each operator of a plan did: for EXPLAIN ANALYZE.
package final class QueryProfile: Sendable {
    package struct Entry: Hashable, Sendable {
        /// The operator's name and what it works on, e.g. `scan claims`.
        package var name: String
        /// Depth in the plan, 0 for the topmost operator.
        package var depth: Int
        package var rowCount: Int
        package var batchCount: Int
        /// Time spent in the operator itself, summed over workers.
        package var nanoseconds: Int
    }

    private let operators = Mutex<[OperatorCounters]>([])

    package init() {}

    /// One entry for each operator, in the order of the plan: an operator before its inputs.
    package var entries: [Entry] { operators.withLock { $0.map(\.entry) } }

    func add(_ name: String, depth: Int) -> OperatorCounters {
        let counters = OperatorCounters(name: name, depth: depth)
        operators.withLock { $0.append(counters) }
        return counters
    }
}

/// Counters of one operator, raised by all workers once a batch.
final class OperatorCounters: Sendable {
    let name: String
    let depth: Int
    private let rows = Atomic<Int>(0)
    private let batches = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int>(0)

    init(name: String, depth: Int) {
        self.name = name
        self.depth = depth
    }

    func count(rows rowCount: Int) {
        rows.wrappingAdd(rowCount, ordering: .relaxed)
        batches.wrappingAdd(1, ordering: .relaxed)
    }

    func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        nanoseconds.wrappingAdd(Int(seconds) &* 1_000_000_000 &+ Int(attoseconds / 1_000_000_000), ordering: .relaxed)
    }

    /// Runs `body` and adds its time.
    func timed<T>(_ body: () throws(ExecutionError) -> T) throws(ExecutionError) -> T {
        let start = ContinuousClock.now
        let result = try body()
        add(ContinuousClock.now - start)
        return result
    }

    var entry: QueryProfile.Entry {
        QueryProfile.Entry(
            name: name, depth: depth, rowCount: rows.load(ordering: .relaxed),
            batchCount: batches.load(ordering: .relaxed), nanoseconds: nanoseconds.load(ordering: .relaxed))
    }
}
