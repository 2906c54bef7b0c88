import Columns
import Planning

/// Rows held in memory: the result of an operator that must see all of its input.
struct Relation: Sendable {
    var columns: [PlanColumn]
    /// Numbered from 0 in the order of their rows.
    var batches: [Batch]

    init(columns: [PlanColumn], batches: [Batch]) {
        self.columns = columns
        self.batches = batches.enumerated().map { number, batch in
            Batch(columns: batch.columns, rowCount: batch.rowCount, morsel: number)
        }
    }

    var rowCount: Int { batches.reduce(0) { $0 + $1.rowCount } }
    var pipeline: Pipeline { Pipeline(source: RelationSource(relation: self), columns: columns) }

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

/// Keeps all batches it is given.
///
/// Unchecked because each sink belongs to one worker until all workers are done.
final class CollectingSink: BatchConsumer, @unchecked Sendable {
    private(set) var batches: [Batch] = []
    private let budget: MemoryBudget

    init(budget: MemoryBudget) { self.budget = budget }

    func consume(_ batch: Batch) throws(ExecutionError) {
        guard batch.rowCount > 0 else { return }
        try budget.reserve(batch.byteCount)
        batches.append(batch)
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
    /// Runs the pipeline and keeps its rows.
    func materialized(_ context: ExecutionContext) throws(ExecutionError) -> Relation {
        if operators.isEmpty, let source = source as? RelationSource {
            return Relation(columns: columns, batches: source.relation.batches)
        }
        let sinks = try PipelineRun.drive(self, context) { _, _ in CollectingSink(budget: context.budget) }
        return Relation(columns: columns, batches: CollectingSink.ordered(sinks))
    }
}
