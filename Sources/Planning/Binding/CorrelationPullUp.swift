import Columns

/// A subquery's plan freed of outer columns, and what the join with the outer query must add.
struct FreedPlan {
    var plan: LogicalPlan
    /// Conditions over `plan`'s columns and outer columns.
    var conditions: [BoundExpression] = []
    /// Output columns that can only be computed after the join.
    var replacements: [ColumnID: BoundExpression] = [:]
    /// An aggregation without GROUP BY made into one by correlation keys: where it has no row, the outer row gets
    /// `replacements` over NULLs.
    var isScalarAggregate = false
}

/// Moves references to the outer query up through a subquery's plan, until they stand in conditions of a join.
///
/// What cannot be moved is computed for each distinct combination of the outer values (`domain`), after Neumann and
/// Kemper, "Unnesting arbitrary queries" (BTW 2015), in its simplest form.
struct CorrelationPullUp {
    let binder: Binder
    let position: Int
    /// Rows of the distinct values of some outer columns: their plan, and the expression of each column there; nil where
    /// the outer query's rows are not at hand.
    let domain: (Set<ColumnID>) -> (plan: LogicalPlan, columns: [ColumnID: PlanColumn])?

    private var numbering: ColumnNumbering { binder.numbering }

    func free(_ plan: LogicalPlan) throws(PlanningError) -> FreedPlan {
        if plan.outerColumnIDs.isEmpty { return FreedPlan(plan: plan) }
        do {
            return try freeByKind(plan)
        } catch {
            guard let freed = try? freeByTagging(plan) else { throw error }
            return freed
        }
    }

    /// The plan's rows for each combination of the outer values it depends on.
    private func freeByTagging(_ plan: LogicalPlan) throws(PlanningError) -> FreedPlan {
        let needed = plan.outerColumnIDs
        let tagging = DomainTagging(
            binder: binder, position: position,
            domain: { () throws(PlanningError) in
                guard let rows = self.domain(needed) else { throw self.refused("an outer column") }
                return rows
            }, refused: refused)
        let tagged = try tagging.tagged(plan)
        return FreedPlan(plan: tagged.plan, conditions: outerEqualities(tagged.tags))
    }

    private func freeByKind(_ plan: LogicalPlan) throws(PlanningError) -> FreedPlan {
        switch plan {
        case .values(let columns, let rows) where rows.count == 1:
            // One row is what a projection computes.
            let items = zip(columns, rows[0]).map { ProjectedColumn(column: $0, expression: $1) }
            return try freeProject(.values(columns: [], rows: [[]]), items)
        case .scan, .values, .shared, .recursive, .working: throw refused("an outer column in VALUES")
        case .expand(let node): return try freeExpand(node)
        case .filter(let input, let condition): return try freeFilter(input, condition)
        case .project(let input, let items): return try freeProject(input, items)
        case .aggregate(let node): return try freeAggregate(node)
        case .join(let node): return try freeJoin(node)
        case .sort(let input, let keys):
            var freed = try free(input)
            let moved = keys.map {
                PlanSortKey(
                    expression: $0.expression.replacing(freed.replacements), descending: $0.descending,
                    nullsFirst: $0.nullsFirst)
            }
            // The order of a subquery only matters to a LIMIT right above, which asks for the keys itself.
            if moved.allSatisfy({ !$0.expression.hasOuterColumns }) { freed.plan = .sort(freed.plan, moved) }
            return freed
        case .limit(let input, let limit, let offset): return try freeLimit(input, limit, offset)
        case .window(let input, let items): return try freeWindow(input, items)
        case .distinctOn(let input, let keys):
            var freed = try free(input)
            let added = try equalityKeys(freed, "DISTINCT ON")
            guard freed.replacements.isEmpty, keys.allSatisfy({ !$0.hasOuterColumns }) else {
                throw refused("DISTINCT ON")
            }
            freed.plan = .distinctOn(freed.plan, keys: added + keys)
            return freed
        case .setOperation: throw refused("a set operation")
        }
    }

    private func refused(_ what: String) -> PlanningError {
        .unsupported(
            "\(what) in a subquery that depends on the outer query", at: position, hint: "write it as a join")
    }

    private func freeFilter(_ input: LogicalPlan, _ condition: BoundExpression) throws(PlanningError) -> FreedPlan {
        var freed = try free(input)
        var kept: [BoundExpression] = []
        for part in condition.conjuncts {
            if freed.isScalarAggregate, !part.columnIDs.isEmpty { throw refused("HAVING") }
            let moved = part.replacing(freed.replacements)
            if moved.hasOuterColumns { freed.conditions.append(moved) } else { kept.append(moved) }
        }
        if let rest = BoundExpression.conjunction(kept) { freed.plan = .filter(freed.plan, rest) }
        return freed
    }

    /// Columns of the plan that conditions and replacements above it read.
    private func neededColumns(_ freed: FreedPlan) -> Set<ColumnID> {
        var ids: Set<ColumnID> = []
        for condition in freed.conditions { condition.collectColumnIDs(into: &ids) }
        for replacement in freed.replacements.values { replacement.collectColumnIDs(into: &ids) }
        return ids
    }

    private func freeProject(_ input: LogicalPlan, _ items: [ProjectedColumn]) throws(PlanningError) -> FreedPlan {
        if items.contains(where: \.expression.hasSubquery) { throw refused("a nested subquery") }
        var freed = try free(input)
        let below = freed.replacements
        freed.replacements = [:]
        var kept: [ProjectedColumn] = []
        for item in items {
            let expression = item.expression.replacing(below)
            // Above a scalar aggregate every value must be computed after the join, where its row may be missing.
            if expression.hasOuterColumns || freed.isScalarAggregate {
                freed.replacements[item.column.id] = expression
            } else {
                kept.append(ProjectedColumn(column: item.column, expression: expression))
            }
        }
        let present = Set(kept.map(\.column.id))
        let needed = neededColumns(freed)
        for column in freed.plan.columns where needed.contains(column.id) && !present.contains(column.id) {
            kept.append(ProjectedColumn(column: column, expression: column.reference))
        }
        freed.plan = .project(freed.plan, kept)
        return freed
    }

    /// The inner sides of conditions that all equate an inner expression with an outer one.
    private func equalityKeys(_ freed: FreedPlan, _ what: String) throws(PlanningError) -> [BoundExpression] {
        var keys: [BoundExpression] = []
        for condition in freed.conditions {
            guard let inner = innerSide(condition) else { throw refused(what) }
            keys.append(inner)
        }
        return keys
    }

    private func innerSide(_ condition: BoundExpression) -> BoundExpression? {
        let sides: (BoundExpression, BoundExpression)
        switch condition {
        case .comparison(.equal, let a, let b), .distinct(let a, let b, negated: true): sides = (a, b)
        default: return nil
        }
        if !sides.0.hasOuterColumns, !sides.0.columnIDs.isEmpty, sides.1.columnIDs.isEmpty { return sides.0 }
        if !sides.1.hasOuterColumns, !sides.1.columnIDs.isEmpty, sides.0.columnIDs.isEmpty { return sides.1 }
        return nil
    }

    private func freeAggregate(_ node: AggregateNode) throws(PlanningError) -> FreedPlan {
        var freed = try free(node.input)
        var node = node
        let isScalar = node.groups.isEmpty && node.groupingSets == [[]]
        if !isScalar, node.groupingSets.contains([]) { throw refused("grouping sets") }
        if freed.isScalarAggregate { throw refused("an aggregate of an aggregate") }
        let below = freed.replacements
        if !below.isEmpty {
            guard case .aggregate(let mapped) = LogicalPlan.aggregate(node).mapOwnExpressions({ $0.replacing(below) })
            else {
                throw refused("an aggregate")
            }
            node = mapped
        }
        let own = LogicalPlan.aggregate(node).ownExpressions
        let isPlain = own.allSatisfy { !$0.hasOuterColumns } && freed.conditions.allSatisfy { innerSide($0) != nil }
        if !isPlain { try tagWithDomain(&freed, &node) }
        freed.replacements = [:]
        node.input = freed.plan
        let conditions = freed.conditions
        freed.conditions = []
        let count = node.groups.count
        for condition in conditions {
            guard let inner = innerSide(condition) else { throw refused("an aggregate") }
            let column: PlanColumn
            if let known = node.groups.first(where: { $0.expression == inner }) {
                column = known.column
            } else {
                column = numbering.column("key", inner.type)
                node.groups.append(ProjectedColumn(column: column, expression: inner))
            }
            freed.conditions.append(replace(inner, by: column.reference, in: condition))
        }
        let added = Array(count..<node.groups.count)
        node.groupingSets = node.groupingSets.map { $0 + added }
        freed.plan = .aggregate(node)
        if isScalar {
            freed.isScalarAggregate = true
            for aggregate in node.aggregates {
                let value = aggregate.column.reference
                let isCount = AggregateSignatures.countsRows(aggregate.call.name)
                let zero = BoundExpression.constant(.integer(0), .bigint)
                freed.replacements[aggregate.column.id] = isCount ? .coalesce([value, zero], .bigint) : value
            }
        }
        return freed
    }

    private func replace(
        _ part: BoundExpression, by column: BoundExpression, in condition: BoundExpression
    ) -> BoundExpression {
        switch condition {
        case .comparison(let comparison, let a, let b):
            return .comparison(comparison, a == part ? column : a, b == part ? column : b)
        case .distinct(let a, let b, let negated):
            return .distinct(a == part ? column : a, b == part ? column : b, negated: negated)
        default: return condition
        }
    }

    /// Joins the input of an aggregation with the outer values it depends on.
    private func tagWithDomain(_ freed: inout FreedPlan, _ node: inout AggregateNode) throws(PlanningError) {
        var needed: Set<ColumnID> = []
        for condition in freed.conditions { needed.formUnion(condition.outerColumnIDs) }
        for expression in LogicalPlan.aggregate(node).ownExpressions { needed.formUnion(expression.outerColumnIDs) }
        guard let (domainPlan, columns) = domain(needed) else { throw refused("an aggregate") }
        let inside = columns.mapValues { $0.reference }
        let conditions = freed.conditions.map { $0.replacingOuter(inside) }
        freed.plan = JoinCondition.join(.cross, freed.plan, domainPlan, on: conditions)
        guard case .aggregate(let mapped) = LogicalPlan.aggregate(node).mapOwnExpressions({ $0.replacingOuter(inside) })
        else { return }
        node = mapped
        freed.conditions = outerEqualities(columns)
    }

    private func outerEqualities(_ columns: [ColumnID: PlanColumn]) -> [BoundExpression] {
        columns.sorted { $0.key < $1.key }.map {
            .distinct($0.value.reference, .outerColumn($0.key, $0.value.type), negated: true)
        }
    }

    private func freeJoin(_ node: JoinNode) throws(PlanningError) -> FreedPlan {
        if node.isDependent { throw refused("a lateral item") }
        var node = node
        let left = try free(node.left)
        let right = try free(node.right)
        if left.isScalarAggregate || right.isScalarAggregate { throw refused("a join with an aggregate") }
        let replacements = left.replacements.merging(right.replacements) { first, _ in first }
        let conditions = node.conditions.map { $0.replacing(replacements) }
        node.left = left.plan
        node.right = right.plan
        node.keys = []
        node.residual = nil
        var freed = FreedPlan(plan: left.plan, conditions: left.conditions)
        switch node.kind {
        case .inner, .cross:
            JoinCondition.add(conditions.filter { !$0.hasOuterColumns }, to: &node)
            freed.conditions += right.conditions + conditions.filter(\.hasOuterColumns)
            freed.replacements = replacements
        case .left, .single, .semi, .anti, .mark:
            let hidesRight: Bool
            switch node.kind {
            case .semi, .anti, .mark: hidesRight = true
            default: hidesRight = false
            }
            if !hidesRight, !right.replacements.isEmpty { throw refused("an outer join") }
            freed.replacements = left.replacements
            var all = conditions + right.conditions
            var outer = all.reduce(into: Set<ColumnID>()) { $0.formUnion($1.outerColumnIDs) }
            if !outer.isEmpty {
                // Conditions the left side already meets keep the pairs few.
                for condition in freed.conditions { outer.formUnion(condition.outerColumnIDs) }
                guard let (domainPlan, columns) = domain(outer) else { throw refused("a nested subquery") }
                let inside = columns.mapValues { $0.reference }
                all = all.map { $0.replacingOuter(inside) }
                node.left = JoinCondition.join(
                    .cross, node.left, domainPlan, on: freed.conditions.map { $0.replacingOuter(inside) })
                freed.conditions = outerEqualities(columns)
            }
            JoinCondition.add(all, to: &node)
        case .right, .full: throw refused("a right or full join")
        }
        freed.plan = .join(node)
        return freed
    }

    /// LIMIT for each outer row: rows are numbered by key.
    private func freeLimit(_ input: LogicalPlan, _ limit: Int?, _ offset: Int) throws(PlanningError) -> FreedPlan {
        var order: [PlanSortKey] = []
        if case .sort(_, let keys) = input { order = keys }
        var freed = try free(input)
        // One row at most: nothing to cut.
        if freed.isScalarAggregate, offset == 0, (limit ?? 1) >= 1 { return freed }
        order = order.map {
            PlanSortKey(
                expression: $0.expression.replacing(freed.replacements), descending: $0.descending,
                nullsFirst: $0.nullsFirst)
        }
        guard !freed.isScalarAggregate else { throw refused("LIMIT") }
        if case .sort(let below, _) = freed.plan { freed.plan = below }
        let isPlain =
            order.allSatisfy { !$0.expression.hasOuterColumns } && freed.conditions.allSatisfy { innerSide($0) != nil }
        if !isPlain {
            let inside = try tagWithDomain(&freed, reading: order.map(\.expression), "LIMIT")
            for index in order.indices { order[index].expression = order[index].expression.replacingOuter(inside) }
        }
        let keys = try equalityKeys(freed, "LIMIT")
        let number = numbering.column("row_number", .bigint)
        let call = AggregateCall(name: "row_number", arguments: [], type: .bigint, position: position)
        freed.plan = .window(
            freed.plan,
            [WindowColumn(column: number, call: call, partitionBy: keys, orderBy: order, frame: WindowFrame())])
        func bound(_ comparison: ComparisonOperator, _ value: Int) -> BoundExpression {
            .comparison(comparison, number.reference, .constant(.integer(Int64(value)), .bigint))
        }
        var parts: [BoundExpression] = []
        if offset > 0 { parts.append(bound(.greater, offset)) }
        if let limit {
            let (last, overflow) = offset.addingReportingOverflow(limit)
            if !overflow { parts.append(bound(.lessOrEqual, last)) }
        }
        if let condition = BoundExpression.conjunction(parts) { freed.plan = .filter(freed.plan, condition) }
        return freed
    }

    /// Joins the plan with the outer values that it and some expressions depend on.
    ///
    /// - Returns: What stands for each outer column then.
    private func tagWithDomain(
        _ freed: inout FreedPlan, reading expressions: [BoundExpression], _ what: String
    ) throws(PlanningError) -> [ColumnID: BoundExpression] {
        var needed: Set<ColumnID> = []
        for condition in freed.conditions + expressions { needed.formUnion(condition.outerColumnIDs) }
        guard let (domainPlan, columns) = domain(needed) else { throw refused(what) }
        let inside = columns.mapValues { $0.reference }
        freed.plan = JoinCondition.join(
            .cross, freed.plan, domainPlan, on: freed.conditions.map { $0.replacingOuter(inside) })
        freed.conditions = outerEqualities(columns)
        return inside
    }

    private func freeExpand(_ node: ExpandNode) throws(PlanningError) -> FreedPlan {
        var node = node
        var freed = try free(node.input)
        if freed.isScalarAggregate { throw refused("a set-returning function") }
        var arguments = node.calls.flatMap(\.arguments).map { $0.replacing(freed.replacements) }
        if arguments.contains(where: \.hasOuterColumns) {
            let inside = try tagWithDomain(&freed, reading: arguments, "a set-returning function")
            arguments = arguments.map { $0.replacingOuter(inside) }
        }
        for index in node.calls.indices {
            let count = node.calls[index].arguments.count
            node.calls[index].arguments = Array(arguments.prefix(count))
            arguments.removeFirst(count)
        }
        node.input = freed.plan
        freed.plan = .expand(node)
        return freed
    }

    private func freeWindow(_ input: LogicalPlan, _ items: [WindowColumn]) throws(PlanningError) -> FreedPlan {
        var freed = try free(input)
        let keys = try equalityKeys(freed, "a window function")
        guard !freed.isScalarAggregate,
            case .window(_, let mapped) = LogicalPlan.window(input, items).mapOwnExpressions({
                $0.replacing(freed.replacements)
            }),
            LogicalPlan.window(.values(columns: [], rows: []), mapped).ownExpressions.allSatisfy({ !$0.hasOuterColumns }
            )
        else { throw refused("a window function") }
        freed.plan = .window(
            freed.plan,
            mapped.map {
                var item = $0
                item.partitionBy = keys + item.partitionBy
                return item
            })
        return freed
    }
}
