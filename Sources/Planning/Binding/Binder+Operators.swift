import Columns
import SQL

/// Operators: comparisons, arithmetic, concatenation.
extension Binder {
    private static let comparisons: [String: ComparisonOperator] = Dictionary(
        uniqueKeysWithValues: ComparisonOperator.allCases.map { ($0.rawValue, $0) })
    private static let arithmetics: [String: ArithmeticOperator] = Dictionary(
        uniqueKeysWithValues: ArithmeticOperator.allCases.map { ($0.rawValue, $0) })

    func bindBinary(
        _ name: String, _ left: Expression, _ right: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        if let comparison = Binder.comparisons[name] {
            if let rows = try compareRows(comparison, left, right, at: position, context) { return rows }
            return try compare(comparison, left, right, at: position, context)
        }
        if let operation = Binder.arithmetics[name] {
            let (a, b) = try operands(left, right, context)
            return try arithmetic(operation, a, b, leftAt: left.position, rightAt: right.position, at: position)
        }
        switch name {
        case "||": return try concatenation(left, right, at: position, context)
        case "^":
            let call = FunctionCall(
                name: ["power"], arguments: [.init(value: left), .init(value: right)], position: position)
            return try bindCall(call, at: position, context)
        case "^@":
            let call = FunctionCall(
                name: ["starts_with"], arguments: [.init(value: left), .init(value: right)], position: position)
            return try bindCall(call, at: position, context)
        case "~", "~*", "!~", "!~*": return try expressionMatch(name, left, right, at: position, context)
        case "~~", "!~~", "~~*", "!~~*":
            let match = PatternMatch(
                kind: name.hasSuffix("*") ? .ilike : .like, operand: left, pattern: right, escape: nil,
                negated: name.hasPrefix("!"))
            return try bind(Expression(.patternMatch(match), position: position), context)
        case "@>": return try arraysCompared("array within", right, left, name, at: position, context)
        case "<@": return try arraysCompared("array within", left, right, name, at: position, context)
        case "&&": return try arraysCompared("array overlap", left, right, name, at: position, context)
        case "&", "|", "#", "<<", ">>": return try bits(name, left, right, at: position, context)
        case "==": throw .unsupported("operator ==", at: position, hint: "write =")
        case "**": throw .unsupported("operator **", at: position, hint: "write ^ or power(x, y)")
        case "//": throw .unsupported("operator //", at: position, hint: "write /: of integers it leaves out the rest")
        default: throw .unsupported("operator \(name)", at: position)
        }
    }

    func comparisonOperator(_ name: String) -> ComparisonOperator? { Binder.comparisons[name] }

    func compare(
        _ comparison: ComparisonOperator, _ left: Expression, _ right: Expression, at position: Int,
        _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        do throws(PlanningError) {
            let (a, b) = try comparedOperands(left, right, comparison.rawValue, at: position, context)
            let bound = BoundExpression.comparison(comparison, a, b)
            guard overflowing(bound) else { return bound }
            let whole = Expression(.binary(comparison.rawValue, left, right), position: position)
            return longConstant(whole) ?? bound
        } catch where error.isLongNumber {
            guard let value = try comparedBeyond(comparison, left, right, context) else { throw error }
            return value
        }
    }

    func comparedOperands(
        _ left: Expression, _ right: Expression, _ name: String, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> (BoundExpression, BoundExpression) {
        let (a, b) = try operands(left, right, context)
        return try comparable(a, b, name, leftAt: left.position, rightAt: right.position, at: position)
    }

    /// A field of a row, and where it stands.
    private typealias RowField = (value: BoundExpression, position: Int)

    /// The fields of two rows that are compared; one of them may be a subquery of several columns.
    private func rows(
        _ left: Expression, _ right: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> (left: [RowField], right: [RowField])? {
        func fields(_ expression: Expression) throws(PlanningError) -> [RowField] {
            switch expression.kind {
            case .row(let items):
                var fields: [RowField] = []
                for item in items { fields.append((try bind(item, context), item.position)) }
                return fields
            case .scalarSubquery(let query):
                return try rowColumns(query, at: expression.position, context).map { ($0, expression.position) }
            default: throw operatorMissing("=", nil, .text, at: position)
            }
        }
        switch (left.kind, right.kind) {
        case (.row, .row), (.row, .scalarSubquery), (.scalarSubquery, .row): return (try fields(left), try fields(right))
        default: return nil
        }
    }

    /// Rows compare field by field; the first difference decides. Nil where these are no rows.
    private func compareRows(
        _ comparison: ComparisonOperator, _ left: Expression, _ right: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression? {
        /// The fields compared; bound anew each time, for a subquery among them to have identities of its own.
        func fields(_ comparison: ComparisonOperator) throws(PlanningError) -> [BoundExpression]? {
            guard let rows = try rows(left, right, at: position, context) else { return nil }
            guard rows.left.count == rows.right.count, !rows.left.isEmpty else {
                throw PlanningError("unequal number of entries in row expressions", at: position)
            }
            var parts: [BoundExpression] = []
            for (a, b) in zip(rows.left, rows.right) {
                let (first, second) = try comparable(
                    a.value, b.value, comparison.rawValue, leftAt: a.position, rightAt: b.position, at: position)
                parts.append(.comparison(comparison, first, second))
            }
            return parts
        }
        switch comparison {
        case .equal: return try fields(.equal).map { .and($0) }
        case .notEqual: return try fields(.notEqual).map { .or($0) }
        default:
            let strict: ComparisonOperator = comparison == .less || comparison == .lessOrEqual ? .less : .greater
            guard let equal = try fields(.equal), let ordered = try fields(strict), let last = try fields(comparison)?.last
            else { return nil }
            return Binder.ordered(equal: equal, ordered: ordered, last: last)
        }
    }

    /// Whether rows stand in an order: the first fields that are not equal say so, the last ones by `last`.
    static func ordered(equal: [BoundExpression], ordered: [BoundExpression], last: BoundExpression) -> BoundExpression {
        var result = last
        for index in stride(from: equal.count - 2, through: 0, by: -1) {
            result = .or([ordered[index], .and([equal[index], result])])
        }
        return result
    }

    private func concatenation(
        _ left: Expression, _ right: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let a = try bind(left, context)
        let b = try bind(right, context)
        if let joined = try arrayConcatenation(a, b, left, right, at: position) { return joined }
        // One side must be text; the other is cast.
        let isText = [a, b].contains { $0.type == .text || $0.type == .unknown }
        guard isText else { throw operatorMissing("||", a.type, b.type, at: position) }
        return .call(
            name: "concat_op",
            arguments: [try coerce(a, to: .text, at: left.position), try coerce(b, to: .text, at: right.position)],
            .text,
            position: position)
    }

    func bindUnary(
        _ name: String, _ operand: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        switch name {
        case "-", "+":
            var value = try bind(operand, context)
            if value.type == .unknown { value = try coerce(value, to: .double, at: operand.position) }
            guard value.type.isNumber || (value.type == .interval && name == "-") else {
                throw operatorMissing(name, nil, value.type, at: position)
            }
            return name == "+" ? value : .negate(value, value.type, position: position)
        case "@", "|/", "||/":
            let function = name == "@" ? "abs" : name == "|/" ? "sqrt" : "cbrt"
            // The roots are those of doubles, also where the function of their name has numerics.
            let double = Expression(.cast(operand, TypeName(name: "float8", position: position)), position: operand.position)
            let call = FunctionCall(
                name: [function], arguments: [.init(value: name == "@" ? operand : double)], position: position)
            return try bindCall(call, at: position, context)
        case "~":
            let value = try bind(operand, context)
            guard TypeCoercion.isInteger(value.type) else { throw operatorMissing(name, nil, value.type, at: position) }
            return .call(name: "bits not", arguments: [value], value.type, position: position)
        default: throw .unsupported("operator \(name)", at: position)
        }
    }

    /// Arithmetic on numbers, dates, timestamps and intervals.
    func arithmetic(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, leftAt: Int, rightAt: Int,
        at position: Int
    ) throws(PlanningError) -> BoundExpression {
        let name = operation.rawValue
        if left.type == .unknown, right.type == .unknown {
            if left.constantValue?.isNull == true || right.constantValue?.isNull == true {
                return .constant(.null, .integer)
            }
            throw PlanningError("operator is not unique: unknown \(name) unknown", at: position, hint: "add a cast")
        }
        let a = try coerce(left, to: operandType(left, beside: right, operation), at: leftAt)
        let b = try coerce(right, to: operandType(right, beside: left, operation), at: rightAt)
        if a.type.isNumber, b.type.isNumber {
            return try numbers(operation, a, b, leftAt: leftAt, rightAt: rightAt, at: position)
        }
        if let moment = try momentArithmetic(operation, a, b, leftAt: leftAt, rightAt: rightAt, at: position) { return moment }
        guard let (first, second, type) = try times(operation, a, b, leftAt: leftAt, rightAt: rightAt) else {
            throw operatorMissing(name, left.type, right.type, at: position)
        }
        return .arithmetic(operation, first, second, type, position: position)
    }

    /// An untyped literal takes the type of the other side; beside a date or timestamp, `+` wants an interval.
    private func operandType(
        _ operand: BoundExpression, beside other: BoundExpression, _ operation: ArithmeticOperator
    ) -> LogicalType {
        guard operand.type == .unknown else { return operand.type }
        switch other.type {
        case .date, .timestamp, .moment: return operation == .add ? .interval : other.type
        case .numeric: return TypeCoercion.unconstrained
        case .interval where operation == .multiply || operation == .divide: return .double
        default: return other.type
        }
    }

    private func numbers(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, leftAt: Int, rightAt: Int,
        at position: Int
    ) throws(PlanningError) -> BoundExpression {
        if left.type == .double || right.type == .double {
            if operation == .modulo { throw operatorMissing("%", left.type, right.type, at: position) }
            return .arithmetic(
                operation, try coerce(left, to: .double, at: leftAt), try coerce(right, to: .double, at: rightAt),
                .double,
                position: position)
        }
        if TypeCoercion.isInteger(left.type), TypeCoercion.isInteger(right.type) {
            return .arithmetic(
                operation, left, right, TypeCoercion.arithmetic(operation, left.type, right.type), position: position)
        }
        let a = try numericOperand(left, at: leftAt)
        let b = try numericOperand(right, at: rightAt)
        return .arithmetic(operation, a, b, TypeCoercion.arithmetic(operation, a.type, b.type), position: position)
    }

    /// PostgreSQL's date and time operators; nil where there is none.
    private func times(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, leftAt: Int, rightAt: Int
    ) throws(PlanningError) -> (BoundExpression, BoundExpression, LogicalType)? {
        switch (operation, left.type, right.type) {
        case (.add, .date, .integer), (.add, .integer, .date), (.subtract, .date, .integer): return (left, right, .date)
        case (.subtract, .date, .date): return (left, right, .integer)
        case (.add, .date, .interval), (.subtract, .date, .interval), (.add, .interval, .date),
            (.add, .timestamp, .interval), (.subtract, .timestamp, .interval), (.add, .interval, .timestamp):
            return (left, right, .timestamp)
        case (.subtract, .timestamp, .timestamp): return (left, right, .interval)
        case (.subtract, .date, .timestamp), (.subtract, .timestamp, .date):
            return (
                try coerce(left, to: .timestamp, at: leftAt), try coerce(right, to: .timestamp, at: rightAt), .interval
            )
        case (.add, .interval, .interval), (.subtract, .interval, .interval): return (left, right, .interval)
        case (.multiply, .interval, let type), (.divide, .interval, let type):
            guard type.isNumber else { return nil }
            return (left, try coerce(right, to: .double, at: rightAt), .interval)
        case (.multiply, let type, .interval):
            guard type.isNumber else { return nil }
            return (right, try coerce(left, to: .double, at: leftAt), .interval)
        default: return nil
        }
    }
}
