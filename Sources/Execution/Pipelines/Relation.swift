import Columns
import Planning

/// Rows held in memory: the result of an operator that must see all of its input.
struct Relation: Sendable {
    var columns: [PlanColumn]
    /// Numbered from 0 in the order of their rows.
    var batches: [Batch]
    /// Counts their bytes as long as the relation is there; nil where nobody counts them.
    private let share: MemoryShare?
    /// Bytes that are counted for what an operator needs while it works on the rows.
    private let workingByteCount: Int

    init(columns: [PlanColumn], batches: [Batch], share: MemoryShare? = nil, workingByteCount: Int = 0) {
        self.columns = columns
        self.share = share
        self.workingByteCount = workingByteCount
        self.batches = batches.enumerated().map { number, batch in
            Batch(columns: batch.columns, rowCount: batch.rowCount, morsel: number)
        }
    }

    /// The same rows under other identities.
    init(_ other: Relation, columns: [PlanColumn]) {
        self.columns = columns
        batches = other.batches
        share = other.share
        workingByteCount = other.workingByteCount
    }

    var rowCount: Int { batches.reduce(0) { $0 + $1.rowCount } }
    var pipeline: Pipeline { Pipeline(source: RelationSource(relation: self), columns: columns) }

    /// The same rows with their bytes counted: they are there already.
    func held(by context: ExecutionContext) throws(ExecutionError) -> Relation {
        guard let share = try context.held(batches.reduce(0) { $0 + $1.byteCount }) else { return self }
        return Relation(columns: columns, batches: batches, share: share)
    }

    /// The same for the rows of another relation with more columns: those that both have are counted once.
    ///
    /// - Parameter input: The work on it is done.
    func held(by context: ExecutionContext, besideThoseOf input: Relation) throws(ExecutionError) -> Relation {
        guard let counted = input.share else { return try held(by: context) }
        _ = try counted.add(-input.workingByteCount)
        let known = input.batches.reduce(0) { $0 + $1.byteCount }
        guard let share = try context.held(batches.reduce(-known) { $0 + $1.byteCount }, beside: counted) else { return self }
        return Relation(columns: columns, batches: batches, share: share)
    }

    /// Bytes a row takes, its values aside, while rows are sorted, computed in windows or told apart by key.
    static let workingSize = 48

    /// The same while a table of them by key is made: it has been seen to take 100 to 150 bytes a row, as it grows by doubling.
    static let joiningSize = 128

    /// Rows of a batch that operators put out, where they choose.
    static let batchRowCount = 65_536

    /// All rows as one batch of flat columns.
    func concatenated() -> Batch {
        if batches.count == 1 {
            return Batch(columns: batches[0].columns.map { $0.flattened() }, rowCount: batches[0].rowCount)
        }
        let vectors = columns.indices.map { index in
            Vector.concatenated(batches.map { $0.columns[index] }, type: columns[index].type)
        }
        return Batch(columns: vectors, rowCount: rowCount)
    }

    /// Columns cut into batches, in parallel where there is much to copy.
    static func cut(
        _ vectors: [Vector], rowCount: Int, columns: [PlanColumn], workerCount: Int = 1
    ) -> Relation {
        guard rowCount > batchRowCount else {
            return Relation(columns: columns, batches: rowCount == 0 ? [] : [Batch(columns: vectors, rowCount: rowCount)])
        }
        let count = (rowCount + batchRowCount - 1) / batchRowCount
        let parts = WorkerThreads.map(count: count, workerCount: workerCount) { number in
            let range = (number * batchRowCount)..<min(rowCount, (number + 1) * batchRowCount)
            return Batch(columns: vectors.map { $0.sliced(range) }, rowCount: range.count)
        }
        return Relation(columns: columns, batches: parts)
    }
}

/// Gives out the batches of a relation, one a morsel.
struct RelationSource: MorselSource {
    let relation: Relation

    var morselCount: Int { relation.batches.count }
    var estimatedRowCount: Int { relation.rowCount }
    var isKept: Bool { true }
    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(relation: relation, next: next) }

    private final class Reader: MorselReader {
        let relation: Relation
        let next: any BatchConsumer

        init(relation: Relation, next: any BatchConsumer) {
            self.relation = relation
            self.next = next
        }

        func read(morsel: Int) throws(ExecutionError) {
            let batch = relation.batches[morsel]
            if batch.rowCount > 0 { try next.consume(batch) }
        }
    }
}

/// Keeps all batches it is given, in memory or, where there is no room, in a file.
///
/// Unchecked because each sink belongs to one worker until all workers are done.
final class CollectingSink: BatchConsumer, @unchecked Sendable {
    private(set) var batches: [Batch] = []
    private let share: MemoryShare
    private let overflow: SpillOverflow?
    /// Bytes that whoever works on the rows will need for each.
    private let extraSize: Int
    private var writer: SpillWriter?

    private static let bufferSize = 1 << 18

    /// - Parameters:
    ///   - share: What all workers hold.
    ///   - overflow: Where batches go that are too many; nil: they are refused.
    init(_ share: MemoryShare, overflow: SpillOverflow? = nil, extraSize: Int = 0) {
        self.share = share
        self.overflow = overflow
        self.extraSize = extraSize
    }

    func consume(_ batch: Batch) throws(ExecutionError) {
        guard batch.rowCount > 0 else { return }
        batches.append(batch)
        if try share.add(batch.byteCount + batch.rowCount * extraSize), let overflow { try spill(to: try overflow.store()) }
    }

    private func spill(to store: SpillStore) throws(ExecutionError) {
        let writer = writer ?? SpillWriter(store, listCount: 1, bufferSize: CollectingSink.bufferSize)
        self.writer = writer
        for batch in batches {
            let columns = batch.columns.map { $0.flattened() }
            var first = 0
            while first < batch.rowCount {
                let end = min(batch.rowCount, first + Relation.batchRowCount)
                try writer.append(columns, rows: first..<end, morsel: batch.morsel, to: 0)
                first = end
            }
            _ = try share.add(-batch.byteCount - batch.rowCount * extraSize)
        }
        batches = []
    }

    /// All it was given as pieces of the file.
    func pieces(in store: SpillStore) throws(ExecutionError) -> [SpillPiece] {
        try spill(to: store)
        try writer?.finish()
        return writer?.pieces[0] ?? []
    }

    /// The batches of all sinks in the order of their morsels.
    static func ordered(_ sinks: [CollectingSink]) -> [Batch] {
        // A morsel belongs to one sink and a sink keeps the order within it; `sort` of the standard library is stable.
        var batches = sinks.flatMap(\.batches)
        batches.sort { $0.morsel < $1.morsel }
        return batches
    }
}

extension Pipeline {
    /// Runs the pipeline and keeps its rows in memory.
    func materialized(_ context: ExecutionContext) throws(ExecutionError) -> Relation {
        if operators.isEmpty, let source = source as? RelationSource { return Relation(source.relation, columns: columns) }
        let share = MemoryShare(context.budget, limitBytes: nil)
        let sinks = try PipelineRun.drive(self, context) { _, _ in CollectingSink(share) }
        return Relation(columns: columns, batches: CollectingSink.ordered(sinks), share: share)
    }

    /// Runs the pipeline and keeps its rows, in a file where memory has no room for them.
    ///
    /// - Parameters:
    ///   - extraSize: Bytes that whoever works on the rows will need for each, if they are in memory.
    ///   - limitBytes: What may be held of them; nil for an operator's part.
    ///   - isAnew: Whether rows that are kept already are kept once more, in no other form than memory or `SpilledRows`.
    /// - Returns: a pipeline that is kept.
    func collected(
        _ context: ExecutionContext, counters: OperatorCounters, extraSize: Int = 0, limitBytes: Int? = nil, isAnew: Bool = false
    ) throws(ExecutionError) -> Pipeline {
        if isKept, !isAnew { return counted }
        guard let limit = limitBytes ?? context.spillingByteCount else { return try materialized(context).pipeline }
        let share = MemoryShare(context.budget, limitBytes: limit)
        let overflow = SpillOverflow(context, counters: counters)
        let sinks = try PipelineRun.drive(self, context) { _, _ in CollectingSink(share, overflow: overflow, extraSize: extraSize) }
        guard let store = overflow.used else {
            let batches = CollectingSink.ordered(sinks)
            return Relation(
                columns: columns, batches: batches, share: share, workingByteCount: extraSize * batches.reduce(0) { $0 + $1.rowCount }
            ).pipeline
        }
        var pieces: [SpillPiece] = []
        for sink in sinks { pieces += try sink.pieces(in: store) }
        return SpilledRows(store, columns: columns, pieces: pieces).pipeline
    }
}
