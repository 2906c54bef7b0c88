import Columns

/// Rows told apart, grouped and joined by intervals: by their length, as 1 month and 30 days are equal.
///
/// Of equal ones that are written otherwise DISTINCT keeps the one it meets first, as PostgreSQL does, and a group shows the
/// one of the fewest months and days.
struct IntervalKeys {
    private static let spanType = LogicalType.numeric(precision: LogicalType.maximumPrecision, scale: 0)

    let numbering: ColumnNumbering

    func rewritten(_ plan: LogicalPlan) -> LogicalPlan {
        switch plan {
        case .shared(let id, let definition, let columns):
            return .shared(id: id, plan: rewritten(definition), columns: columns)
        case .recursive(var node):
            node.base = rewritten(node.base)
            node.step = rewritten(node.step)
            return .recursive(node)
        default: return keyed(plan.mapInputs(rewritten))
        }
    }

    private func keyed(_ plan: LogicalPlan) -> LogicalPlan {
        switch plan {
        case .aggregate(let node): return aggregated(node)
        case .distinctOn(let input, let keys): return .distinctOn(input, keys: keys.map(span))
        case .window(let input, var items):
            for index in items.indices { items[index].partitionBy = items[index].partitionBy.map(span) }
            return .window(input, items)
        case .join(var node):
            node.keys = node.keys.map { .init(left: span($0.left), right: span($0.right), isNullSafe: $0.isNullSafe) }
            return .join(node)
        case .setOperation(var node)
        where node.kind == .union && !node.isAll && node.columns.contains { $0.type == .interval }:
            node.isAll = true
            return .distinctOn(.setOperation(node), keys: node.columns.map { span($0.reference) })
        default: return plan
        }
    }

    private func aggregated(_ plan: AggregateNode) -> LogicalPlan {
        var node = plan
        for index in node.aggregates.indices
        where node.aggregates[index].call.isDistinct && node.aggregates[index].call.name == "count" {
            node.aggregates[index].call.arguments = node.aggregates[index].call.arguments.map(span)
        }
        let places = node.groups.indices.filter { node.groups[$0].expression.type == .interval }
        // Outside of a set a group is NULL, which its least value would not be.
        guard !places.isEmpty, node.groupingSets.map({ $0.sorted() }) == [Array(node.groups.indices)] else {
            return .aggregate(node)
        }
        if node.aggregates.isEmpty, node.groupingColumns.isEmpty {
            return .distinctOn(.project(node.input, node.groups), keys: node.groups.map { span($0.column.reference) })
        }
        let columns = LogicalPlan.aggregate(plan).columns
        var values: [ColumnID: BoundExpression] = [:]
        for place in places {
            let group = node.groups[place]
            let length = numbering.column("interval span", IntervalKeys.spanType)
            let parts = numbering.column("interval parts", .bigint)
            node.groups[place] = ProjectedColumn(column: length, expression: span(group.expression))
            let call = AggregateCall(
                name: "min",
                arguments: [.call(name: "interval parts", arguments: [group.expression], .bigint, position: -1)],
                type: .bigint)
            node.aggregates.append(.init(column: parts, call: call))
            values[group.column.id] = .call(
                name: "interval of span", arguments: [length.reference, parts.reference], .interval, position: -1)
        }
        return .project(
            .aggregate(node), columns.map { ProjectedColumn(column: $0, expression: values[$0.id] ?? $0.reference) })
    }

    /// What tells intervals of one length from others; any other value is itself.
    private func span(_ expression: BoundExpression) -> BoundExpression {
        guard expression.type == .interval else { return expression }
        return .call(name: "interval span", arguments: [expression], IntervalKeys.spanType, position: -1)
    }
}
