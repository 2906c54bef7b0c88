import Columns
import SQL

/// Expressions of constants, computed with as many digits as PostgreSQL has.
///
/// Nil means that an expression is not the same on every row, is an error, or has something in it that is not known here.
enum LongConstants {
    /// A value and what is known of its type.
    enum Value: Equatable {
        case null
        case boolean(Bool)
        case integer(Int64)
        case numeric(LongNumber)
        case double(Double)
        /// The double that a real is.
        case real(Double)
        case text(String)
        /// A quoted literal that nothing has given a type yet.
        case untyped(String)
    }

    static func value(of expression: Expression) -> Value? {
        switch expression.kind {
        case .literal(let literal): return value(of: literal)
        case .cast(let operand, let type): return value(of: operand).flatMap { cast($0, to: type) }
        case .unary(let name, let operand): return value(of: operand).flatMap { signed(name, $0) }
        case .binary(let name, let left, let right):
            guard let a = value(of: left), let b = value(of: right) else { return nil }
            return binary(name, a, b)
        case .function(let call): return function(call)
        case .isNull(let operand, let negated): return value(of: operand).map { .boolean(($0 == .null) != negated) }
        case .isDistinctFrom(let left, let right, let negated):
            guard let a = value(of: left), let b = value(of: right) else { return nil }
            if a == .null || b == .null { return .boolean((a != b) != negated) }
            return order(a, b).map { .boolean(($0 != 0) != negated) }
        case .nullIf(let left, let right):
            guard let a = value(of: left), let b = value(of: right) else { return nil }
            if a == .null || b == .null { return a }
            return order(a, b).map { $0 == 0 ? .null : a }
        case .extract(let field, let operand): return infinitePart(field, operand)
        case .between(let operand, let low, let high, false, let negated):
            guard let isAbove = compared(">=", operand, low), let isBelow = compared("<=", operand, high) else {
                return nil
            }
            return decided([isAbove, isBelow], by: false, negated)
        case .inList(let operand, let items, let negated):
            var answers: [Value] = []
            for item in items {
                guard let isEqual = compared("=", operand, item) else { return nil }
                answers.append(isEqual)
            }
            return decided(answers, by: true, negated)
        case .greatest(let items), .least(let items):
            var (numbers, hasNumeric) = ([LongNumber](), false)
            for item in items {
                guard let value = value(of: item) else { return nil }
                if value == .null { continue }
                guard let number = number(value) else { return nil }
                numbers.append(number)
                hasNumeric = hasNumeric || isNumeric(value)
            }
            // Among integers alone it is one of them.
            guard hasNumeric else { return nil }
            let isGreatest = if case .greatest = expression.kind { true } else { false }
            return LongNumber.call(isGreatest ? "greatest" : "least", numbers).map { .numeric($0) }
        case .coalesce(let items):
            var values: [Value] = []
            for item in items {
                guard let value = value(of: item) else { return nil }
                values.append(value)
            }
            return unified(values)
        default: return nil
        }
    }

    private static func compared(_ name: String, _ left: Expression, _ right: Expression) -> Value? {
        value(of: left).flatMap { first in value(of: right).flatMap { binary(name, first, $0) } }
    }

    /// What answers come to of which one is enough to decide, and NULL leaves it open.
    private static func decided(_ answers: [Value], by truth: Bool, _ negated: Bool) -> Value {
        if answers.contains(.boolean(truth)) { return .boolean(truth != negated) }
        return answers.contains(.null) ? .null : .boolean(truth == negated)
    }

    /// What EXTRACT gives of an infinite time written out: infinity itself of what only ever grows, NULL of what comes round.
    private static func infinitePart(_ field: String, _ operand: Expression) -> Value? {
        guard case .cast(let literal, let type) = operand.kind, type.name == "date" || type.name == "timestamp",
            case .literal(.string(let text)) = literal.kind
        else { return nil }
        let unit = DateFields.aliases[field] ?? field
        guard DateFields.extractable.contains(unit),
            case .infinite(let isNegative)? = LongNumber(LiteralReader.trim(text)),
            ["infinity", "-infinity"].contains(LiteralReader.trim(text).lowercased())
        else { return nil }
        let grows = ["epoch", "julian", "year", "isoyear", "decade", "century", "millennium"].contains(unit)
        return grows ? .numeric(.infinite(isNegative: isNegative)) : nil
    }

    private static func value(of literal: Literal) -> Value? {
        switch literal {
        case .integer(let number): .integer(number)
        case .decimal(let text): LongNumber(text).map { .numeric($0) }
        case .string(let text): .untyped(text)
        case .boolean(let value): .boolean(value)
        case .null: .null
        }
    }

    /// The first value that is not NULL, where all can be numerics.
    private static func unified(_ values: [Value]) -> Value? {
        guard values.allSatisfy({ $0 == .null || number($0) != nil }) else { return nil }
        let first = values.first { $0 != .null } ?? .null
        if values.contains(where: isNumeric) { return number(first).map { .numeric($0) } ?? .null }
        if case .untyped = first { return nil }
        return first
    }

    /// A value as an operand beside a numeric.
    private static func number(_ value: Value) -> LongNumber? {
        switch value {
        case .integer(let number): LongNumber(number)
        case .numeric(let number): number
        case .untyped(let text): LongNumber(LiteralReader.trim(text))
        default: nil
        }
    }

    private static func double(_ value: Value) -> Double? {
        switch value {
        case .double(let number), .real(let number): number
        case .untyped(let text): LiteralReader.double(LiteralReader.trim(text))
        default: number(value).flatMap(\.double)
        }
    }

    private static func isNumeric(_ value: Value) -> Bool { if case .numeric = value { true } else { false } }

    private static func isDouble(_ value: Value) -> Bool {
        switch value {
        case .double, .real: true
        default: false
        }
    }

    private static func signed(_ name: String, _ value: Value) -> Value? {
        switch (name, value) {
        case (_, .null): return .null
        case ("+", .numeric), ("+", .integer), ("+", .double), ("+", .real): return value
        case ("-", .numeric(let number)): return .numeric(number.negated)
        case ("-", .double(let number)): return .double(-number)
        case ("-", .real(let number)): return .real(-number)
        case ("-", .integer(let number)): return number == .min ? nil : .integer(-number)
        case ("@", .numeric(let number)): return .numeric(number.magnitude)
        default: return nil
        }
    }

    private static func binary(_ name: String, _ left: Value, _ right: Value) -> Value? {
        if let comparison = ComparisonOperator(rawValue: name) {
            if left == .null || right == .null { return .null }
            return order(left, right).map { .boolean(ConstantEvaluator.holds(comparison, $0)) }
        }
        if name == "||", let joined = joined(left, right) { return joined }
        guard isNumeric(left) || isNumeric(right) else {
            guard case .integer(let a) = left, case .integer(let b) = right,
                let operation = ArithmeticOperator(rawValue: name),
                case .integer(let number)? = ConstantEvaluator.arithmetic(
                    operation, .integer(a), .integer(b),
                    [a, b].allSatisfy { Int32(exactly: $0) != nil } ? .integer : .bigint)
            else { return nil }
            return .integer(number)
        }
        if left == .null || right == .null { return ["+", "-", "*", "/", "%", "^"].contains(name) ? .null : nil }
        guard let a = number(left), let b = number(right) else { return nil }
        let result: LongNumber?
        switch name {
        case "+": result = a.plus(b)
        case "-": result = a.plus(b.negated)
        case "*": result = a.times(b)
        case "/": result = a.divided(by: b)
        case "%": result = a.rest(by: b)
        case "^": result = LongNumber.call("power", [a, b])
        default: result = nil
        }
        return result.map { .numeric($0) }
    }

    /// A numeric beside a text, as text.
    private static func joined(_ left: Value, _ right: Value) -> Value? {
        switch (left, right) {
        case (.numeric(let number), .text(let text)), (.numeric(let number), .untyped(let text)):
            .text(number.text + text)
        case (.text(let text), .numeric(let number)), (.untyped(let text), .numeric(let number)):
            .text(text + number.text)
        default: nil
        }
    }

    /// The order of two values that are not NULL: as doubles if one is, else exactly.
    private static func order(_ left: Value, _ right: Value) -> Int? {
        if isDouble(left) || isDouble(right) {
            guard let a = double(left), let b = double(right) else { return nil }
            // As PostgreSQL orders them: NaN last, and equal to itself.
            if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : a.isNaN ? 1 : -1 }
            return a == b ? 0 : a < b ? -1 : 1
        }
        if case .untyped = left, case .untyped = right { return nil }
        guard let a = number(left), let b = number(right) else { return nil }
        return a.order(b)
    }

    private static func function(_ call: FunctionCall) -> Value? {
        guard call.name.count == 1, call.over == nil, call.filter == nil, !call.isStar, !call.isDistinct,
            !call.isVariadic,
            call.orderBy.isEmpty, call.arguments.allSatisfy({ $0.name == nil })
        else { return nil }
        let name = FunctionSignatures.aliases[call.name[0]] ?? call.name[0]
        var values: [Value] = []
        for argument in call.arguments {
            guard let value = value(of: argument.value) else { return nil }
            values.append(value)
        }
        if name == "factorial", values.count == 1, case .integer(let number) = values[0] {
            return LongNumber.factorial(number).map { .numeric($0) }
        }
        // Of numerics alone there are these.
        let isExact =
            ["div", "scale", "min_scale", "trim_scale"].contains(name)
            || ["round", "trunc"].contains(name) && values.count == 2
        guard isExact || values.contains(where: isNumeric), !values.contains(where: isDouble) else { return nil }
        if values.contains(.null) { return isExact || LongNumber.functions.contains(name) ? .null : nil }
        if name == "width_bucket", values.count == 4, case .integer(let count) = values[3],
            let value = number(values[0]), let low = number(values[1]), let high = number(values[2])
        {
            return LongNumber.bucket(value, low, high, count).map { .integer($0) }
        }
        if isExact, values.count == 2, name != "div" {
            guard let number = number(values[0]), case .integer(let digits) = values[1] else { return nil }
            // PostgreSQL has 2,000 digits for each of both.
            let places = Int(max(-2000, min(2000, digits)))
            return .numeric(name == "round" ? number.rounded(to: places) : number.cut(to: places))
        }
        var numbers: [LongNumber] = []
        for value in values {
            guard let number = number(value) else { return nil }
            numbers.append(number)
        }
        if name == "scale" || name == "min_scale", numbers.count == 1 {
            return (name == "scale" ? numbers[0].scale : numbers[0].leastScale).map { .integer(Int64($0)) } ?? .null
        }
        return LongNumber.call(name, numbers).map { .numeric($0) }
    }
}
