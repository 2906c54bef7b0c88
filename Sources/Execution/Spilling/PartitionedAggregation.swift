import Columns
import Planning

/// GROUP BY of more groups than memory holds: rows are divided by their keys in a spill file, each part is grouped on its own,
/// and the groups are brought into the order of their first rows.
struct PartitionedAggregation {
    /// With one grouping set that is not empty; beyond depth 0, its last aggregate is the smallest place of the group.
    let node: AggregateNode
    let input: Pipeline
    let context: ExecutionContext
    let counters: OperatorCounters
    let part: Part

    /// What its input is of the whole.
    struct Part: Sendable {
        /// How often the rows have been divided before.
        var depth: Int
        /// Morsels of the undivided input.
        var morselCount: Int
    }

    /// Bytes a group takes while it is worked on, its aggregates aside.
    private static let byteCountOfGroup = 64

    func pipeline() throws(ExecutionError) -> Pipeline {
        var own = node
        if part.depth == 0 {
            let place = RowPartitioning.place
            own.aggregates.append(
                .init(
                    column: place,
                    call: AggregateCall(name: "min", arguments: [place.reference], type: .bigint)))
        }
        let partNode = own
        let store = try SpillStore(context, counters: counters, after: (input.source as? SpilledRows)?.store)
        let estimate = input.estimatedRowCount.multipliedReportingOverflow(
            by: PartitionedAggregation.byteCountOfGroup + 24 * node.aggregates.count)
        let partitioning = try RowPartitioning(
            input, keys: node.groupingSets[0].map { node.groups[$0].expression }, wanted: PartitionedAggregation.inputs(of: partNode),
            addsPlaces: part.depth == 0, depth: part.depth,
            partCount: RowPartitioning.partCount(byteCount: estimate.overflow ? .max / 2 : estimate.partialValue, context),
            store: store, context)
        let parts = try partitioning.parts()
        let columns = LogicalPlan.aggregate(partNode).columns
        guard let place = columns.firstIndex(where: { $0.id == RowPartitioning.place.id }) else {
            preconditionFailure("a part's groups have places")
        }
        let placed = PlacedRows(
            try SpillStore(context, counters: counters, after: store), columns: columns, place: place,
            morselCount: part.morselCount)
        let task = ExecutionContext(oneOf: context.workerCount, in: context)
        let counters = counters
        let below = Part(depth: part.depth + 1, morselCount: part.morselCount)
        _ = try WorkerThreads.map(count: parts.count, workerCount: context.workerCount) { number throws(ExecutionError) -> Void in
            try task.options.checkRunning()
            if parts[number].rowCount == 0 { return }
            let groups = try HashAggregation.pipeline(partNode, parts[number].pipeline, task, counters: counters, part: below)
            try placed.write(groups, part: number, task)
        }
        return placed.pipeline(keepsPlaces: part.depth > 0)
    }

    /// Columns of the input that groups and aggregates read.
    private static func inputs(of node: AggregateNode) -> Set<ColumnID> {
        var ids: Set<ColumnID> = []
        for group in node.groups { group.expression.collectColumnIDs(into: &ids) }
        for aggregate in node.aggregates {
            for argument in aggregate.call.arguments { argument.collectColumnIDs(into: &ids) }
            for key in aggregate.call.orderBy { key.expression.collectColumnIDs(into: &ids) }
            aggregate.call.filter?.collectColumnIDs(into: &ids)
        }
        return ids
    }
}
