import Columns

/// What all alternatives of an OR ask for is asked for once, outside: `(a and b) or (a and c)` is `a and (b or c)`.
///
/// A join then finds its keys there. What the alternatives ask of one side of a join alone is asked there beforehand, by
/// the filter pushdown.
enum DisjunctionFactoring: RewriteRule {
    static let name = "DisjunctionFactoring"

    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        let inner = plan.mapInputs { apply($0, context) }
        switch inner {
        case .filter(let input, let condition):
            let parts = condition.conjuncts.flatMap(factored)
            return BoundExpression.conjunction(parts).map { .filter(input, $0) } ?? input
        case .join(var node):
            guard let residual = node.residual else { return inner }
            let parts = residual.conjuncts.flatMap(factored)
            node.residual = nil
            JoinCondition.add(parts, to: &node)
            return .join(node)
        default: return inner
        }
    }

    /// The condition as parts that all must hold.
    private static func factored(_ condition: BoundExpression) -> [BoundExpression] {
        guard case .or(let alternatives) = condition, alternatives.count > 1 else { return [condition] }
        let parts = alternatives.map(\.conjuncts)
        let common = parts[0].filter { part in
            // What may fail stays behind the conditions that guard it.
            !ErrorRisk.mayFail(part) && !part.hasSubquery && parts.allSatisfy { $0.contains(part) }
        }
        if common.isEmpty { return [condition] }
        var rest: [BoundExpression] = []
        for alternative in parts {
            guard let remaining = BoundExpression.conjunction(alternative.filter { !common.contains($0) }) else {
                // One alternative asks for no more than the others have in common.
                return common
            }
            rest.append(remaining)
        }
        return common + [.or(rest)]
    }

    /// What an OR over both sides of a join asks of the columns of one side: a weaker condition, nil if it asks nothing.
    static func share(of condition: BoundExpression, over ids: Set<ColumnID>) -> BoundExpression? {
        guard case .or(let alternatives) = condition else { return nil }
        var weaker: [BoundExpression] = []
        for alternative in alternatives {
            let own = alternative.conjuncts.filter { part in
                let needed = part.columnIDs
                return !needed.isEmpty && needed.isSubset(of: ids) && !part.hasOuterColumns && !part.hasSubquery
                    && !ErrorRisk.mayFail(part)
            }
            guard let part = BoundExpression.conjunction(own) else { return nil }
            if !weaker.contains(part) { weaker.append(part) }
        }
        return weaker.count == 1 ? weaker[0] : .or(weaker)
    }
}
