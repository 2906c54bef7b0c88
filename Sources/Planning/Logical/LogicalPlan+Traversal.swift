package import Columns

extension LogicalPlan {
    /// Direct inputs; the plan of a `.shared` is none of them.
    package var inputs: [LogicalPlan] {
        switch self {
        case .scan, .values, .shared, .recursive, .working: []
        case .filter(let input, _), .project(let input, _), .window(let input, _), .sort(let input, _),
            .limit(let input, _, _), .distinctOn(let input, _):
            [input]
        case .aggregate(let node): [node.input]
        case .expand(let node): [node.input]
        case .join(let node): [node.left, node.right]
        case .setOperation(let node): [node.left, node.right]
        }
    }

    /// The node over other inputs.
    package func mapInputs<Failure: Error>(
        _ transform: (LogicalPlan) throws(Failure) -> LogicalPlan
    ) throws(Failure) -> LogicalPlan {
        switch self {
        case .scan, .values, .shared, .recursive, .working: return self
        case .expand(var node):
            node.input = try transform(node.input)
            return .expand(node)
        case .filter(let input, let condition): return .filter(try transform(input), condition)
        case .project(let input, let items): return .project(try transform(input), items)
        case .window(let input, let items): return .window(try transform(input), items)
        case .sort(let input, let keys): return .sort(try transform(input), keys)
        case .limit(let input, let limit, let offset): return .limit(try transform(input), limit: limit, offset: offset)
        case .distinctOn(let input, let keys): return .distinctOn(try transform(input), keys: keys)
        case .aggregate(var node):
            node.input = try transform(node.input)
            return .aggregate(node)
        case .join(var node):
            node.left = try transform(node.left)
            node.right = try transform(node.right)
            return .join(node)
        case .setOperation(var node):
            node.left = try transform(node.left)
            node.right = try transform(node.right)
            return .setOperation(node)
        }
    }

    /// The node with every expression of its own replaced; its inputs stay.
    package func mapOwnExpressions(_ transform: (BoundExpression) -> BoundExpression) -> LogicalPlan {
        func keys(_ keys: [PlanSortKey]) -> [PlanSortKey] {
            keys.map {
                PlanSortKey(expression: transform($0.expression), descending: $0.descending, nullsFirst: $0.nullsFirst)
            }
        }
        func call(_ call: AggregateCall) -> AggregateCall {
            var call = call
            call.arguments = call.arguments.map(transform)
            call.filter = call.filter.map(transform)
            call.orderBy = keys(call.orderBy)
            return call
        }
        switch self {
        case .setOperation, .limit, .shared, .recursive, .working: return self
        case .expand(var node):
            node.calls = node.calls.map {
                .init(name: $0.name, arguments: $0.arguments.map(transform), column: $0.column, position: $0.position)
            }
            return .expand(node)
        case .scan(var node):
            node.filters = node.filters.map(transform)
            return .scan(node)
        case .values(let columns, let rows): return .values(columns: columns, rows: rows.map { $0.map(transform) })
        case .filter(let input, let condition): return .filter(input, transform(condition))
        case .project(let input, let items):
            return .project(
                input, items.map { ProjectedColumn(column: $0.column, expression: transform($0.expression)) })
        case .window(let input, let items):
            return .window(
                input,
                items.map { item in
                    var item = item
                    item.call = call(item.call)
                    item.partitionBy = item.partitionBy.map(transform)
                    item.orderBy = keys(item.orderBy)
                    return item
                })
        case .sort(let input, let sortKeys): return .sort(input, keys(sortKeys))
        case .distinctOn(let input, let expressions): return .distinctOn(input, keys: expressions.map(transform))
        case .aggregate(var node):
            node.groups = node.groups.map { ProjectedColumn(column: $0.column, expression: transform($0.expression)) }
            node.aggregates = node.aggregates.map { .init(column: $0.column, call: call($0.call)) }
            return .aggregate(node)
        case .join(var node):
            node.keys = node.keys.map {
                .init(left: transform($0.left), right: transform($0.right), isNullSafe: $0.isNullSafe)
            }
            node.residual = node.residual.map(transform)
            return .join(node)
        }
    }

    /// The plan with every expression in it replaced.
    package func mapExpressions(_ transform: (BoundExpression) -> BoundExpression) -> LogicalPlan {
        if case .recursive(var node) = self, node.isDependent {
            node.base = node.base.mapExpressions(transform)
            node.step = node.step.mapExpressions(transform)
            return .recursive(node)
        }
        return mapInputs { $0.mapExpressions(transform) }.mapOwnExpressions(transform)
    }

    /// The node's own expressions, not those of its inputs.
    package var ownExpressions: [BoundExpression] {
        switch self {
        case .setOperation, .limit, .shared, .recursive, .working: return []
        case .expand(let node): return node.calls.flatMap(\.arguments)
        case .scan(let node): return node.filters
        case .values(_, let rows): return rows.flatMap { $0 }
        case .filter(_, let condition): return [condition]
        case .project(_, let items): return items.map(\.expression)
        case .window(_, let items):
            return items.flatMap { $0.call.inputs + $0.partitionBy + $0.orderBy.map(\.expression) }
        case .sort(_, let keys): return keys.map(\.expression)
        case .distinctOn(_, let keys): return keys
        case .aggregate(let node): return node.groups.map(\.expression) + node.aggregates.flatMap { $0.call.inputs }
        case .join(let node):
            return node.keys.flatMap { [$0.left, $0.right] } + (node.residual.map { [$0] } ?? [])
        }
    }

    /// Columns of enclosing queries that the plan reads, and what waits in it (`BoundExpression.subquery`,
    /// `JoinNode.isDependent`) takes from further out than the plan itself.
    package var outerColumnIDs: Set<ColumnID> {
        var ids: Set<ColumnID> = []
        collectOuterColumnIDs(into: &ids)
        return ids
    }

    private func collectOuterColumnIDs(into ids: inout Set<ColumnID>) {
        if case .recursive(let node) = self, node.isDependent {
            node.base.collectOuterColumnIDs(into: &ids)
            node.step.collectOuterColumnIDs(into: &ids)
        }
        if case .join(let node) = self, node.isDependent {
            node.left.collectOuterColumnIDs(into: &ids)
            ids.formUnion(node.right.outerColumnIDs.subtracting(node.left.columns.map(\.id)))
        } else {
            for input in inputs { input.collectOuterColumnIDs(into: &ids) }
        }
        for expression in ownExpressions {
            ids.formUnion(expression.outerColumnIDs)
            guard expression.hasSubquery else { continue }
            ids.formUnion(expression.columnIDs.subtracting(inputs.flatMap { $0.columns.map(\.id) }))
        }
    }

    /// Calls `visit` for the node and everything below, topmost first; definitions of `.shared` aside.
    package func forEachNode(_ visit: (LogicalPlan) -> Void) {
        visit(self)
        for input in inputs { input.forEachNode(visit) }
    }

    /// Identities the node itself brings forth.
    package var definedColumns: [PlanColumn] {
        switch self {
        case .filter, .sort, .limit, .distinctOn: return []
        case .join(let node):
            if case .mark(let column) = node.kind { return [column] }
            return []
        case .window(_, let items): return items.map(\.column)
        case .scan(let node): return node.columns.map(\.column) + (node.fold?.rowCount.map { [$0] } ?? [])
        case .expand(let node): return node.added
        case .values, .project, .aggregate, .setOperation, .recursive, .working, .shared: return columns
        }
    }

    /// The node with its own columns replaced; inputs and expressions stay.
    package func mapDefinedColumns(_ transform: (PlanColumn) -> PlanColumn) -> LogicalPlan {
        switch self {
        case .filter, .sort, .limit, .distinctOn: return self
        case .scan(var node):
            let old = node.columns
            node.columns = old.map { .init(column: transform($0.column), fieldIndex: $0.fieldIndex) }
            let ids = Dictionary(zip(old, node.columns).map { ($0.column.id, $1.column.id) }) { first, _ in first }
            node.filterOnly = Set(node.filterOnly.map { ids[$0] ?? $0 })
            if let fold = node.fold {
                node.fold = ScanFold(
                    keys: Set(fold.keys.map { ids[$0] ?? $0 }), sums: Set(fold.sums.map { ids[$0] ?? $0 }),
                    rowCount: fold.rowCount.map(transform))
            }
            return .scan(node)
        case .values(let columns, let rows): return .values(columns: columns.map(transform), rows: rows)
        case .project(let input, let items):
            return .project(
                input, items.map { ProjectedColumn(column: transform($0.column), expression: $0.expression) })
        case .aggregate(var node):
            node.groups = node.groups.map { ProjectedColumn(column: transform($0.column), expression: $0.expression) }
            node.aggregates = node.aggregates.map { .init(column: transform($0.column), call: $0.call) }
            node.groupingColumns = node.groupingColumns.map { .init(column: transform($0.column), groups: $0.groups) }
            return .aggregate(node)
        case .window(let input, let items):
            return .window(
                input,
                items.map {
                    var item = $0
                    item.column = transform(item.column)
                    return item
                })
        case .join(var node):
            if case .mark(let column) = node.kind { node.kind = .mark(transform(column)) }
            return .join(node)
        case .setOperation(var node):
            node.columns = node.columns.map(transform)
            return .setOperation(node)
        case .expand(var node):
            node.calls = node.calls.map {
                .init(name: $0.name, arguments: $0.arguments, column: transform($0.column), position: $0.position)
            }
            node.ordinality = node.ordinality.map(transform)
            return .expand(node)
        case .recursive(var node):
            node.columns = node.columns.map(transform)
            return .recursive(node)
        case .working(let id, let columns): return .working(id: id, columns: columns.map(transform))
        case .shared(let id, let plan, let columns): return .shared(id: id, plan: plan, columns: columns.map(transform))
        }
    }

    /// The plan with other column identities throughout, in expressions too.
    package func renamed(_ names: [ColumnID: ColumnID]) -> LogicalPlan {
        func rename(_ expression: BoundExpression) -> BoundExpression {
            switch expression {
            case .column(let id, let type): return .column(names[id] ?? id, type)
            case .outerColumn(let id, let type): return .outerColumn(names[id] ?? id, type)
            case .constant: return expression
            case .subquery(var subquery):
                subquery.plan = subquery.plan.renamed(names)
                return BoundExpression.subquery(subquery).mapOperands(rename)
            default: return expression.mapOperands(rename)
            }
        }
        var plan = self
        if case .recursive(var node) = self, node.isDependent {
            node.base = node.base.renamed(names)
            node.step = node.step.renamed(names)
            plan = .recursive(node)
        }
        return plan.mapInputs { $0.renamed(names) }.mapOwnExpressions(rename).mapDefinedColumns {
            var column = $0
            column.id = names[column.id] ?? column.id
            return column
        }
    }
}

/// Gives out column identities, unique in one statement.
package final class ColumnNumbering {
    private var next = 1

    package init() {}

    package func newID() -> ColumnID {
        defer { next += 1 }
        return ColumnID(next)
    }

    package func column(_ name: String, _ type: LogicalType) -> PlanColumn {
        PlanColumn(id: newID(), name: name, type: type)
    }

    /// The plan under identities of its own, and which became which.
    package func copy(_ plan: LogicalPlan) -> (plan: LogicalPlan, names: [ColumnID: ColumnID]) {
        var names: [ColumnID: ColumnID] = [:]
        name(plan, &names)
        return (plan.renamed(names), names)
    }

    /// Gives identities to what the plan brings forth, and to what subqueries that wait in it do.
    private func name(_ plan: LogicalPlan, _ names: inout [ColumnID: ColumnID]) {
        plan.forEachNode { node in
            for column in node.definedColumns where names[column.id] == nil { names[column.id] = newID() }
            for expression in node.ownExpressions where expression.hasSubquery {
                expression.forEach { if case .subquery(let subquery) = $0 { name(subquery.plan, &names) } }
            }
        }
    }
}

extension PlanColumn {
    package var reference: BoundExpression { .column(id, type) }
}
