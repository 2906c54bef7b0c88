import Columns
import SQL

/// Comparisons with arrays and of arrays.
extension Binder {
    /// `x op any (array)` and `x op all (array)` where the array is computed.
    func comparedWithElements(
        _ operand: Expression, _ comparison: ComparisonOperator, _ quantifier: Quantifier, _ array: Expression,
        at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let bound = try bind(array, context)
        if bound.constantValue?.isNull == true { return .constant(.null, .boolean) }
        guard case .array(let element) = bound.type else {
            throw PlanningError("op ANY/ALL (array) requires array on right side", at: position)
        }
        let value = try bind(operand, context)
        guard let type = TypeCoercion.common(element.type, value.type), let own = ArrayElementType(type) else {
            throw operatorMissing(comparison.rawValue, value.type, element.type, at: position)
        }
        let text = BoundExpression.call(
            name: "array element", arguments: [try coerce(value, to: type, at: operand.position)], .text,
            position: position)
        let single = BoundExpression.call(name: "array literal", arguments: [text], .array(own), position: position)
        return .call(
            name: quantifier == .any ? "array any" : "array all",
            arguments: [bound, single, own.constant, .constant(.text(comparison.rawValue), .text)], .boolean,
            position: position)
    }

    /// `<@` and `&&`.
    func arraysCompared(
        _ function: String, _ left: Expression, _ right: Expression, _ name: String, at position: Int,
        _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        var a = try bind(left, context)
        var b = try bind(right, context)
        if a.type == .unknown, case .array = b.type { a = try coerce(a, to: b.type, at: left.position) }
        if b.type == .unknown, case .array = a.type { b = try coerce(b, to: a.type, at: right.position) }
        guard case .array(let own) = a.type, case .array(let other) = b.type else {
            throw .unsupported("operator \(name)", at: position)
        }
        guard own.kind == other.kind else { throw operatorMissing(name, a.type, b.type, at: position) }
        return .call(name: function, arguments: [a, b, own.constant], .boolean, position: position)
    }
}

extension ArrayElementType {
    /// The type as an argument of functions that are given texts only.
    var constant: BoundExpression { .constant(.integer(code), .bigint) }

    /// A numeric type without digits of its own gets as many as there can be.
    func withDigits(_ scale: Int) -> ArrayElementType {
        guard type == TypeCoercion.unconstrained else { return self }
        var constrained = self
        constrained.precision = LogicalType.maximumPrecision
        constrained.scale = scale
        return constrained
    }
}

extension BoundExpression {
    /// A text that compares as the array does, by its elements; any other expression is itself.
    var comparedArray: BoundExpression {
        guard case .array(let element) = type else { return self }
        return .call(name: "array key", arguments: [self, element.constant], .text, position: -1)
    }
}
