import Columns
import SQL

/// Subqueries in expressions become joins with the plan below the expression.
extension Binder {
    /// The plan filtered; EXISTS and IN among the conjuncts become semi and anti joins.
    func filtered(_ input: LogicalPlan, by condition: BoundExpression) throws(PlanningError) -> LogicalPlan {
        var plan = input
        let parts = condition.conjuncts.flatMap { BooleanForm.filterParts($0) }
        if let plain = BoundExpression.conjunction(parts.filter { !$0.hasSubquery }) { plan = .filter(plan, plain) }
        for part in parts where part.hasSubquery {
            // What cannot be joined here may still wait for an enclosing query's rows.
            if case .subquery(let subquery) = part, (try? filterBySubquery(subquery, &plan)) == true { continue }
            let value = try attach(part, to: &plan)
            plan = .filter(plan, value)
        }
        return plan
    }

    /// Tries a semi or anti join; false where the subquery is no such thing.
    private func filterBySubquery(_ subquery: BoundSubquery, _ plan: inout LogicalPlan) throws(PlanningError) -> Bool {
        switch subquery.kind {
        case .scalar: return false
        case .exists(let negated):
            let freed = try freed(existence(subquery.plan), &plan, at: subquery.position)
            if freed.isScalarAggregate || isScalarAggregate(subquery.plan) {
                // An aggregation without GROUP BY always has a row.
                if negated { plan = .filter(plan, .falseConstant) }
                return true
            }
            plan = join(negated ? .anti : .semi, plan, freed, adding: [])
            return true
        case .quantified(let left, let comparison, _, let negated):
            if left.hasSubquery { return false }
            let freed = try freed(subquery, &plan)
            if freed.isScalarAggregate { return false }
            let compared = compare(left, comparison, subquery.plan)
            if !negated {
                plan = join(.semi, plan, freed, adding: [compared])
                return true
            }
            // NOT IN keeps a row if no comparison is true or NULL.
            if freed.conditions.isEmpty, comparison == .equal { return false }
            plan = join(.anti, plan, freed, adding: [.isTruth(compared, value: false, negated: true)])
            return true
        }
    }

    /// A plan that has a row exactly where this one has: what is selected, its order and a LIMIT do not matter.
    private func existence(_ plan: LogicalPlan) -> LogicalPlan {
        switch plan {
        case .project(let input, _), .sort(let input, _): existence(input)
        case .limit(let input, let limit, 0) where (limit ?? 1) > 0: existence(input)
        default: plan
        }
    }

    private func isScalarAggregate(_ plan: LogicalPlan) -> Bool {
        switch plan {
        case .project(let input, _), .sort(let input, _): isScalarAggregate(input)
        case .aggregate(let node): node.groups.isEmpty && node.groupingSets == [[]]
        default: false
        }
    }

    /// Whether the plan never gives a second row.
    private func hasOneRow(_ plan: LogicalPlan) -> Bool {
        switch plan {
        case .project(let input, _), .sort(let input, _), .filter(let input, _): hasOneRow(input)
        case .limit(let input, let limit, _): limit.map { $0 <= 1 } == true || hasOneRow(input)
        case .values(_, let rows): rows.count <= 1
        default: isScalarAggregate(plan)
        }
    }

    /// A comparison with what a subquery puts out, by the column the subquery was written with: freeing it may have replaced
    /// that column by an expression, and moved others to its place.
    private func compare(
        _ left: BoundExpression, _ comparison: ComparisonOperator, _ written: LogicalPlan
    ) -> BoundExpression {
        .comparison(comparison, left, output(written))
    }

    private func output(_ written: LogicalPlan) -> BoundExpression {
        written.columns.first?.reference ?? .constant(.null, .text)
    }

    /// The subquery's plan without references to `plan`'s columns.
    private func freed(_ subquery: BoundSubquery, _ plan: inout LogicalPlan) throws(PlanningError) -> FreedPlan {
        try freed(subquery.plan, &plan, at: subquery.position)
    }

    private func freed(_ inner: LogicalPlan, _ plan: inout LogicalPlan, at position: Int) throws(PlanningError)
        -> FreedPlan
    {
        let outer = plan
        let outerIDs = Set(outer.columns.map(\.id))
        var shared: (id: Int, plan: LogicalPlan, names: [ColumnID: ColumnID])?
        let pullUp = CorrelationPullUp(binder: self, position: position) { ids in
            guard ids.isSubset(of: outerIDs), outer.outerColumnIDs.isEmpty else { return nil }
            if shared == nil {
                let copy = self.numbering.copy(outer)
                shared = (self.newShareID(.unspecified), copy.plan, copy.names)
            }
            guard let known = shared else { return nil }
            let reading = outer.columns.map { self.numbering.column($0.name, $0.type) }
            var columns: [ColumnID: PlanColumn] = [:]
            for (column, own) in zip(outer.columns, reading) where ids.contains(column.id) { columns[column.id] = own }
            let groups = columns.sorted { $0.key < $1.key }.map {
                ProjectedColumn(column: $0.value, expression: $0.value.reference)
            }
            let rows = LogicalPlan.shared(id: known.id, plan: known.plan, columns: reading)
            return (.aggregate(AggregateNode(input: rows, groups: groups, aggregates: [])), columns)
        }
        let result = try pullUp.free(inner)
        if let shared {
            // Both the outer query and its distinct values read the same rows.
            plan = .shared(id: shared.id, plan: shared.plan, columns: outer.columns)
        }
        return result
    }

    /// A join of the outer plan with a freed subquery.
    private func join(
        _ kind: JoinNode.Kind, _ plan: LogicalPlan, _ freed: FreedPlan, adding conditions: [BoundExpression]
    ) -> LogicalPlan {
        let ids = Set(plan.columns.map(\.id))
        let all = (conditions + freed.conditions).map { $0.replacing(freed.replacements).resolvingOuter(ids) }
        return JoinCondition.join(kind, plan, freed.plan, on: all)
    }

    /// The expression with its subqueries replaced by columns that joins add to the plan.
    ///
    /// - Parameter condition: Says of which rows the expression is asked; nil for all.
    func attach(
        _ expression: BoundExpression, to plan: inout LogicalPlan, where condition: BoundExpression? = nil
    ) throws(PlanningError) -> BoundExpression {
        if !expression.hasSubquery { return expression }
        switch expression {
        case .subquery(let subquery): return try attachSubquery(subquery, to: &plan, where: condition)
        case .caseWhen(let branches, let otherwise, let type):
            return try attachCase(branches, otherwise, type, to: &plan, where: condition)
        case .coalesce(let values, let type):
            var attached: [BoundExpression] = []
            for value in values {
                let passed = attached.map {
                    BoundBranch(condition: .isNull($0, negated: true), result: .falseConstant)
                }
                attached.append(
                    try attach(value, to: &plan, where: Binder.condition(condition, past: passed, .trueConstant)))
            }
            return .coalesce(attached, type)
        default:
            return try expression.mapOperands { (operand) throws(PlanningError) in
                try attach(operand, to: &plan, where: condition)
            }
        }
    }

    /// A branch's subqueries are asked only of the rows that come to it: for others they may have too many rows.
    private func attachCase(
        _ branches: [BoundBranch], _ otherwise: BoundExpression, _ type: LogicalType, to plan: inout LogicalPlan,
        where condition: BoundExpression?
    ) throws(PlanningError) -> BoundExpression {
        var attached: [BoundBranch] = []
        var passed: [BoundBranch] = []
        for branch in branches {
            let isAsked = Binder.condition(condition, past: passed, .trueConstant)
            let asked = try attach(branch.condition, to: &plan, where: isAsked)
            let isTaken = passed + [BoundBranch(condition: asked, result: .trueConstant)]
            let result = try attach(
                branch.result, to: &plan, where: Binder.condition(condition, past: isTaken, .falseConstant))
            attached.append(BoundBranch(condition: asked, result: result))
            passed.append(BoundBranch(condition: asked, result: .falseConstant))
        }
        let last = try attach(otherwise, to: &plan, where: Binder.condition(condition, past: passed, .trueConstant))
        return .caseWhen(attached, otherwise: last, type)
    }

    /// The truth of the first branch a row meets, or the other one, where the outer condition is true.
    private static func condition(
        _ outer: BoundExpression?, past branches: [BoundBranch], _ otherwise: BoundExpression
    ) -> BoundExpression? {
        if branches.isEmpty { return outer }
        let own = BoundExpression.caseWhen(branches, otherwise: otherwise, .boolean)
        guard let outer else { return own }
        return .caseWhen([BoundBranch(condition: outer, result: own)], otherwise: .falseConstant, .boolean)
    }

    private func attachSubquery(
        _ subquery: BoundSubquery, to plan: inout LogicalPlan, where condition: BoundExpression?
    ) throws(PlanningError) -> BoundExpression {
        let known = plan
        do {
            return try attachAtOnce(subquery, to: &plan, where: condition)
        } catch {
            plan = known
            guard let value = putOff(subquery, &plan, where: condition) else { throw error }
            return value
        }
    }

    /// A column for a subquery that cannot become a join here, where this query's rows depend on an outer query themselves.
    ///
    /// It becomes one when `DomainTagging` brings the outer query's values; nil where there is no such query.
    private func putOff(
        _ subquery: BoundSubquery, _ plan: inout LogicalPlan, where condition: BoundExpression?
    ) -> BoundExpression? {
        let column = numbering.column("subquery", subquery.type)
        var items = plan.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
        let value = BoundExpression.subquery(subquery)
        items.append(ProjectedColumn(column: column, expression: condition.map { Binder.value(value, where: $0) } ?? value))
        let waiting = LogicalPlan.project(plan, items)
        if waiting.outerColumnIDs.isEmpty { return nil }
        plan = waiting
        return column.reference
    }

    private func attachAtOnce(
        _ subquery: BoundSubquery, to plan: inout LogicalPlan, where condition: BoundExpression?
    ) throws(PlanningError) -> BoundExpression {
        switch subquery.kind {
        case .scalar: return try attachScalar(subquery, to: &plan, where: condition)
        case .exists(let negated):
            let freed = try freed(existence(subquery.plan), &plan, at: subquery.position)
            if freed.isScalarAggregate || isScalarAggregate(subquery.plan) {
                return negated ? .falseConstant : .trueConstant
            }
            let mark = mark(&plan, freed, adding: [])
            return negated ? .isTruth(mark, value: true, negated: true) : .isTruth(mark, value: true, negated: false)
        case .quantified(let written, let comparison, _, let negated):
            let left = try attach(written, to: &plan, where: condition)
            let value = try attachQuantified(left, comparison, subquery, to: &plan)
            return negated ? .not(value) : value
        }
    }

    /// Adds a column saying whether the right side has a row; it may be NULL instead of false.
    private func mark(
        _ plan: inout LogicalPlan, _ freed: FreedPlan, adding conditions: [BoundExpression]
    ) -> BoundExpression {
        let column = numbering.column("mark", .boolean)
        plan = join(.mark(column), plan, freed, adding: conditions)
        return column.reference
    }

    private func attachQuantified(
        _ left: BoundExpression, _ comparison: ComparisonOperator, _ subquery: BoundSubquery, to plan: inout LogicalPlan
    ) throws(PlanningError) -> BoundExpression {
        let isPlain = subquery.plan.outerColumnIDs.isEmpty
        if isPlain, comparison == .equal, !left.columnIDs.isEmpty {
            // The mark join alone knows IN's NULLs: one key, no other condition.
            let column = numbering.column("mark", .boolean)
            let right = output(subquery.plan)
            plan = .join(
                JoinNode(kind: .mark(column), left: plan, right: subquery.plan, keys: [.init(left: left, right: right)])
            )
            return column.reference
        }
        let first = try freed(subquery, &plan)
        if first.isScalarAggregate {
            var scalar = subquery
            scalar.kind = .scalar
            scalar.type = subquery.plan.columns.first?.type ?? .text
            return .comparison(comparison, left, try attachScalar(scalar, to: &plan))
        }
        // True if one comparison is, else NULL if one is NULL.
        let copy = numbering.copy(subquery.plan)
        let second = try freed(copy.plan, &plan, at: subquery.position)
        let matches = mark(&plan, first, adding: [compare(left, comparison, subquery.plan)])
        let mayMatch = mark(&plan, second, adding: [.isNull(compare(left, comparison, copy.plan), negated: false)])
        return .caseWhen(
            [
                BoundBranch(condition: .isTruth(matches, value: true, negated: false), result: .trueConstant),
                BoundBranch(
                    condition: .isTruth(mayMatch, value: true, negated: false), result: .constant(.null, .boolean)),
            ], otherwise: .falseConstant, .boolean)
    }

    private func attachScalar(
        _ subquery: BoundSubquery, to plan: inout LogicalPlan, where condition: BoundExpression? = nil
    ) throws(PlanningError) -> BoundExpression {
        guard let column = subquery.plan.columns.first else { return .constant(.null, subquery.type) }
        let freed = try freed(subquery, &plan)
        let ids = Set(plan.columns.map(\.id))
        let kind: JoinNode.Kind = freed.isScalarAggregate ? .left : .single
        let isSafe = freed.isScalarAggregate || hasOneRow(subquery.plan)
        plan = join(kind, plan, freed, adding: isSafe ? [] : condition.map { [$0] } ?? [])
        if freed.replacements.isEmpty { return column.reference }
        guard let value = freed.replacements[column.id] else { return column.reference }
        if freed.isScalarAggregate { return value.resolvingOuter(ids) }
        // Without a row the value is NULL, whatever the outer columns say: a column of the row tells.
        return try guarded(value.resolvingOuter(ids), freed, &plan, at: subquery.position)
    }

    /// The value where the single join found a row, else NULL.
    private func guarded(
        _ value: BoundExpression, _ freed: FreedPlan, _ plan: inout LogicalPlan, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        guard case .join(var node) = plan else { return value }
        let found = numbering.column("found", .boolean)
        var items = node.right.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
        items.append(ProjectedColumn(column: found, expression: .trueConstant))
        node.right = .project(node.right, items)
        plan = .join(node)
        return Binder.value(value, where: .isTruth(found.reference, value: true, negated: false))
    }

    /// The left columns, and those of a lateral item where a condition holds.
    private func guardedColumns(
        _ left: [PlanColumn], _ inner: LogicalPlan, _ freed: FreedPlan, _ condition: BoundExpression,
        _ ids: Set<ColumnID>, over plan: LogicalPlan
    ) -> LogicalPlan {
        var items = left.map { ProjectedColumn(column: $0, expression: $0.reference) }
        for column in inner.columns {
            let value = freed.replacements[column.id]?.resolvingOuter(ids) ?? column.reference
            items.append(
                ProjectedColumn(
                    column: column,
                    expression: .caseWhen(
                        [BoundBranch(condition: condition, result: value)],
                        otherwise: .constant(.null, column.type), column.type)))
        }
        return .project(plan, items)
    }

    /// A set-returning function that reads columns of the items to its left needs no join: it repeats their rows.
    private func expandedBeside(_ inner: LogicalPlan, _ left: LogicalPlan, keepsEmptyRows: Bool) -> LogicalPlan? {
        let ids = Set(left.columns.map(\.id))
        func expanded(_ plan: LogicalPlan) -> ExpandNode? {
            guard case .expand(var node) = plan, case .values(let columns, _) = node.input, columns.isEmpty else {
                return nil
            }
            node.input = left
            node.keepsEmptyRows = keepsEmptyRows
            for index in node.calls.indices {
                node.calls[index].arguments = node.calls[index].arguments.map { $0.resolvingOuter(ids) }
            }
            return node
        }
        if let node = expanded(inner) { return .expand(node) }
        guard case .project(let below, let items) = inner, var node = expanded(below),
            !items.contains(where: \.expression.hasSubquery)
        else { return nil }
        var columns = left.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
        let added = Set(node.added.map(\.id))
        for item in items {
            var value = item.expression.resolvingOuter(ids)
            if keepsEmptyRows, !Binder.isOf(added, value) {
                // The number of a row says whether there is one.
                let number = node.ordinality ?? numbering.column("ordinality", .bigint)
                node.ordinality = number
                value = Binder.value(value, where: .isNull(number.reference, negated: true))
            }
            columns.append(ProjectedColumn(column: item.column, expression: value))
        }
        return .project(.expand(node), columns)
    }

    /// Whether an expression is one of the columns or a cast of one: NULL where the column is.
    private static func isOf(_ columns: Set<ColumnID>, _ expression: BoundExpression) -> Bool {
        switch expression {
        case .column(let id, _): columns.contains(id)
        case .cast(let operand, _, _): isOf(columns, operand)
        default: false
        }
    }

    /// The value where the condition is true, else NULL.
    private static func value(_ value: BoundExpression, where condition: BoundExpression) -> BoundExpression {
        .caseWhen(
            [BoundBranch(condition: condition, result: value)], otherwise: .constant(.null, value.type), value.type)
    }

    /// A lateral item joined with the items to its left; its columns keep their identities.
    ///
    /// - Parameter conditions: Of a left join, besides those the item has itself.
    func applyLateral(
        _ inner: LogicalPlan, to left: LogicalPlan, isLeft: Bool, on conditions: [BoundExpression] = [], at position: Int
    ) throws(PlanningError) -> LogicalPlan {
        do {
            return try appliedAtOnce(inner, to: left, isLeft: isLeft, on: conditions, at: position)
        } catch {
            // Where the left side depends on an outer query itself, the item waits for that query's rows.
            var node = JoinNode(
                kind: isLeft ? .left : .inner, left: left, right: inner, keys: [], residual: .conjunction(conditions))
            node.isDependent = true
            if LogicalPlan.join(node).outerColumnIDs.isEmpty { throw error }
            return .join(node)
        }
    }

    private func appliedAtOnce(
        _ inner: LogicalPlan, to left: LogicalPlan, isLeft: Bool, on conditions: [BoundExpression], at position: Int
    ) throws(PlanningError) -> LogicalPlan {
        if !isLeft || conditions.isEmpty, let plan = expandedBeside(inner, left, keepsEmptyRows: isLeft) { return plan }
        if conditions.contains(where: \.hasSubquery) {
            throw .unsupported("a subquery in the condition of LEFT JOIN LATERAL", at: position)
        }
        var plan = left
        var freed = try freed(inner, &plan, at: position)
        let ids = Set(plan.columns.map(\.id))
        let leftColumns = plan.columns
        if isLeft, !freed.isScalarAggregate, !freed.replacements.isEmpty {
            // A row of the item says whether there is one: what is computed with outer columns is NULL without.
            let found = numbering.column("found", .boolean)
            var items = freed.plan.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
            items.append(ProjectedColumn(column: found, expression: .trueConstant))
            freed.plan = .project(freed.plan, items)
            plan = join(.left, plan, freed, adding: conditions)
            return guardedColumns(
                leftColumns, inner, freed, .isTruth(found.reference, value: true, negated: false), ids, over: plan)
        }
        if isLeft, freed.isScalarAggregate, let condition = BoundExpression.conjunction(conditions) {
            // There is a row always; the condition decides whether it counts.
            plan = join(.left, plan, freed, adding: [])
            let holds = condition.replacing(freed.replacements).resolvingOuter(ids)
            return guardedColumns(
                leftColumns, inner, freed, .isTruth(holds, value: true, negated: false), ids, over: plan)
        }
        plan = join(isLeft || freed.isScalarAggregate ? .left : .inner, plan, freed, adding: isLeft ? conditions : [])
        if case .join(var node) = plan, node.kind == .inner, node.keys.isEmpty, node.residual == nil {
            node.kind = .cross
            plan = .join(node)
        }
        if freed.replacements.isEmpty { return plan }
        var items = leftColumns.map { ProjectedColumn(column: $0, expression: $0.reference) }
        for column in inner.columns {
            let value = freed.replacements[column.id]?.resolvingOuter(ids) ?? column.reference
            items.append(ProjectedColumn(column: column, expression: value))
        }
        return .project(plan, items)
    }
}
