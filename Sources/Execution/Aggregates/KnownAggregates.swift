import Columns
import Planning

/// Aggregates over all rows of a table that are known without reading them: `min`, `max` and `count` of columns whose bounds a
/// stored table's zone maps or a file's footer say exactly, and the number of rows. What is not known is computed from the rows, of which no other columns are read then.
struct KnownAggregates {
    private let node: AggregateNode
    /// By the columns of the aggregates.
    private let values: [ColumnID: ScalarValue]

    /// - Returns: nil if nothing is known.
    init?(_ node: AggregateNode, _ context: ExecutionContext) throws(ExecutionError) {
        guard case .scan(let scan) = node.input, scan.filters.isEmpty, node.groups.isEmpty,
            node.groupingSets == [[]], node.groupingColumns.isEmpty
        else { return nil }
        let table = try context.tables.table(named: scan.table)
        var extremes: [Int: KnownExtremes] = [:]
        var values: [ColumnID: ScalarValue] = [:]
        for aggregate in node.aggregates {
            guard let field = KnownAggregates.field(of: aggregate.call, scan) else { continue }
            let known = extremes[field] ?? table.knownExtremes(field: field)
            extremes[field] = known
            let value: ScalarValue? =
                switch aggregate.call.name {
                case "min": known.minimum
                case "max": known.maximum
                default: known.valueCount.map { .integer(Int64($0)) }
                }
            if let value { values[aggregate.column.id] = value }
        }
        guard !values.isEmpty || scan.fold != nil else { return nil }
        for aggregate in node.aggregates where KnownAggregates.countsRows(aggregate.call, scan) {
            let rowCount = (0..<table.segmentCount).reduce(0) { $0 + table.rowCount(segment: $1) }
            values[aggregate.column.id] = .integer(Int64(rowCount))
        }
        guard !values.isEmpty else { return nil }
        self.node = node
        self.values = values
    }

    private static func countsRows(_ call: AggregateCall, _ scan: TableScanNode) -> Bool {
        if call.isDistinct || call.filter != nil { return false }
        if call.name == "sum", let count = scan.fold?.rowCount { return call.arguments == [count.reference] }
        return call.name == "count" && call.arguments.isEmpty
    }

    /// The field that an aggregate asks for the extreme or the count of; nil for any other call.
    private static func field(of call: AggregateCall, _ scan: TableScanNode) -> Int? {
        guard ["min", "max", "count"].contains(call.name), !call.isDistinct, call.filter == nil, call.orderBy.isEmpty, call.arguments.count == 1,
            case .column(let id, let type) = call.arguments[0], call.name == "count" || call.type == type
        else { return nil }
        // What a fold puts out is a sum, or the values of its rows.
        if scan.fold?.sums.contains(id) == true { return nil }
        return scan.columns.first { $0.column.id == id }?.fieldIndex
    }

    /// - Parameter rest: Computes the aggregates that are not known.
    func pipeline(
        _ context: ExecutionContext, at path: PlanPath, rest: (AggregateNode) throws(ExecutionError) -> Pipeline
    ) throws(ExecutionError) -> Pipeline {
        let columns = LogicalPlan.aggregate(node).columns
        let expressions = columns.map { column in
            values[column.id].map { BoundExpression.constant($0, column.type) } ?? column.reference
        }
        var other = node
        other.aggregates.removeAll { values[$0.column.id] != nil }
        guard !other.aggregates.isEmpty, case .scan(var scan) = other.input else {
            let relation = try ValuesOperator.relation(columns: columns, rows: [expressions])
            context.profile.add(path).count(rows: relation.rowCount)
            return relation.pipeline
        }
        let asked = Set(other.aggregates.flatMap { $0.call.inputs.flatMap(\.columnIDs) })
        scan.columns.removeAll { !asked.contains($0.column.id) }
        if let fold = scan.fold {
            scan.fold = ScanFold(
                keys: fold.keys.intersection(asked), sums: fold.sums.intersection(asked),
                rowCount: fold.rowCount.flatMap { asked.contains($0.id) ? $0 : nil })
        }
        other.input = .scan(scan)
        var pipeline = try rest(other)
        // The row was counted where it was made.
        let uncounted = OperatorCounters(.root)
        pipeline.operators.append(try ProjectOperator(expressions, columns: pipeline.layout, counters: uncounted))
        pipeline.columns = columns
        return pipeline
    }
}
