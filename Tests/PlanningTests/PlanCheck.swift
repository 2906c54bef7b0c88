import Columns
import Planning

/// Finds what no plan may have: columns that are not there, leftovers of outer queries, types that do not fit.
enum PlanCheck {
    static func problems(_ plan: LogicalPlan) -> [String] {
        var problems: [String] = []
        check(plan, &problems)
        return problems
    }

    private static func check(_ plan: LogicalPlan, _ problems: inout [String]) {
        for input in plan.inputs { check(input, &problems) }
        let ids = plan.columns.map(\.id)
        if Set(ids).count != ids.count { problems.append("a column twice in \(title(plan))") }
        if case .shared(_, let definition, let columns) = plan {
            check(definition, &problems)
            if definition.columns.map(\.type) != columns.map(\.type) {
                problems.append("a reading unlike its definition")
            }
        }
        checkTypes(plan, &problems)
        if case .join(let node) = plan {
            // Keys speak of one side each.
            for key in node.keys {
                check(key.left, Set(node.left.columns), plan, &problems)
                check(key.right, Set(node.right.columns), plan, &problems)
            }
            if let residual = node.residual {
                check(residual, Set(node.left.columns + node.right.columns), plan, &problems)
            }
            if node.kind == .cross, !node.keys.isEmpty || node.residual != nil {
                problems.append("a cross join with conditions")
            }
            return
        }
        var visible = Set(plan.inputs.flatMap(\.columns))
        if case .scan(let node) = plan { visible = Set(node.columns.map(\.column)) }
        for expression in plan.ownExpressions { check(expression, visible, plan, &problems) }
    }

    private static func check(
        _ expression: BoundExpression, _ visible: Set<PlanColumn>, _ plan: LogicalPlan, _ problems: inout [String]
    ) {
        let types = Dictionary(visible.map { ($0.id, $0.type) }) { first, _ in first }
        expression.forEach { part in
            switch part {
            case .column(let id, let type):
                if types[id] == nil { problems.append("column \(id.number) is not there for \(title(plan))") }
                if let own = types[id], own != type {
                    problems.append("column \(id.number) has another type in \(title(plan))")
                }
            case .outerColumn: problems.append("an outer column in \(title(plan))")
            case .subquery: problems.append("a subquery in \(title(plan))")
            case .constant(_, .unknown), .cast(_, to: .unknown, position: _):
                problems.append("an unknown type in \(title(plan))")
            case .comparison(_, let left, let right), .distinct(let left, let right, negated: _):
                if !fit(left.type, right.type) { problems.append("\(left.type) compared with \(right.type)") }
            case .and(let items), .or(let items):
                if items.contains(where: { $0.type != .boolean }) { problems.append("no boolean in \(title(plan))") }
            default: break
            }
        }
    }

    private static func fit(_ left: LogicalType, _ right: LogicalType) -> Bool {
        if left == right { return true }
        switch (left, right) {
        case (.numeric, .numeric), (.integer, .bigint), (.bigint, .integer): return true
        default: return false
        }
    }

    private static func checkTypes(_ plan: LogicalPlan, _ problems: inout [String]) {
        switch plan {
        case .project(_, let items):
            for item in items where item.column.type != item.expression.type {
                problems.append("\(item.column.name) is \(item.column.type) of \(item.expression.type)")
            }
        case .aggregate(let node):
            for item in node.groups where item.column.type != item.expression.type { problems.append("a group's type") }
            for item in node.aggregates where item.column.type != item.call.type {
                problems.append("an aggregate's type")
            }
            for set in node.groupingSets where !set.allSatisfy(node.groups.indices.contains) {
                problems.append("a grouping set")
            }
        case .setOperation(let node):
            let types = node.columns.map(\.type)
            if node.left.columns.map(\.type) != types || node.right.columns.map(\.type) != types {
                problems.append("sides of a set operation differ")
            }
        case .values(let columns, let rows):
            for row in rows where row.map(\.type) != columns.map(\.type) { problems.append("a row of VALUES") }
        case .filter(_, let condition): if condition.type != .boolean { problems.append("a filter that is no boolean") }
        default: break
        }
    }

    private static func title(_ plan: LogicalPlan) -> String {
        String(PlanPrinter.text(of: plan).prefix { $0 != "\n" })
    }
}
