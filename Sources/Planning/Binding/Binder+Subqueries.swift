import Columns
import SQL

/// Subqueries in expressions.
extension Binder {
    /// The query of a subquery in an expression.
    func bindInner(_ query: Query, _ context: BindContext) throws(PlanningError) -> BoundQuery {
        let known = context.scope.subqueryClause
        context.scope.subqueryClause = context.clause
        defer { context.scope.subqueryClause = known }
        return try within("a subquery") { () throws(PlanningError) in
            try bindQuery(query, parent: context.scope, tables: context.scope.tables)
        }
    }

    /// The columns of a subquery that stands for one row, each as a subquery of its own.
    func rowColumns(_ query: Query, at position: Int, _ context: BindContext) throws(PlanningError) -> [BoundExpression] {
        let bound = try bindInner(query, context)
        var columns: [BoundExpression] = []
        for index in bound.columns.indices {
            // The first reading keeps the identities, as one alone would.
            let copy = index == 0 ? nil : numbering.copy(bound.plan)
            let id = copy?.names[bound.columns[index].id] ?? bound.columns[index].id
            let column = PlanColumn(id: id, name: bound.columns[index].name, type: bound.columns[index].type)
            let plan = exactly(BoundQuery(plan: copy?.plan ?? bound.plan, columns: [column]))
            columns.append(
                .subquery(BoundSubquery(kind: .scalar, plan: plan, type: column.type, position: position)))
        }
        return columns
    }

    func bindSubquery(_ expression: Expression, _ context: BindContext) throws(PlanningError) -> BoundExpression {
        let position = expression.position
        let known = conditionalPlace
        conditionalPlace = nil
        defer { conditionalPlace = known }
        switch expression.kind {
        case .exists(let query):
            let bound = try bindInner(query, context)
            return .subquery(
                BoundSubquery(kind: .exists(negated: false), plan: bound.plan, type: .boolean, position: position))
        case .scalarSubquery(let query):
            let bound = try bindInner(query, context)
            guard bound.columns.count == 1 else {
                throw PlanningError("subquery must return only one column", at: position)
            }
            return .subquery(
                BoundSubquery(kind: .scalar, plan: exactly(bound), type: bound.columns[0].type, position: position))
        case .inSubquery(let operand, let query, let negated):
            let any = try quantified(operand, .equal, isAll: false, query, at: position, context)
            return negated ? BooleanForm.negated(any) : any
        case .quantified(let operand, let name, let quantifier, .subquery(let query)):
            if ["~~", "!~~", "~~*", "!~~*"].contains(name) {
                return try quantifiedPattern(operand, name, quantifier, query, at: position, context)
            }
            guard let comparison = comparisonOperator(name) else {
                throw .unsupported("operator \(name) with \(quantifier.rawValue.uppercased())", at: position)
            }
            if quantifier == .any {
                return try quantified(operand, comparison, isAll: false, query, at: position, context)
            }
            // `x op all (q)` is `not (x inverse-op any (q))`, NULLs included.
            return BooleanForm.negated(
                try quantified(operand, comparison.inverse, isAll: false, query, at: position, context))
        case .quantified(let operand, let name, let quantifier, .array(let array)):
            return try quantifiedArray(operand, name, quantifier, array, at: position, context)
        default: throw .unsupported("this subquery", at: position)
        }
    }

    private static let patternOperators: Set<String> = ["~~", "!~~", "~~*", "!~~*", "~", "~*", "!~", "!~*"]

    /// `x = any (array[…])` reads as IN; other forms are lists of comparisons.
    private func quantifiedArray(
        _ operand: Expression, _ name: String, _ quantifier: Quantifier, _ array: Expression, at position: Int,
        _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let comparison = comparisonOperator(name)
        guard comparison != nil || Binder.patternOperators.contains(name) else {
            throw .unsupported("operator \(name) with \(quantifier.rawValue.uppercased())", at: position)
        }
        let items: [Expression]
        if let written = try writtenElements(array) {
            items = written
        } else if case .parameter(let number) = array.kind {
            let type = try bind(operand, context).type
            guard let given = try parameterItems(number, comparedWith: type, at: array.position) else {
                return .constant(.null, .boolean)
            }
            items = given
        } else {
            guard let comparison else {
                throw .unsupported("operator \(name) with \(quantifier.rawValue.uppercased()) of this array", at: position)
            }
            return try comparedWithElements(operand, comparison, quantifier, array, at: position, context)
        }
        if items.isEmpty {
            _ = try bind(operand, context)
            return quantifier == .any ? .falseConstant : .trueConstant
        }
        if comparison == .equal, quantifier == .any {
            return try bind(Expression(.inList(operand, items, negated: false), position: position), context)
        }
        var parts: [BoundExpression] = []
        for item in items { parts.append(try bindBinary(name, operand, item, at: position, context)) }
        if parts.count == 1 { return parts[0] }
        return quantifier == .any ? .or(parts) : .and(parts)
    }

    private func quantified(
        _ operand: Expression, _ comparison: ComparisonOperator, isAll: Bool, _ query: Query, at position: Int,
        _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let bound = try bindInner(query, context)
        if case .row(let items) = operand.kind {
            return try quantifiedRow(items, comparison, bound, at: position, context)
        }
        guard bound.columns.count == 1 else {
            throw PlanningError(
                bound.columns.count > 1 ? "subquery has too many columns" : "subquery has too few columns", at: position
            )
        }
        let left = try bind(operand, context)
        let column = bound.columns[0]
        let (leftSide, rightSide) = try comparable(
            left, column.reference, comparison.rawValue, leftAt: operand.position, rightAt: position, at: position)
        var plan = exactly(bound)
        if rightSide != column.reference {
            let cast = numbering.column(column.name, rightSide.type)
            plan = .project(plan, [ProjectedColumn(column: cast, expression: rightSide)])
        }
        return .subquery(
            BoundSubquery(
                kind: .quantified(left: leftSide, comparison, isAll: isAll, negated: false), plan: plan, type: .boolean,
                position: position))
    }

    /// A row among the rows of a query: whether one matches, else NULL if one might.
    private func quantifiedRow(
        _ items: [Expression], _ comparison: ComparisonOperator, _ bound: BoundQuery, at position: Int,
        _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        guard items.count == bound.columns.count else {
            throw PlanningError(
                items.count < bound.columns.count ? "subquery has too many columns" : "subquery has too few columns",
                at: position)
        }
        var pairs: [(BoundExpression, BoundExpression)] = []
        for (item, column) in zip(items, bound.columns) {
            let left = try bind(item, context)
            let (a, b) = try comparable(
                left, column.reference, comparison.rawValue, leftAt: item.position, rightAt: position, at: position)
            pairs.append((a.asOuter(), b))
        }
        func fields(_ comparison: ComparisonOperator) -> [BoundExpression] {
            pairs.map { .comparison(comparison, $0.0, $0.1) }
        }
        let condition: BoundExpression
        switch comparison {
        case .equal: condition = .and(fields(.equal))
        case .notEqual: condition = .or(fields(.notEqual))
        default:
            let strict: ComparisonOperator = comparison == .less || comparison == .lessOrEqual ? .less : .greater
            condition = Binder.ordered(
                equal: fields(.equal), ordered: fields(strict), last: fields(comparison)[pairs.count - 1])
        }
        return try matches(condition, exactly(bound), at: position)
    }

    /// `like any (query)`, `not ilike all (query)` …
    private func quantifiedPattern(
        _ operand: Expression, _ name: String, _ quantifier: Quantifier, _ query: Query, at position: Int,
        _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let bound = try bindInner(query, context)
        guard bound.columns.count == 1 else {
            throw PlanningError(
                bound.columns.count > 1 ? "subquery has too many columns" : "subquery has too few columns", at: position)
        }
        let left = try resolved(try bind(operand, context), at: operand.position)
        let pattern = bound.columns[0].reference
        guard left.type == .text, pattern.type == .text else {
            throw operatorMissing(name, left.type, pattern.type, at: position)
        }
        // All match unless one does not.
        let negated = name.hasPrefix("!") != (quantifier == .all)
        let condition = BoundExpression.like(
            left.asOuter(), pattern: pattern, escape: 0x5C, caseInsensitive: name.hasSuffix("*"), negated: negated)
        let any = try matches(condition, exactly(bound), at: position)
        return quantifier == .all ? BooleanForm.negated(any) : any
    }

    /// Whether the condition is true for a row of the plan, else NULL if it is NULL for one.
    private func matches(
        _ condition: BoundExpression, _ plan: LogicalPlan, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        // Subqueries in the condition join the rows it is asked of.
        func rows(_ condition: BoundExpression) throws(PlanningError) -> LogicalPlan {
            condition.hasSubquery ? try filtered(plan, by: condition) : .filter(plan, condition)
        }
        func exists(_ plan: LogicalPlan) -> BoundExpression {
            .subquery(BoundSubquery(kind: .exists(negated: false), plan: plan, type: .boolean, position: position))
        }
        let matching = exists(try rows(condition))
        let open = exists(numbering.copy(try rows(.isNull(condition, negated: false))).plan)
        return .caseWhen(
            [
                BoundBranch(condition: matching, result: .trueConstant),
                BoundBranch(condition: open, result: .constant(.null, .boolean)),
            ], otherwise: .falseConstant, .boolean)
    }
}
