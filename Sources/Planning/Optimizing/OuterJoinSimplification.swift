import Columns

/// A left join whose filler rows a later condition throws away is an inner join.
///
/// Works where filters meet joins, as a part of filter pushdown.
enum OuterJoinSimplification {
    static let name = "OuterJoinSimplification"

    /// The kind of join left once `conditions` hold above it.
    static func kind(
        _ kind: JoinNode.Kind, leftIDs: Set<ColumnID>, rightIDs: Set<ColumnID>, conditions: [BoundExpression]
    ) -> JoinNode.Kind {
        let rejectsRight = conditions.contains { rejectsNulls($0, of: rightIDs) }
        let rejectsLeft = conditions.contains { rejectsNulls($0, of: leftIDs) }
        switch kind {
        case .left: return rejectsRight ? .inner : kind
        case .right: return rejectsLeft ? .inner : kind
        case .full:
            if rejectsLeft && rejectsRight { return .inner }
            if rejectsLeft { return .left }
            return rejectsRight ? .right : kind
        default: return kind
        }
    }

    /// Whether the condition cannot be true where all of these columns are NULL.
    static func rejectsNulls(_ condition: BoundExpression, of ids: Set<ColumnID>) -> Bool {
        switch condition {
        case .and(let items): items.contains { rejectsNulls($0, of: ids) }
        case .or(let items): items.allSatisfy { rejectsNulls($0, of: ids) }
        case .comparison, .like, .column, .not: isNull(condition, where: ids)
        case .inList(let operand, _, _): isNull(operand, where: ids)
        case .isNull(let operand, negated: true): isNull(operand, where: ids)
        case .isTruth(let operand, value: true, negated: false): rejectsNulls(operand, of: ids)
        // A condition that is false for NULLs is not thrown away by IS FALSE.
        case .isTruth(let operand, value: false, negated: false): isNull(operand, where: ids)
        default: false
        }
    }

    /// Whether the expression is NULL where all of these columns are.
    private static func isNull(_ expression: BoundExpression, where ids: Set<ColumnID>) -> Bool {
        switch expression {
        case .column(let id, _): return ids.contains(id)
        case .cast(let operand, _, _), .negate(let operand, _, _): return isNull(operand, where: ids)
        case .not(let operand):
            // NOT of a plain comparison is NULL with it; NOT of AND or OR need not be.
            if case .comparison = operand { return isNull(operand, where: ids) }
            if case .column = operand { return isNull(operand, where: ids) }
            return false
        case .comparison(_, let left, let right), .arithmetic(_, let left, let right, _, _),
            .like(let left, let right, _, _, _):
            return isNull(left, where: ids) || isNull(right, where: ids)
        case .call(let name, let arguments, _, _):
            let isStrict = FunctionSignatures.named(name).first?.isStrict ?? false
            return isStrict && arguments.contains { isNull($0, where: ids) }
        default: return false
        }
    }
}
