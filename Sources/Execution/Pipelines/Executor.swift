package import Columns
package import Planning

/// Runs logical plans.
///
/// Results are the same, byte for byte, for any number of workers. Anything the engine cannot do is refused by name.
package enum Executor {
    /// Runs a plan and returns its rows, in order.
    ///
    /// - Parameter output: The columns wanted, each one of `plan.columns`; batches have them in this order.
    package static func run(
        plan: LogicalPlan, output: [PlanColumn], source: any TableSource, options: ExecutionOptions,
        profile: QueryProfile = QueryProfile()
    ) throws(ExecutionError) -> [Batch] {
        let context = ExecutionContext(tables: source, options: options, profile: profile)
        let pipeline = try PlanCompiler(context).pipeline(plan)
        let relation = try pipeline.materialized(context)
        let places = try places(output, in: pipeline)
        return relation.batches.map { arranged($0, places) }
    }

    /// Runs a plan and returns its rows, in order: in memory, or in a file where memory has no room for them.
    package static func rows(
        plan: LogicalPlan, output: [PlanColumn], source: any TableSource, options: ExecutionOptions,
        profile: QueryProfile = QueryProfile()
    ) throws(ExecutionError) -> KeptRows {
        let context = ExecutionContext(tables: source, options: options, profile: profile)
        let pipeline = try PlanCompiler(context).pipeline(plan)
        let places = try places(output, in: pipeline)
        return KeptRows(try pipeline.collected(context, counters: OperatorCounters(.root)), places: places, context)
    }

    /// Runs a plan and keeps its rows for plans to come, which have the memory limit to themselves: in memory only if they are few.
    package static func answer(
        plan: LogicalPlan, output: [PlanColumn], source: any TableSource, options: ExecutionOptions,
        profile: QueryProfile = QueryProfile()
    ) throws(ExecutionError) -> KeptRows {
        let context = ExecutionContext(tables: source, options: options, profile: profile)
        return try KeptRows.answer(try PlanCompiler(context).pipeline(plan), output: output, context)
    }

    /// Runs a plan and hands each batch of its rows to `consume`, in order, on the caller's thread, while no more than a
    /// few batches are held.
    package static func stream(
        plan: LogicalPlan, output: [PlanColumn], source: any TableSource, options: ExecutionOptions,
        profile: QueryProfile = QueryProfile(), _ consume: (Batch) throws(ExecutionError) -> Void
    ) throws(ExecutionError) {
        let context = ExecutionContext(tables: source, options: options, profile: profile)
        let pipeline = try PlanCompiler(context).pipeline(plan)
        let places = try places(output, in: pipeline)
        try forEachBatch(of: pipeline, context) { batch throws(ExecutionError) in try consume(arranged(batch, places)) }
    }

    /// Hands each batch of a pipeline to `consume`, in order, while no more than a few are held.
    static func forEachBatch(
        of pipeline: Pipeline, _ context: ExecutionContext, _ consume: (Batch) throws(ExecutionError) -> Void
    ) throws(ExecutionError) {
        if pipeline.operators.isEmpty, let source = pipeline.source as? RelationSource {
            for batch in source.relation.batches {
                try context.options.checkRunning()
                try consume(batch)
            }
            return
        }
        if context.workerCount == 1 { return try handOver(pipeline, context, consume) }
        let window = context.workerCount * 2
        var first = 0
        while first < pipeline.source.morselCount {
            let end = min(pipeline.source.morselCount, first + window)
            let share = MemoryShare(context.budget, limitBytes: context.spillingByteCount)
            // One morsel of a join may have more rows than memory holds.
            let overflow = context.spillingByteCount == nil ? nil : SpillOverflow(context, counters: OperatorCounters(.root))
            let sinks = try PipelineRun.drive(pipeline, context, morsels: first..<end) { _, _ in CollectingSink(share, overflow: overflow) }
            if let store = overflow?.used {
                var pieces: [SpillPiece] = []
                for sink in sinks { pieces += try sink.pieces(in: store) }
                let rows = SpilledRows(store, columns: pipeline.columns, pieces: pieces)
                for (number, piece) in rows.pieces.enumerated() {
                    try context.options.checkRunning()
                    var batch = try rows.batch(number)
                    batch.morsel = piece.morsel
                    try consume(batch)
                }
            } else {
                for batch in CollectingSink.ordered(sinks) { try consume(batch) }
            }
            first = end
        }
    }

    /// The same on the caller's thread alone: each batch is handed over as it comes.
    private static func handOver(
        _ pipeline: Pipeline, _ context: ExecutionContext, _ consume: (Batch) throws(ExecutionError) -> Void
    ) throws(ExecutionError) {
        try withoutActuallyEscaping(consume) { consume throws(ExecutionError) in
            let reader = pipeline.makeReader(HandingSink(consume))
            for morsel in 0..<pipeline.source.morselCount {
                try context.options.checkRunning()
                try reader.read(morsel: morsel)
            }
        }
    }

    private final class HandingSink: BatchConsumer {
        private let take: (Batch) throws(ExecutionError) -> Void

        init(_ take: @escaping (Batch) throws(ExecutionError) -> Void) { self.take = take }

        func consume(_ batch: Batch) throws(ExecutionError) { if batch.rowCount > 0 { try take(batch) } }
    }

    private static func places(_ output: [PlanColumn], in pipeline: Pipeline) throws(ExecutionError) -> [Int] {
        let layout = pipeline.layout
        var places: [Int] = []
        for column in output {
            guard let place = layout[column.id] else {
                throw ExecutionError(.unsupported("the plan does not put out column \"\(column.name)\""))
            }
            places.append(place)
        }
        return places
    }

    static func arranged(_ batch: Batch, _ places: [Int]) -> Batch {
        var batch = batch
        let columns = batch.columns
        batch.columns = places.map { columns[$0] }
        return batch
    }
}
