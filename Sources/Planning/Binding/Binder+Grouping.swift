import Columns
import SQL

/// The aggregation of a SELECT: everything above it speaks of groups and aggregates only.
extension Binder {
    func aggregated(
        _ input: LogicalPlan, _ grouping: Grouping, _ parts: inout SelectParts, _ scope: Scope
    ) throws(PlanningError) -> LogicalPlan {
        var plan = input
        let block = scope.block
        var replacements = GroupReplacements(scope: scope)
        var groups: [ProjectedColumn] = []
        var usedIDs: Set<ColumnID> = []
        // With several grouping sets a group is NULL outside its set: never the same as the column below.
        let passesOn = grouping.sets.count == 1
        for expression in grouping.expressions {
            let value = try attach(expression, to: &plan)
            var column: PlanColumn
            if case .column(let id, let type) = value, passesOn, usedIDs.insert(id).inserted {
                column = PlanColumn(id: id, name: name(of: id, in: plan), type: type)
            } else if case .column(let id, let type) = value {
                column = numbering.column(name(of: id, in: plan), type)
            } else {
                column = numbering.column("group", value.type)
            }
            replacements.groups[expression.withoutPositions] = column
            groups.append(ProjectedColumn(column: column, expression: value))
        }
        var groupingColumns: [AggregateNode.GroupingColumn] = []
        for call in block.groupingCalls {
            var indexes: [Int] = []
            for argument in call.arguments {
                guard let index = grouping.expressions.firstIndex(where: { $0.withoutPositions == argument }) else {
                    throw PlanningError(
                        "arguments to GROUPING must be grouping expressions of the associated query level",
                        at: call.position)
                }
                indexes.append(index)
            }
            groupingColumns.append(.init(column: call.column, groups: indexes))
        }
        if let having = parts.having { parts.having = try replacements.apply(having) }
        for index in parts.items.indices {
            parts.items[index].expression = try replacements.apply(parts.items[index].expression)
        }
        for index in parts.orderBy.indices {
            parts.orderBy[index].key.expression = try replacements.apply(parts.orderBy[index].key.expression)
        }
        for index in parts.distinctOn.indices {
            parts.distinctOn[index] = try replacements.apply(parts.distinctOn[index])
        }
        for index in block.expansions.indices {
            for place in block.expansions[index].arguments.indices {
                block.expansions[index].arguments[place] = try replacements.apply(
                    block.expansions[index].arguments[place])
            }
        }
        for index in block.windows.indices {
            block.windows[index] = try mapped(block.windows[index]) { (expression) throws(PlanningError) in
                try replacements.apply(expression)
            }
        }
        var aggregates: [AggregateNode.AggregateColumn] = []
        for aggregate in block.aggregates {
            let call = try mapped(aggregate.call) { (expression) throws(PlanningError) in
                try attach(expression, to: &plan)
            }
            aggregates.append(.init(column: aggregate.column, call: call))
        }
        let node = AggregateNode(
            input: plan, groups: groups, groupingSets: grouping.sets, aggregates: aggregates,
            groupingColumns: groupingColumns)
        guard let having = parts.having else { return .aggregate(node) }
        return try filtered(.aggregate(node), by: having)
    }

    private func name(of id: ColumnID, in plan: LogicalPlan) -> String {
        plan.columns.first { $0.id == id }?.name ?? "group"
    }

    /// A call with its expressions replaced.
    func mapped(
        _ call: AggregateCall, _ transform: (BoundExpression) throws(PlanningError) -> BoundExpression
    ) throws(PlanningError) -> AggregateCall {
        var call = call
        for index in call.arguments.indices { call.arguments[index] = try transform(call.arguments[index]) }
        if let filter = call.filter { call.filter = try transform(filter) }
        for index in call.orderBy.indices {
            call.orderBy[index].expression = try transform(call.orderBy[index].expression)
        }
        return call
    }

    func mapped(
        _ window: WindowColumn, _ transform: (BoundExpression) throws(PlanningError) -> BoundExpression
    ) throws(PlanningError) -> WindowColumn {
        var window = window
        window.call = try mapped(window.call, transform)
        for index in window.partitionBy.indices { window.partitionBy[index] = try transform(window.partitionBy[index]) }
        for index in window.orderBy.indices {
            window.orderBy[index].expression = try transform(window.orderBy[index].expression)
        }
        return window
    }

    /// A window call whose subqueries have become joins below.
    func attachAll(_ window: WindowColumn, to plan: inout LogicalPlan) throws(PlanningError) -> WindowColumn {
        try mapped(window) { (expression) throws(PlanningError) in try attach(expression, to: &plan) }
    }
}

/// Replaces grouped expressions by group columns and finds columns that are not grouped.
struct GroupReplacements {
    let scope: Scope
    private let inputIDs: Set<ColumnID>
    var groups: [BoundExpression: PlanColumn] = [:]

    init(scope: Scope) {
        self.scope = scope
        self.inputIDs = scope.columnIDs
    }

    func apply(_ expression: BoundExpression) throws(PlanningError) -> BoundExpression {
        if let column = groups[expression.withoutPositions] { return column.reference }
        switch expression {
        case .column(let id, _):
            if inputIDs.contains(id) {
                throw ungrouped(
                    id, "column \"%\" must appear in the GROUP BY clause or be used in an aggregate function")
            }
            if let call = scope.block.groupedExpansions.first(where: { $0.column.id == id }) {
                throw .unsupported(
                    "a set-returning function alone where GROUP BY has it as a part of an expression", at: call.position)
            }
            return expression
        case .subquery(var subquery):
            var outer: [ColumnID: BoundExpression] = [:]
            for id in subquery.plan.outerColumnIDs.sorted() where inputIDs.contains(id) {
                guard let column = groups.first(where: { $0.key.isColumn(id) })?.value else {
                    throw ungrouped(
                        id, "subquery uses ungrouped column \"%\" from outer query", scope.block.innerReferences)
                }
                outer[id] = .outerColumn(column.id, column.type)
            }
            subquery.plan = subquery.plan.mapExpressions { $0.replacingOuter(outer) }
            return try BoundExpression.subquery(subquery).mapOperands { (operand) throws(PlanningError) in
                try apply(operand)
            }
        default:
            return try expression.mapOperands { (operand) throws(PlanningError) in try apply(operand) }
        }
    }

    private func ungrouped(
        _ id: ColumnID, _ message: String, _ references: [SelectBlock.Reference]? = nil
    ) -> PlanningError {
        let reference = (references ?? scope.block.references).first { $0.id == id }
        var name = reference?.displayName
        if name == nil {
            let relation = scope.relations.first { $0.columns.contains { $0.id == id } }
            let column = relation?.columns.first { $0.id == id }?.name ?? "?"
            name = relation.map { $0.alias.isEmpty ? column : "\($0.alias).\(column)" }
        }
        let parts = message.split(separator: "%", maxSplits: 1)
        let text = "\(parts[0])\(name ?? "?")\(parts[1])"
        return PlanningError(text, at: reference?.position ?? -1)
    }
}

extension BoundExpression {
    func isColumn(_ id: ColumnID) -> Bool {
        if case .column(let own, _) = self { return own == id }
        return false
    }
}
