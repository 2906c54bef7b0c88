package import Planning
import Synchronization

/// What each operator of a plan did: for EXPLAIN ANALYZE.
package final class QueryProfile: Sendable {
    package struct Entry: Hashable, Sendable {
        /// The operator in the plan.
        package var path: PlanPath
        package var rowCount = 0
        package var batchCount = 0
        /// Time spent in the operator itself, summed over workers.
        package var nanoseconds = 0
        /// Blocks of columns that a scan read, and their bytes.
        package var blocksRead = 0
        package var bytesRead = 0
        /// Those of them that are of a private copy of what was read elsewhere.
        package var bytesReadOfCopies = 0
        /// Blocks that a scan had no need to read.
        package var blocksSkipped = 0
        /// Rows of the segments a scan has to go through, and of those it is through with.
        package var rowsToScan = 0
        package var rowsScanned = 0
        /// Bytes written to temporary files because memory had no room for them.
        package var bytesSpilled = 0
    }

    private let operators = Mutex<[OperatorCounters]>([])
    /// Whether scans count blocks, which takes looking at the directory of every segment.
    let countsBlocks: Bool

    package init(countsBlocks: Bool = false) { self.countsBlocks = countsBlocks }

    /// One entry for each operator that did something, in no meaningful order.
    package var entries: [Entry] { operators.withLock { $0.map(\.entry) } }

    /// What all operators have given so far, for `restore`.
    func counts() -> [OperatorCounters.Counts] { operators.withLock { $0.map(\.counts) } }

    /// Takes back what operators have given since `counts`, because they begin again.
    func restore(_ counts: [OperatorCounters.Counts]) {
        operators.withLock { operators in for (index, counts) in counts.enumerated() { operators[index].counts = counts } }
    }

    func add(_ path: PlanPath) -> OperatorCounters {
        let counters = OperatorCounters(path, countsBlocks: countsBlocks)
        operators.withLock { $0.append(counters) }
        return counters
    }
}

/// Counters of one operator, raised by all workers once a batch.
final class OperatorCounters: Sendable {
    private let path: PlanPath
    private let rows = Atomic<Int>(0)
    private let batches = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int>(0)
    private let blocksRead = Atomic<Int>(0)
    private let bytesRead = Atomic<Int>(0)
    private let bytesReadOfCopies = Atomic<Int>(0)
    private let blocksSkipped = Atomic<Int>(0)
    private let rowsToScan = Atomic<Int>(0)
    private let rowsScanned = Atomic<Int>(0)
    private let bytesSpilled = Atomic<Int>(0)

    /// Rows given, in how many batches, and rows a scan is through with.
    struct Counts: Sendable {
        var rows: Int
        var batches: Int
        var rowsScanned: Int
    }

    /// - Note: Set only while no worker counts.
    var counts: Counts {
        get {
            Counts(
                rows: rows.load(ordering: .relaxed), batches: batches.load(ordering: .relaxed),
                rowsScanned: rowsScanned.load(ordering: .relaxed))
        }
        set {
            rows.store(newValue.rows, ordering: .relaxed)
            batches.store(newValue.batches, ordering: .relaxed)
            rowsScanned.store(newValue.rowsScanned, ordering: .relaxed)
        }
    }

    let countsBlocks: Bool

    init(_ path: PlanPath, countsBlocks: Bool = false) {
        self.path = path
        self.countsBlocks = countsBlocks
    }

    func count(rows rowCount: Int) {
        rows.wrappingAdd(rowCount, ordering: .relaxed)
        batches.wrappingAdd(1, ordering: .relaxed)
    }

    /// The rows of a result that is all there.
    func count(result source: any MorselSource) {
        rows.wrappingAdd(source.estimatedRowCount, ordering: .relaxed)
        batches.wrappingAdd(source.morselCount, ordering: .relaxed)
    }

    func count(read blocks: StoredBlocks) {
        blocksRead.wrappingAdd(blocks.count, ordering: .relaxed)
        bytesRead.wrappingAdd(blocks.size, ordering: .relaxed)
        if blocks.isOfCopy { bytesReadOfCopies.wrappingAdd(blocks.size, ordering: .relaxed) }
    }

    func count(skipped blocks: StoredBlocks) { blocksSkipped.wrappingAdd(blocks.count, ordering: .relaxed) }

    func count(toScan rowCount: Int) { rowsToScan.wrappingAdd(rowCount, ordering: .relaxed) }

    func count(scanned rowCount: Int) { rowsScanned.wrappingAdd(rowCount, ordering: .relaxed) }

    func count(spilled size: Int) { bytesSpilled.wrappingAdd(size, ordering: .relaxed) }

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
            path: path, rowCount: rows.load(ordering: .relaxed), batchCount: batches.load(ordering: .relaxed),
            nanoseconds: nanoseconds.load(ordering: .relaxed), blocksRead: blocksRead.load(ordering: .relaxed),
            bytesRead: bytesRead.load(ordering: .relaxed), bytesReadOfCopies: bytesReadOfCopies.load(ordering: .relaxed), blocksSkipped: blocksSkipped.load(ordering: .relaxed),
            rowsToScan: rowsToScan.load(ordering: .relaxed), rowsScanned: rowsScanned.load(ordering: .relaxed),
            bytesSpilled: bytesSpilled.load(ordering: .relaxed))
    }
}
