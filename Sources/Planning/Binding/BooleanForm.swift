import Columns

/// Boolean rewrites that hold under three-valued logic.
enum BooleanForm {
    /// NOT of a condition, pushed into EXISTS, IN and IS NULL so that joins can be made of them.
    static func negated(_ expression: BoundExpression) -> BoundExpression {
        switch expression {
        case .not(let inner): return inner
        case .isNull(let operand, let negated): return .isNull(operand, negated: !negated)
        case .distinct(let left, let right, let negated): return .distinct(left, right, negated: !negated)
        case .inList(let operand, let items, let negated): return .inList(operand, items, negated: !negated)
        case .like(let operand, let pattern, let escape, let caseInsensitive, let negated):
            return .like(operand, pattern: pattern, escape: escape, caseInsensitive: caseInsensitive, negated: !negated)
        case .isTruth(let operand, let value, let negated): return .isTruth(operand, value: value, negated: !negated)
        case .subquery(var subquery):
            switch subquery.kind {
            case .exists(let negated): subquery.kind = .exists(negated: !negated)
            case .quantified(let left, let comparison, let isAll, let negated):
                subquery.kind = .quantified(left: left, comparison, isAll: isAll, negated: !negated)
            case .scalar: return .not(expression)
            }
            return .subquery(subquery)
        default: return .not(expression)
        }
    }

    /// The conditions a filter must test: there NULL is as good as false.
    ///
    /// `case when a then true when b then null else false end`, which stands for a row among a query's rows, is `a`
    /// there; its negation is `not a and not b`.
    static func filterParts(_ condition: BoundExpression) -> [BoundExpression] {
        switch condition {
        case .caseWhen(let branches, .constant(.boolean(false), _), .boolean):
            guard let first = branches.first, first.result == .trueConstant, hidesRest(branches) else {
                return [condition]
            }
            return filterParts(first.condition)
        case .not(.caseWhen(let branches, .constant(.boolean(false), _), .boolean)):
            guard branches.first?.result == .trueConstant, hidesRest(branches),
                branches.allSatisfy({ isNeverNull($0.condition) })
            else { return [condition] }
            return branches.map { negated($0.condition) }
        default: return [condition]
        }
    }

    private static func hidesRest(_ branches: [BoundBranch]) -> Bool {
        branches.dropFirst().allSatisfy { $0.result.constantValue?.isNull == true }
    }

    private static func isNeverNull(_ condition: BoundExpression) -> Bool {
        if case .subquery(let subquery) = condition, case .exists = subquery.kind { return true }
        return false
    }
}
