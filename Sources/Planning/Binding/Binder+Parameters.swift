import Columns
import SQL

/// `$1`: a value that is given, or a place whose type is found out.
extension Binder {
    /// What stands for a parameter of a type yet unknown. No literal begins with a zero byte.
    private static func placeholder(_ number: Int) -> BoundExpression { .constant(.text("\0\(number)"), .unknown) }

    private static func number(of value: ScalarValue) -> Int? {
        guard case .text(let text) = value, text.utf8.first == 0 else { return nil }
        return Int(text.dropFirst())
    }

    func bindParameter(_ number: Int, at position: Int) throws(PlanningError) -> BoundExpression {
        guard let given = try parameter(number, at: position) else {
            guard let known = parameterTypes[number] else { return Binder.placeholder(number) }
            guard !known.isArray else { throw .unsupported("an array", at: position) }
            return .constant(.null, Binder.shown(known.element))
        }
        switch given {
        case .items: throw .unsupported("an array", at: position, hint: "compare with `= any ($\(number))`")
        case .text(let text, let type): return try coerce(.constant(.text(text), .unknown), to: type.element, at: position)
        case .value(.numeric(let unscaled, let scale), _):
            return .constant(
                .numeric(unscaled: unscaled, scale: scale), ScaledNumber.type(unscaled: unscaled, scale: scale))
        case .value(let value, let type): return .constant(value, Binder.shown(type.element))
        }
    }

    /// The items of `any ($1)` or `all ($1)` as literals, nil while only types are asked for.
    ///
    /// - Parameter type: What the items are compared with.
    func parameterItems(
        _ number: Int, comparedWith type: LogicalType, at position: Int
    ) throws(PlanningError) -> [Expression]? {
        guard let given = try parameter(number, at: position) else {
            if parameterTypes[number] == nil { parameterTypes[number] = ParameterType(type, isArray: true) }
            return nil
        }
        guard case .items(let items) = given else {
            throw PlanningError("op ANY/ALL (array) requires array on right side", at: position)
        }
        return items.map { Expression(.literal($0.map { .string($0) } ?? .null), position: position) }
    }

    /// Takes note of the type that something demands of a parameter; nil if the constant is none.
    func typedPlaceholder(_ value: ScalarValue, as type: LogicalType) -> BoundExpression? {
        guard let number = Binder.number(of: value) else { return nil }
        if parameterTypes[number] == nil { parameterTypes[number] = ParameterType(type) }
        return .constant(.null, Binder.shown(type))
    }

    /// The value that is given, nil while only types are asked for.
    private func parameter(_ number: Int, at position: Int) throws(PlanningError) -> ParameterValue? {
        switch options.parameters {
        case .given(let values) where values.indices.contains(number - 1): return values[number - 1]
        case .declared(let types) where (1...QueryParameters.limit).contains(number):
            if parameterTypes[number] == nil, types.indices.contains(number - 1), let type = types[number - 1] {
                parameterTypes[number] = type
            }
            return nil
        default: throw PlanningError("there is no parameter $\(number)", at: position)
        }
    }

    /// A type that a column can have.
    private static func shown(_ type: LogicalType) -> LogicalType {
        type == TypeCoercion.unconstrained ? .numeric(precision: 38, scale: 10) : type
    }
}
