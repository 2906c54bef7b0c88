import Columns
import Planning

/// An operator that works on all rows with equal keys together, over more rows than memory holds: rows are divided by the keys in
/// a spill file, the operator runs on each part, and the rows are brought back into their order.
struct DividedRows {
    let keys: [BoundExpression]
    /// Columns that the operator puts behind those of its input.
    let newColumns: [PlanColumn]
    let context: ExecutionContext
    let counters: OperatorCounters
    /// Runs the operator on a part that memory has no room for, without holding its rows; nil if that cannot be done, as for any part
    /// where it is nil itself. Whoever gets the pipeline reads its morsels in order, on one thread.
    var streaming: (@Sendable (SpilledRows, ExecutionContext) throws(ExecutionError) -> Pipeline?)?
    /// Runs the operator on rows in memory: gives some of them, in their order, and their new columns.
    let compute: @Sendable (Relation, ExecutionContext) throws(ExecutionError) -> Relation

    /// - Parameter rows: Kept.
    func pipeline(_ rows: Pipeline) throws(ExecutionError) -> Pipeline {
        try pipeline(rows, depth: 0, morselCount: rows.source.morselCount, context)
    }

    private func pipeline(
        _ rows: Pipeline, depth: Int, morselCount: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> Pipeline {
        let byteCount = rows.source.estimatedRowCount * (Relation.workingSize + 16 * rows.columns.count)
        let partitioning = try RowPartitioning(
            rows, keys: keys, wanted: Set(rows.columns.map(\.id)), addsPlaces: depth == 0, depth: depth,
            partCount: RowPartitioning.partCount(byteCount: byteCount, context),
            store: try SpillStore(context, counters: counters, after: (rows.source as? SpilledRows)?.store), context)
        let parts = try partitioning.parts()
        let columns = partitioning.columns + newColumns
        guard let place = columns.firstIndex(where: { $0.id == RowPartitioning.place.id }) else {
            preconditionFailure("the rows of a part have places")
        }
        let placed = PlacedRows(
            try SpillStore(context, counters: counters, after: partitioning.store), columns: columns, place: place,
            morselCount: morselCount)
        let task = ExecutionContext(oneOf: context.workerCount, in: context)
        let own = self
        _ = try WorkerThreads.map(count: parts.count, workerCount: context.workerCount) { number throws(ExecutionError) -> Void in
            try task.options.checkRunning()
            if parts[number].rowCount == 0 { return }
            try placed.write(try own.computed(parts[number], depth, morselCount, task), part: number, task)
        }
        return placed.pipeline(keepsPlaces: depth > 0)
    }

    private func computed(
        _ part: SpilledRows, _ depth: Int, _ morselCount: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> Pipeline {
        let canDivide = depth + 1 < RowPartitioning.depthLimit
        let share = MemoryShare(context.budget, limitBytes: canDivide || streaming != nil ? context.spillingByteCount : nil)
        var batches: [Batch] = []
        for number in 0..<part.morselCount {
            let batch = try part.batch(number)
            batches.append(batch)
            let isFull = try share.add(batch.byteCount + batch.rowCount * Relation.workingSize)
            guard isFull, number + 1 < part.morselCount else { continue }
            batches = []
            if let streaming, let rows = try streaming(part, context) { return rows }
            if canDivide { return try pipeline(part.pipeline, depth: depth + 1, morselCount: morselCount, context) }
            // Refused where the plan's limit is reached.
            return try compute(try part.pipeline.materialized(context), context).pipeline
        }
        return try compute(Relation(columns: part.columns, batches: batches), context).pipeline
    }
}
