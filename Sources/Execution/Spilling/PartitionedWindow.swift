import Columns
import Planning

/// Window functions over more rows than memory holds: once for each list of partition keys, rows are divided by these.
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
            let own = items.filter { $0.partitionBy == keys }
            let divided = DividedRows(keys: keys, newColumns: own.map(\.column), context: context, counters: counters) {
                rows, context throws(ExecutionError) in
                try WindowOperator(own, rows, context).relation(columns: rows.columns + own.map(\.column))
            }
            current = try divided.pipeline(current)
        }
        current.operators.append(
            try ProjectOperator(columns.map(\.reference), columns: current.layout, counters: OperatorCounters(.root)))
        current.columns = columns
        return current
    }
}
