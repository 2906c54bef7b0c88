import Columns
import Planning

/// A hash join whose build side is more than memory holds: both sides are divided by their keys in spill files, each pair of
/// parts is joined on its own, and the rows are brought into the order of the probe side.
struct PartitionedJoin {
    let probe: Pipeline
    let build: Pipeline
    let probeKeys: [BoundExpression]
    let buildKeys: [BoundExpression]
    /// Whether columns of the build side come first; nil if the join puts out none of them.
    let buildFirst: Bool?
    let context: ExecutionContext
    let counters: OperatorCounters
    /// Joins a part of the probe side with build rows in memory.
    let join: @Sendable (Pipeline, Batch) throws(ExecutionError) -> Pipeline

    func pipeline() throws(ExecutionError) -> Pipeline {
        try pipeline(probe: probe, build: build, depth: 0, morselCount: probe.source.morselCount, context)
    }

    private func pipeline(
        probe: Pipeline, build: Pipeline, depth: Int, morselCount: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> Pipeline {
        // Rows take more in memory than in a file, and a table besides.
        let byteCount = build.source.estimatedRowCount * (Relation.joiningSize + 16 * build.columns.count)
        let partCount = RowPartitioning.partCount(byteCount: byteCount, context)
        let buildParts = try parts(build, buildKeys, addsPlaces: false, depth, partCount, context)
        let probeParts = try parts(probe, probeKeys, addsPlaces: depth == 0, depth, partCount, context)
        let probeColumns = probeParts[0].columns
        let columns =
            buildFirst.map { $0 ? build.columns + probeColumns : probeColumns + build.columns } ?? probeColumns
        guard let place = columns.firstIndex(where: { $0.id == RowPartitioning.place.id }) else {
            preconditionFailure("the rows of a part have places")
        }
        let placed = PlacedRows(
            try SpillStore(context, counters: counters), columns: columns, place: place, morselCount: morselCount)
        let task = ExecutionContext(oneOf: context.workerCount, in: context)
        let own = self
        _ = try WorkerThreads.map(count: probeParts.count, workerCount: context.workerCount) {
            number throws(ExecutionError) -> Void in
            if probeParts[number].rowCount == 0 { return }
            let result = try own.joined(probeParts[number], buildParts[number], depth, morselCount, task)
            try placed.write(result, part: number, task)
        }
        return placed.pipeline(keepsPlaces: depth > 0)
    }

    private func joined(
        _ probe: SpilledRows, _ build: SpilledRows, _ depth: Int, _ morselCount: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> Pipeline {
        let canDivide = depth + 1 < RowPartitioning.depthLimit
        let share = MemoryShare(context.budget, limitBytes: canDivide ? context.spillingByteCount : nil)
        var batches: [Batch] = []
        for number in 0..<build.morselCount {
            let batch = try build.batch(number)
            batches.append(batch)
            guard try share.add(batch.byteCount + batch.rowCount * Relation.joiningSize), number + 1 < build.morselCount else { continue }
            batches = []
            return try pipeline(
                probe: probe.pipeline, build: build.pipeline, depth: depth + 1, morselCount: morselCount, context)
        }
        return try join(probe.pipeline, Relation(columns: build.columns, batches: batches).concatenated())
    }

    private func parts(
        _ rows: Pipeline, _ keys: [BoundExpression], addsPlaces: Bool, _ depth: Int, _ partCount: Int,
        _ context: ExecutionContext
    ) throws(ExecutionError) -> [SpilledRows] {
        try RowPartitioning(
            rows, keys: keys, wanted: Set(rows.columns.map(\.id)), addsPlaces: addsPlaces, depth: depth, partCount: partCount,
            store: try SpillStore(context, counters: counters), context
        ).parts()
    }
}
