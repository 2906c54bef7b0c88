import Columns

/// Splits a join's conditions into equality keys and the rest.
package enum JoinCondition {
    /// A join of two plans on conditions over their columns; a cross join with conditions becomes an inner one.
    package static func join(
        _ kind: JoinNode.Kind, _ left: LogicalPlan, _ right: LogicalPlan, on conditions: [BoundExpression]
    ) -> LogicalPlan {
        var node = JoinNode(kind: kind, left: left, right: right, keys: [])
        add(conditions, to: &node)
        return .join(node)
    }

    /// Adds conditions to a join.
    package static func add(_ conditions: [BoundExpression], to node: inout JoinNode) {
        let leftIDs = Set(node.left.columns.map(\.id))
        let rightIDs = Set(node.right.columns.map(\.id))
        var rest = node.residual.map(\.conjuncts) ?? []
        for condition in conditions.flatMap(\.conjuncts) {
            if condition == .trueConstant { continue }
            if let key = key(condition, leftIDs, rightIDs) {
                if !node.keys.contains(key) { node.keys.append(key) }
            } else if !rest.contains(condition) {
                rest.append(condition)
            }
        }
        node.residual = BoundExpression.conjunction(rest)
        if node.kind == .cross, !node.keys.isEmpty || node.residual != nil { node.kind = .inner }
    }

    /// The condition as a pair of keys, if it equates an expression of one side with one of the other.
    package static func key(
        _ condition: BoundExpression, _ leftIDs: Set<ColumnID>, _ rightIDs: Set<ColumnID>
    ) -> JoinNode.KeyPair? {
        let sides: (BoundExpression, BoundExpression, Bool)
        switch condition {
        case .comparison(.equal, let a, let b): sides = (a, b, false)
        case .distinct(let a, let b, negated: true): sides = (a, b, true)
        default: return nil
        }
        let (a, b, isNullSafe) = sides
        let (aIDs, bIDs) = (a.columnIDs, b.columnIDs)
        guard !aIDs.isEmpty, !bIDs.isEmpty, !a.hasOuterColumns, !b.hasOuterColumns, !a.hasSubquery, !b.hasSubquery
        else {
            return nil
        }
        if aIDs.isSubset(of: leftIDs), bIDs.isSubset(of: rightIDs) {
            return .init(left: a, right: b, isNullSafe: isNullSafe)
        }
        if bIDs.isSubset(of: leftIDs), aIDs.isSubset(of: rightIDs) {
            return .init(left: b, right: a, isNullSafe: isNullSafe)
        }
        return nil
    }
}

extension JoinNode.KeyPair {
    /// The pair as a condition.
    package var condition: BoundExpression {
        isNullSafe ? .distinct(left, right, negated: true) : .comparison(.equal, left, right)
    }
}

extension JoinNode {
    /// Keys and residual as conditions.
    package var conditions: [BoundExpression] { keys.map(\.condition) + (residual.map(\.conjuncts) ?? []) }
}
