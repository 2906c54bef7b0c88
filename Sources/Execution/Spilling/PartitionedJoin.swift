import Columns
import Planning

/// A hash join whose build side is more than memory holds: both sides are divided by their keys in spill files, each pair of
/// parts is joined on its own, and the rows are brought into the order of the probe side.
struct PartitionedJoin {
    let kind: JoinProbe.Kind
    let probe: Pipeline
    let build: Pipeline
    let probeKeys: [BoundExpression]
    let buildKeys: [BoundExpression]
    /// For each key, whether NULL equals NULL.
    let isNullSafe: [Bool]
    /// Whether columns of the build side come first; nil if the join puts out none of them.
    let buildFirst: Bool?
    let context: ExecutionContext
    let counters: OperatorCounters
    /// Joins a part of the probe side with build rows in memory.
    let step: @Sendable (JoinProbe.Kind, Pipeline, Batch, OperatorCounters) throws(ExecutionError) -> Pipeline

    func pipeline() throws(ExecutionError) -> Pipeline {
        var result = try pipeline(probe: probe, build: build, depth: 0, morselCount: probe.source.morselCount, context)
        // As if the rows had streamed through the join.
        result.guessedSourceRowCount = probe.guessedSourceRowCount ?? probe.source.estimatedRowCount
        result.estimatedShare = JoinStep.share(kind, of: probe.estimatedShare)
        return result
    }

    private func pipeline(
        probe: Pipeline, build: Pipeline, depth: Int, morselCount: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> Pipeline {
        // Rows take more in memory than in a file, and a table besides.
        let byteCount = build.source.estimatedRowCount * (Relation.joiningSize + 16 * build.columns.count)
        let partCount = RowPartitioning.partCount(byteCount: byteCount, context)
        // A NULL key finds nothing and is found by nothing: however many rows have one, they are no part of their own.
        let leavesNulls = depth == 0 ? isNullSafe.map { !$0 } : nil
        let keepsUnmatched = kind == .left || kind == .single || kind == .anti
        let buildParts = try parts(build, buildKeys, leavesNulls: leavesNulls, addsPlaces: false, depth, partCount, context)
        let probeParts = try parts(
            probe, probeKeys, leavesNulls: keepsUnmatched ? nil : leavesNulls, addsPlaces: depth == 0, depth, partCount, context)
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
            try task.options.checkRunning()
            if probeParts[number].rowCount == 0 { return }
            try own.join(probeParts[number], buildParts[number], depth, morselCount, task) { rows, pass throws(ExecutionError) in
                try placed.write(rows, part: number, pass: pass, task)
            }
        }
        return placed.pipeline(keepsPlaces: depth > 0)
    }

    /// Joins two parts and gives the rows to `write`, in passes that follow each other.
    private func join(
        _ probe: SpilledRows, _ build: SpilledRows, _ depth: Int, _ morselCount: Int, _ context: ExecutionContext,
        write: (Pipeline, Int) throws(ExecutionError) -> Void
    ) throws(ExecutionError) {
        let canDivide = depth + 1 < RowPartitioning.depthLimit
        // Whether a row has more than one match takes all build rows to tell: they are refused where there is no room.
        let isWhole = kind == .single && !canDivide
        var piece = 0
        var batches = try chunk(of: build, from: &piece, limitBytes: isWhole ? nil : context.spillingByteCount, context)
        if piece < build.morselCount, canDivide {
            batches = []
            let rows = try pipeline(
                probe: probe.pipeline, build: build.pipeline, depth: depth + 1, morselCount: morselCount, context)
            return try write(rows, 0)
        }
        let rows = Relation(columns: build.columns, batches: batches).concatenated()
        batches = []
        if piece == build.morselCount { return try write(try step(kind, probe.pipeline, rows, counters), 0) }
        // One key has more rows than there is room for.
        try joinInChunks(probe.pipeline, build, first: rows, piece, context, write: write)
    }

    /// The rows of pieces that there is room for together, those of one piece at least.
    ///
    /// - Parameters:
    ///   - piece: The first one; afterwards the one behind them.
    ///   - limitBytes: The room there is; nil: all rows must fit into the plan's limit.
    private func chunk(
        of build: SpilledRows, from piece: inout Int, limitBytes: Int?, _ context: ExecutionContext
    ) throws(ExecutionError) -> [Batch] {
        let share = MemoryShare(context.budget, limitBytes: limitBytes)
        defer { withExtendedLifetime(share) {} }
        var batches: [Batch] = []
        var isFull = false
        while piece < build.morselCount, !isFull {
            let batch = try build.batch(piece)
            batches.append(batch)
            piece += 1
            isFull = try share.add(batch.byteCount + batch.rowCount * Relation.joiningSize)
        }
        return batches
    }

    /// Joins with the build rows chunk by chunk: a probe row's matches come out pass after pass, in the order of the build rows.
    private func joinInChunks(
        _ probe: Pipeline, _ build: SpilledRows, first: Batch, _ firstPiece: Int, _ context: ExecutionContext,
        write: (Pipeline, Int) throws(ExecutionError) -> Void
    ) throws(ExecutionError) {
        var chunk = first
        var piece = firstPiece
        var pass = 0
        // Those that have had no match so far.
        var rest = probe
        while true {
            try context.options.checkRunning()
            switch kind {
            case .inner, .left: try write(try step(.inner, probe, chunk, counters), pass)
            case .semi: try write(try step(.semi, rest, chunk, counters), pass)
            case .anti, .single, .mark: break
            }
            if kind != .inner {
                rest = try step(.anti, rest, chunk, OperatorCounters(.root)).collected(
                    context, counters: counters, limitBytes: context.spillingByteCount.map { $0 / 2 }, isAnew: true)
            }
            pass += 1
            if piece == build.morselCount { break }
            let batches = try self.chunk(of: build, from: &piece, limitBytes: context.spillingByteCount, context)
            chunk = Relation(columns: build.columns, batches: batches).concatenated()
        }
        if kind == .left || kind == .anti {
            let none = Batch(columns: chunk.columns.map { $0.gathered([]) }, rowCount: 0)
            try write(try step(kind, rest, none, counters), pass)
        }
    }

    private func parts(
        _ rows: Pipeline, _ keys: [BoundExpression], leavesNulls: [Bool]?, addsPlaces: Bool, _ depth: Int, _ partCount: Int,
        _ context: ExecutionContext
    ) throws(ExecutionError) -> [SpilledRows] {
        try RowPartitioning(
            rows, keys: keys, leavesNulls: leavesNulls, wanted: Set(rows.columns.map(\.id)), addsPlaces: addsPlaces, depth: depth,
            partCount: partCount, store: try SpillStore(context, counters: counters), context
        ).parts()
    }
}
