import Columns
import SQL

/// A plan that depends on outer columns made into one that does not: it puts out its rows for every combination of the
/// outer values, and these values beside them.
///
/// This works for every operator, after Neumann and Kemper, "Unnesting arbitrary queries" (BTW 2015), section 3; it reads the
/// outer query's rows once more, so `CorrelationPullUp` comes here only where nothing simpler fits.
struct DomainTagging {
    let binder: Binder
    let position: Int
    /// Rows of the distinct outer values, under columns of their own at each call.
    let domain: () throws(PlanningError) -> (plan: LogicalPlan, columns: [ColumnID: PlanColumn])
    let refused: (String) -> PlanningError
    /// Inside the step of a recursive query: its rows of the step before, which bring their outer values along.
    var working: (id: Int, newID: Int, types: [ColumnID: LogicalType])?

    private var numbering: ColumnNumbering { binder.numbering }

    struct Tagged {
        /// Puts out the columns it did, and those of the outer values.
        var plan: LogicalPlan
        var tags: [ColumnID: PlanColumn]

        var references: [ColumnID: BoundExpression] { tags.mapValues(\.reference) }
        /// The tags in an order that depends on nothing but the query.
        var columns: [PlanColumn] { tags.sorted { $0.key < $1.key }.map(\.value) }
    }

    func tagged(_ plan: LogicalPlan) throws(PlanningError) -> Tagged {
        if !depends(plan) {
            let (rows, columns) = try domain()
            return Tagged(plan: JoinCondition.join(.cross, plan, rows, on: []), tags: columns)
        }
        switch plan {
        case .working(_, let columns):
            guard let working else { throw refused("a common table") }
            let tags = working.types.sorted { $0.key < $1.key }.map { ($0.key, numbering.column("outer", $0.value)) }
            return Tagged(
                plan: .working(id: working.newID, columns: columns + tags.map(\.1)),
                tags: Dictionary(tags) { first, _ in first })
        case .recursive(let node): return try taggedRecursion(node)
        case .scan, .shared: throw refused("a common table")
        case .values(let columns, let rows): return try taggedValues(columns, rows)
        case .filter(let input, _):
            let below = try tagged(input)
            return over(below, rewritten(plan, below))
        case .sort(let input, _):
            let below = try tagged(input)
            return over(below, rewritten(plan, below))
        case .project(let input, _):
            let below = try tagged(input)
            guard case .project(_, var items) = rewritten(plan, below) else { throw refused("a projection") }
            let own = below.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
            var rows = below.plan
            for index in items.indices {
                // A subquery that waited has the rows it depends on now.
                items[index].expression = try binder.attach(items[index].expression, to: &rows)
            }
            return over(below, .project(rows, items + own))
        case .expand(let node):
            let below = try tagged(node.input)
            guard case .expand(var moved) = rewritten(plan, below) else { throw refused("a set-returning function") }
            moved.input = below.plan
            return over(below, .expand(moved))
        case .distinctOn(let input, _):
            let below = try tagged(input)
            guard case .distinctOn(_, let keys) = rewritten(plan, below) else { throw refused("DISTINCT ON") }
            return over(below, .distinctOn(below.plan, keys: below.columns.map(\.reference) + keys))
        case .window(let input, _):
            let below = try tagged(input)
            guard case .window(_, var items) = rewritten(plan, below) else { throw refused("a window function") }
            for index in items.indices { items[index].partitionBy += below.columns.map(\.reference) }
            return over(below, .window(below.plan, items))
        case .limit(let input, let limit, let offset): return try taggedLimit(input, limit, offset)
        case .aggregate(let node): return try taggedAggregate(node)
        case .join(let node): return try taggedJoin(node)
        case .setOperation(let node): return try taggedSets(node)
        }
    }

    private func depends(_ plan: LogicalPlan) -> Bool {
        !plan.outerColumnIDs.isEmpty || working.map { plan.reads(working: $0.id) } == true
    }

    /// The rows of a recursive query for each combination: all of them take their steps together.
    private func taggedRecursion(_ node: RecursiveNode) throws(PlanningError) -> Tagged {
        if working != nil { throw refused("a recursive query within another") }
        let base = try tagged(node.base)
        var step = self
        step.working = (node.id, binder.newShareID(.always), base.tags.mapValues(\.type))
        let next = try step.tagged(node.step)
        func rows(_ part: LogicalPlan, _ tagged: Tagged) -> LogicalPlan {
            let columns = part.columns + tagged.columns
            return numbering.copy(
                .project(tagged.plan, columns.map { ProjectedColumn(column: $0, expression: $0.reference) })
            ).plan
        }
        let tags = base.tags.mapValues { numbering.column($0.name, $0.type) }
        let result = Tagged(plan: .recursive(node), tags: tags)
        let whole = RecursiveNode(
            id: step.working?.newID ?? node.id, name: node.name, base: rows(node.base, base), step: rows(node.step, next),
            isAll: node.isAll, columns: node.columns + result.columns, position: node.position)
        return over(result, .recursive(binder.closed(whole)))
    }

    /// The node with its input tagged and outer columns read from the tags.
    private func rewritten(_ plan: LogicalPlan, _ below: Tagged) -> LogicalPlan {
        plan.mapInputs { _ in below.plan }.mapOwnExpressions { $0.replacingOuter(below.references) }
    }

    private func over(_ below: Tagged, _ plan: LogicalPlan) -> Tagged { Tagged(plan: plan, tags: below.tags) }

    private func taggedValues(
        _ columns: [PlanColumn], _ rows: [[BoundExpression]]
    ) throws(PlanningError) -> Tagged {
        var parts: [Tagged] = []
        for row in rows {
            let (plan, tags) = try domain()
            let source = Tagged(plan: plan, tags: tags)
            // A single row keeps the identities; of several they are the union's.
            let own = rows.count == 1 ? columns : columns.map { numbering.column($0.name, $0.type) }
            let items = zip(own, row).map {
                ProjectedColumn(column: $0, expression: $1.replacingOuter(source.references))
            }
            let passed = source.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
            parts.append(over(source, .project(plan, items + passed)))
        }
        guard var result = parts.first else { throw refused("VALUES without rows") }
        for (index, part) in parts.dropFirst().enumerated() {
            let own = index == parts.count - 2 ? columns : columns.map { numbering.column($0.name, $0.type) }
            result = united(result, part, kind: .union, isAll: true, columns: own)
        }
        return result
    }

    /// A set operation of two tagged plans whose own columns come first.
    private func united(
        _ left: Tagged, _ right: Tagged, kind: SetOperationNode.Kind, isAll: Bool, columns: [PlanColumn]
    ) -> Tagged {
        let tags = left.tags.mapValues { numbering.column($0.name, $0.type) }
        let result = Tagged(plan: left.plan, tags: tags)
        return over(
            result,
            .setOperation(
                SetOperationNode(
                    kind: kind, isAll: isAll, left: left.plan, right: right.plan, columns: columns + result.columns)))
    }

    private func taggedSets(_ node: SetOperationNode) throws(PlanningError) -> Tagged {
        func side(_ plan: LogicalPlan) throws(PlanningError) -> Tagged {
            let below = try tagged(plan)
            let items = plan.columns + below.columns
            return over(
                below, .project(below.plan, items.map { ProjectedColumn(column: $0, expression: $0.reference) }))
        }
        return united(
            try side(node.left), try side(node.right), kind: node.kind, isAll: node.isAll, columns: node.columns)
    }

    /// LIMIT for each combination: rows are numbered in the order below.
    private func taggedLimit(_ input: LogicalPlan, _ limit: Int?, _ offset: Int) throws(PlanningError) -> Tagged {
        let below = try tagged(input)
        var order: [PlanSortKey] = []
        var rows = below.plan
        if case .sort(let unsorted, let keys) = below.plan { (rows, order) = (unsorted, keys) }
        let number = numbering.column("row_number", .bigint)
        let call = AggregateCall(name: "row_number", arguments: [], type: .bigint)
        let numbered = LogicalPlan.window(
            rows,
            [
                WindowColumn(
                    column: number, call: call, partitionBy: below.columns.map(\.reference), orderBy: order,
                    frame: WindowFrame())
            ])
        func bound(_ comparison: ComparisonOperator, _ value: Int) -> BoundExpression {
            .comparison(comparison, number.reference, .constant(.integer(Int64(value)), .bigint))
        }
        var parts = [bound(.greater, offset)]
        if let limit {
            let (last, overflow) = offset.addingReportingOverflow(limit)
            if !overflow { parts.append(bound(.lessOrEqual, last)) }
        }
        return over(below, .filter(numbered, .and(parts)))
    }

    private func taggedAggregate(_ node: AggregateNode) throws(PlanningError) -> Tagged {
        let below = try tagged(node.input)
        guard case .aggregate(var grouped) = rewritten(.aggregate(node), below) else { throw refused("an aggregate") }
        let count = grouped.groups.count
        grouped.groups += below.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
        let added = Array(count..<grouped.groups.count)
        grouped.groupingSets = grouped.groupingSets.map { $0 + added }
        let empty = node.groupingSets.filter(\.isEmpty).count
        if empty == 0 { return over(below, .aggregate(grouped)) }
        guard empty == 1 else { throw refused("several empty grouping sets") }
        // Without a row below there is a row all the same, of the empty grouping set.
        var items: [ProjectedColumn] = []
        func passed(_ column: PlanColumn, otherwise: Int64?) -> PlanColumn {
            guard let otherwise else {
                items.append(ProjectedColumn(column: column, expression: column.reference))
                return column
            }
            let inner = numbering.column(column.name, column.type)
            let value = BoundExpression.constant(.integer(otherwise), column.type)
            items.append(
                ProjectedColumn(column: column, expression: .coalesce([inner.reference, value], column.type)))
            return inner
        }
        for index in 0..<count { _ = passed(grouped.groups[index].column, otherwise: nil) }
        for index in grouped.aggregates.indices {
            let aggregate = grouped.aggregates[index]
            grouped.aggregates[index].column = passed(
                aggregate.column, otherwise: AggregateSignatures.countsRows(aggregate.call.name) ? 0 : nil)
        }
        for index in grouped.groupingColumns.indices {
            let call = grouped.groupingColumns[index]
            grouped.groupingColumns[index].column = passed(call.column, otherwise: (1 << Int64(call.groups.count)) - 1)
        }
        let (rows, columns) = try domain()
        let all = Tagged(plan: rows, tags: columns)
        let joined = JoinCondition.join(.left, rows, .aggregate(grouped), on: equalities(all, below))
        items += all.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
        return over(all, .project(joined, items))
    }

    private func equalities(_ left: Tagged, _ right: Tagged) -> [BoundExpression] {
        zip(left.columns, right.columns).map { .distinct($0.reference, $1.reference, negated: true) }
    }

    private func taggedJoin(_ node: JoinNode) throws(PlanningError) -> Tagged {
        if node.isDependent { return try taggedLateral(node) }
        let dependsLeft = depends(node.left)
        let dependsRight = depends(node.right)
        switch node.kind {
        case .inner, .cross:
            if !dependsRight { return joined(node, try tagged(node.left), nil) }
            if !dependsLeft {
                let right = try tagged(node.right)
                return Tagged(plan: plain(node, node.left, right.plan, right, []), tags: right.tags)
            }
            return joined(node, try tagged(node.left), try tagged(node.right))
        case .left, .semi, .anti, .single:
            return joined(node, try tagged(node.left), dependsRight ? try tagged(node.right) : nil)
        case .mark:
            // The NULLs of IN are known to a join by its one key only.
            if dependsRight || node.residual?.hasOuterColumns == true { throw refused("a nested subquery") }
            let left = try tagged(node.left)
            var node = node
            node.left = left.plan
            guard
                case .join(let moved) = LogicalPlan.join(node).mapOwnExpressions({ $0.replacingOuter(left.references) })
            else { throw refused("a nested subquery") }
            return Tagged(plan: .join(moved), tags: left.tags)
        case .right:
            let right = try tagged(node.right)
            guard dependsLeft else {
                return Tagged(plan: plain(node, node.left, right.plan, right, []), tags: right.tags)
            }
            let left = try tagged(node.left)
            return Tagged(plan: plain(node, left.plan, right.plan, right, equalities(left, right)), tags: right.tags)
        case .full:
            let left = try tagged(node.left)
            let right = try tagged(node.right)
            let both = plain(node, left.plan, right.plan, left, equalities(left, right))
            var tags: [ColumnID: PlanColumn] = [:]
            var items = (node.left.columns + node.right.columns).map {
                ProjectedColumn(column: $0, expression: $0.reference)
            }
            for (id, own) in left.tags.sorted(by: { $0.key < $1.key }) {
                guard let other = right.tags[id] else { continue }
                let column = numbering.column(own.name, own.type)
                tags[id] = column
                items.append(
                    ProjectedColumn(column: column, expression: .coalesce([own.reference, other.reference], own.type)))
            }
            return Tagged(plan: .project(both, items), tags: tags)
        }
    }

    /// A lateral item that waited: the rows it depends on are at hand once the left side's are.
    private func taggedLateral(_ node: JoinNode) throws(PlanningError) -> Tagged {
        let left = try tagged(node.left)
        let outer = left.references.mapValues { $0.asOuter() }
        let item = node.right.mapExpressions { $0.replacingOuter(outer) }
        let conditions = node.conditions.map { $0.replacingOuter(left.references) }
        let plan = try binder.applyLateral(
            item, to: left.plan, isLeft: node.kind == .left, on: conditions, at: position)
        return Tagged(plan: plan, tags: left.tags)
    }

    /// The join with its left side tagged, and its right one if that depends on outer columns, too.
    private func joined(_ node: JoinNode, _ left: Tagged, _ right: Tagged?) -> Tagged {
        let more = right.map { equalities(left, $0) } ?? []
        return Tagged(plan: plain(node, left.plan, right?.plan ?? node.right, left, more), tags: left.tags)
    }

    private func plain(
        _ node: JoinNode, _ left: LogicalPlan, _ right: LogicalPlan, _ tags: Tagged, _ more: [BoundExpression]
    ) -> LogicalPlan {
        JoinCondition.join(
            node.kind, left, right, on: node.conditions.map { $0.replacingOuter(tags.references) } + more)
    }
}
