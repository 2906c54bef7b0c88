import Columns
import Planning

/// Window functions over more rows than memory holds: rows are divided by PARTITION BY in a spill file, each part is computed
/// on its own, and the rows are brought back into their order. Once for each list of partition keys.
struct PartitionedWindow {
    let items: [WindowColumn]
    /// Kept.
    let rows: Pipeline
    let context: ExecutionContext
    let counters: OperatorCounters

    /// Whether every item has keys to divide rows by.
    static func canRun(_ items: [WindowColumn]) -> Bool { items.allSatisfy { !$0.partitionBy.isEmpty } }

    func pipeline(columns: [PlanColumn]) throws(ExecutionError) -> Pipeline {
        var current = rows
        var lists: [[BoundExpression]] = []
        for item in items where !lists.contains(item.partitionBy) { lists.append(item.partitionBy) }
        for keys in lists {
            current = try divided(
                current, keys, items.filter { $0.partitionBy == keys }, depth: 0, morselCount: current.source.morselCount, context)
        }
        current.operators.append(
            try ProjectOperator(columns.map(\.reference), columns: current.layout, counters: OperatorCounters(.root)))
        current.columns = columns
        return current
    }

    private func divided(
        _ rows: Pipeline, _ keys: [BoundExpression], _ items: [WindowColumn], depth: Int, morselCount: Int,
        _ context: ExecutionContext
    ) throws(ExecutionError) -> Pipeline {
        let byteCount = rows.source.estimatedRowCount * (Relation.workingSize + 16 * rows.columns.count)
        let partitioning = try RowPartitioning(
            rows, keys: keys, wanted: Set(rows.columns.map(\.id)), addsPlaces: depth == 0, depth: depth,
            partCount: RowPartitioning.partCount(byteCount: byteCount, context),
            store: try SpillStore(context, counters: counters, after: (rows.source as? SpilledRows)?.store), context)
        let parts = try partitioning.parts()
        let columns = partitioning.columns + items.map(\.column)
        guard let place = columns.firstIndex(where: { $0.id == RowPartitioning.place.id }) else {
            preconditionFailure("the rows of a part have places")
        }
        let placed = PlacedRows(
            try SpillStore(context, counters: counters, after: partitioning.store), columns: columns, place: place,
            morselCount: morselCount)
        let task = ExecutionContext(oneOf: context.workerCount, in: context)
        let own = self
        _ = try WorkerThreads.map(count: parts.count, workerCount: context.workerCount) { number throws(ExecutionError) -> Void in
            if parts[number].rowCount == 0 { return }
            try placed.write(
                try own.computed(parts[number], keys, items, columns, depth, morselCount, task), part: number, task)
        }
        return placed.pipeline(keepsPlaces: depth > 0)
    }

    private func computed(
        _ part: SpilledRows, _ keys: [BoundExpression], _ items: [WindowColumn], _ columns: [PlanColumn], _ depth: Int,
        _ morselCount: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> Pipeline {
        let canDivide = depth + 1 < RowPartitioning.depthLimit
        let share = MemoryShare(context.budget, limitBytes: canDivide ? context.spillingByteCount : nil)
        var batches: [Batch] = []
        for number in 0..<part.morselCount {
            let batch = try part.batch(number)
            batches.append(batch)
            guard try share.add(batch.byteCount + batch.rowCount * Relation.workingSize), number + 1 < part.morselCount else { continue }
            batches = []
            return try divided(part.pipeline, keys, items, depth: depth + 1, morselCount: morselCount, context)
        }
        let relation = Relation(columns: part.columns, batches: batches)
        return try WindowOperator(items, relation, context).relation(columns: columns).pipeline
    }
}
