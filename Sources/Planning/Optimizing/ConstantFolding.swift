import Columns

/// Computes what is the same on every row, and simplifies AND, OR, NOT and CASE around it.
///
/// What would fail stays as it is: whether it fails is for the rows to say.
enum ConstantFolding: RewriteRule {
    static let name = "ConstantFolding"

    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        let inner = plan.mapInputs { apply($0, context) }.mapOwnExpressions(fold)
        switch inner {
        case .filter(let input, let condition):
            if condition == .trueConstant { return input }
            if isNever(condition) { return .values(columns: input.columns, rows: []) }
            return inner
        case .join(var node):
            if let residual = node.residual, residual == .trueConstant { node.residual = nil }
            return .join(node)
        default: return inner
        }
    }

    /// Whether a condition holds for no row.
    static func isNever(_ condition: BoundExpression) -> Bool {
        condition == .falseConstant || condition.constantValue?.isNull == true
    }

    static func fold(_ expression: BoundExpression) -> BoundExpression {
        let inner = expression.mapOperands(fold)
        switch inner {
        case .cast(.constant(let value, let from), let type, _):
            return ConstantEvaluator.cast(value, from: from, to: type) ?? inner
        case .comparison(let comparison, let left, let right): return foldComparison(comparison, left, right, inner)
        case .distinct(.constant(let left, _), .constant(let right, _), let negated):
            if left.isNull || right.isNull { return truth((left.isNull != right.isNull) != negated) }
            guard let order = ConstantEvaluator.compare(left, right) else { return inner }
            return truth((order != 0) != negated)
        case .arithmetic(let operation, .constant(let left, _), .constant(let right, _), let type, _):
            return ConstantEvaluator.arithmetic(operation, left, right, type).map { .constant($0, type) } ?? inner
        case .negate(.constant(let value, _), let type, _): return negated(value, type) ?? inner
        case .and(let items): return foldAnd(items)
        case .or(let items): return foldOr(items)
        case .not(let operand): return foldNot(operand)
        case .isNull(.constant(let value, _), let negated): return truth(value.isNull != negated)
        case .isTruth(.constant(let value, _), let wanted, let negated):
            return truth((value == .boolean(wanted)) != negated)
        case .inList(let operand, let items, let negated):
            if items.count == 1 { return fold(.comparison(negated ? .notEqual : .equal, operand, items[0])) }
            return inner
        case .caseWhen(let branches, let otherwise, let type): return foldCase(branches, otherwise, type)
        case .coalesce(let items, let type): return foldCoalesce(items, type)
        case .call(let name, let arguments, let type, _): return foldCall(name, arguments, type) ?? inner
        default: return inner
        }
    }

    /// Strict functions of NULL, and the concatenation of literals; functions proper are computed at run time.
    private static func foldCall(
        _ name: String, _ arguments: [BoundExpression], _ type: LogicalType
    ) -> BoundExpression? {
        let isStrict = FunctionSignatures.named(name).first?.isStrict ?? false
        if isStrict, arguments.contains(where: { $0.constantValue?.isNull == true }) { return .constant(.null, type) }
        if name == "concat_op", case .text(let left)? = arguments[0].constantValue,
            case .text(let right)? = arguments[1].constantValue
        {
            return .constant(.text(left + right), .text)
        }
        return nil
    }

    static func truth(_ value: Bool) -> BoundExpression { value ? .trueConstant : .falseConstant }

    private static func foldComparison(
        _ comparison: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression, _ whole: BoundExpression
    ) -> BoundExpression {
        if left.constantValue?.isNull == true || right.constantValue?.isNull == true {
            return .constant(.null, .boolean)
        }
        guard case .constant(let a, _) = left, case .constant(let b, _) = right,
            let order = ConstantEvaluator.compare(a, b)
        else { return whole }
        return truth(ConstantEvaluator.holds(comparison, order))
    }

    private static func negated(_ value: ScalarValue, _ type: LogicalType) -> BoundExpression? {
        switch value {
        case .null: return .constant(.null, type)
        case .integer(let number):
            guard number != .min, type != .integer || Int32(exactly: -number) != nil else { return nil }
            return .constant(.integer(-number), type)
        case .numeric(let unscaled, let scale): return .constant(.numeric(unscaled: -unscaled, scale: scale), type)
        case .double(let number): return .constant(.double(-number), type)
        default: return nil
        }
    }

    private static func foldAnd(_ items: [BoundExpression]) -> BoundExpression {
        var kept: [BoundExpression] = []
        var seen: Set<BoundExpression> = []
        for item in items.flatMap(\.conjuncts) {
            if item == .trueConstant || !seen.insert(item).inserted { continue }
            if item == .falseConstant { return .falseConstant }
            kept.append(item)
        }
        return BoundExpression.conjunction(kept) ?? .trueConstant
    }

    private static func foldOr(_ items: [BoundExpression]) -> BoundExpression {
        var kept: [BoundExpression] = []
        var seen: Set<BoundExpression> = []
        for item in items {
            let parts: [BoundExpression]
            if case .or(let inner) = item { parts = inner } else { parts = [item] }
            for part in parts {
                if part == .falseConstant || !seen.insert(part).inserted { continue }
                if part == .trueConstant { return .trueConstant }
                kept.append(part)
            }
        }
        if kept.count > 1 { return .or(kept) }
        return kept.first ?? .falseConstant
    }

    private static func foldNot(_ operand: BoundExpression) -> BoundExpression {
        switch operand {
        case .constant(.boolean(let value), _): return truth(!value)
        case .constant(.null, _): return operand
        case .comparison(let comparison, let left, let right): return .comparison(comparison.inverse, left, right)
        case .and(let items): return foldOr(items.map(foldNot))
        case .or(let items): return foldAnd(items.map(foldNot))
        default: return BooleanForm.negated(operand)
        }
    }

    private static func foldCase(
        _ branches: [BoundBranch], _ otherwise: BoundExpression, _ type: LogicalType
    ) -> BoundExpression {
        var kept: [BoundBranch] = []
        var last = otherwise
        for branch in branches {
            if isNever(branch.condition) { continue }
            if branch.condition == .trueConstant {
                last = branch.result
                break
            }
            kept.append(branch)
        }
        return kept.isEmpty ? last : .caseWhen(kept, otherwise: last, type)
    }

    private static func foldCoalesce(_ items: [BoundExpression], _ type: LogicalType) -> BoundExpression {
        var kept: [BoundExpression] = []
        for item in items {
            if item.constantValue?.isNull == true { continue }
            kept.append(item)
            if item.isConstant { break }
        }
        if kept.isEmpty { return .constant(.null, type) }
        return kept.count == 1 ? kept[0] : .coalesce(kept, type)
    }
}
