import Columns
import Planning

/// Aggregates over all rows, where the distinct values of some `count(distinct …)` are more than memory holds: the values are
/// grouped, which spills, and the groups are counted.
struct DividedDistinct {
    /// With the one grouping set of no keys.
    let node: AggregateNode
    let input: Pipeline
    let context: ExecutionContext
    let counters: OperatorCounters

    /// The identity of the value lives inside one count.
    private static let value = ColumnID(-1_000_001)

    /// Whether a call counts distinct values of one expression.
    static func canDivide(_ call: AggregateCall) -> Bool {
        (call.name == "count" && call.isDistinct || call.name == "approx_count_distinct") && call.arguments.count == 1
    }

    /// One row.
    func relation() throws(ExecutionError) -> Relation {
        var rest = node
        rest.aggregates = node.aggregates.filter { !DividedDistinct.canDivide($0.call) }
        let restColumns = LogicalPlan.aggregate(rest).columns
        let restRow = try HashAggregation.pipeline(rest, input, context, counters: OperatorCounters(.root))
            .materialized(context).concatenated()
        var results: [ColumnID: Vector] = [:]
        for (index, column) in restColumns.enumerated() { results[column.id] = restRow.columns[index] }
        for aggregate in node.aggregates where results[aggregate.column.id] == nil {
            results[aggregate.column.id] = try count(aggregate.call)
        }
        let columns = LogicalPlan.aggregate(node).columns
        return Relation(columns: columns, batches: [Batch(columns: columns.compactMap { results[$0.id] }, rowCount: 1)])
    }

    private func count(_ call: AggregateCall) throws(ExecutionError) -> Vector {
        let value = PlanColumn(id: DividedDistinct.value, name: "value", type: call.arguments[0].type)
        var rows = input
        if let filter = call.filter {
            rows.operators.append(try FilterOperator(filter, columns: rows.layout, counters: OperatorCounters(.root)))
        }
        let values = AggregateNode(
            input: node.input, groups: [ProjectedColumn(column: value, expression: call.arguments[0])], aggregates: [])
        let groups = try HashAggregation.pipeline(values, rows, context, counters: counters)
        let total = AggregateNode(
            input: node.input, groups: [], groupingSets: [[]],
            aggregates: [
                .init(
                    column: PlanColumn(id: DividedDistinct.value, name: "count", type: .bigint),
                    call: AggregateCall(name: "count", arguments: [value.reference], type: .bigint))
            ])
        return try HashAggregation.pipeline(total, groups, context, counters: OperatorCounters(.root))
            .materialized(context).concatenated().columns[0]
    }
}
