import Columns

/// PostgreSQL's rules for types that meet: implicit casts, common types, result types of arithmetic.
enum TypeCoercion {
    /// A numeric type without digits of its own, as `::numeric` asks for.
    static let unconstrained = LogicalType.numeric(precision: 0, scale: 0)

    /// The numeric type that holds every value of an exact type.
    static func numeric(holding type: LogicalType) -> LogicalType {
        switch type {
        case .integer: .numeric(precision: 10, scale: 0)
        case .bigint: .numeric(precision: 19, scale: 0)
        default: type
        }
    }

    private static func digits(_ type: LogicalType) -> (precision: Int, scale: Int) {
        guard case .numeric(let precision, let scale) = numeric(holding: type) else { return (38, 0) }
        return (precision, scale)
    }

    /// Whether a value may become the other type without being asked, as PostgreSQL's implicit casts.
    static func isImplicit(from: LogicalType, to: LogicalType) -> Bool {
        if from == to || from == .unknown { return true }
        switch (from, to) {
        case (.integer, .bigint), (.integer, .numeric), (.integer, .double), (.bigint, .numeric), (.bigint, .double),
            (.numeric, .numeric), (.numeric, .double), (.date, .timestamp),
            (.date, .moment(.withZone)), (.timestamp, .moment(.withZone)), (.moment(.ofDay), .interval):
            return true
        default: return false
        }
    }

    /// Whether `cast` may turn one into the other.
    static func isExplicit(from: LogicalType, to: LogicalType) -> Bool {
        if isImplicit(from: from, to: to) || from == .text || to == .text { return true }
        if from.isNumber && to.isNumber { return true }
        switch (from, to) {
        case (.timestamp, .date), (.boolean, .integer), (.integer, .boolean), (.moment(.withZone), .timestamp),
            (.moment(.withZone), .date), (.moment(.withZone), .moment(.ofDay)), (.timestamp, .moment(.ofDay)),
            (.interval, .moment(.ofDay)):
            return true
        case (.array(let own), .array(let other)): return isExplicit(from: own.type, to: other.type)
        default: return false
        }
    }

    /// The type both values take in CASE, COALESCE, UNION and the like; nil if there is none. Unknown gives way.
    static func common(_ left: LogicalType, _ right: LogicalType) -> LogicalType? {
        if left == right || right == .unknown { return left }
        if left == .unknown { return right }
        if left.isNumber && right.isNumber {
            if left == .double || right == .double { return .double }
            if left.scale == 0, right.scale == 0, isInteger(left), isInteger(right) { return .bigint }
            let (leftDigits, rightDigits) = (digits(left), digits(right))
            let scale = max(leftDigits.scale, rightDigits.scale)
            let whole = max(leftDigits.precision - leftDigits.scale, rightDigits.precision - rightDigits.scale)
            return .numeric(precision: min(38, whole + scale), scale: scale)
        }
        switch (left, right) {
        case (.date, .timestamp), (.timestamp, .date): return .timestamp
        case (.moment(.withZone), .timestamp), (.moment(.withZone), .date), (.timestamp, .moment(.withZone)),
            (.date, .moment(.withZone)):
            return .moment(.withZone)
        case (.moment(.ofDay), .interval), (.interval, .moment(.ofDay)): return .interval
        case (.array(let own), .array(let other)): return common(own.type, other.type).map(\.asArray)
        default: return nil
        }
    }

    static func isInteger(_ type: LogicalType) -> Bool { type == .integer || type == .bigint }

    /// The result of arithmetic on two exact or double numbers.
    ///
    /// Division has max(16, scales) digits after the point where PostgreSQL chooses 16 significant digits or more. A
    /// product whose digits exceed 38 keeps at most 20 digits after the point (or its operands' scale if that is more).
    static func arithmetic(_ operation: ArithmeticOperator, _ left: LogicalType, _ right: LogicalType) -> LogicalType {
        if left == .double || right == .double { return .double }
        if isInteger(left), isInteger(right) { return left == .integer && right == .integer ? .integer : .bigint }
        let (leftDigits, rightDigits) = (digits(left), digits(right))
        let scale = max(leftDigits.scale, rightDigits.scale)
        let whole = max(leftDigits.precision - leftDigits.scale, rightDigits.precision - rightDigits.scale)
        switch operation {
        case .add, .subtract: return .numeric(precision: min(38, whole + scale + 1), scale: scale)
        case .multiply:
            let precision = leftDigits.precision + rightDigits.precision
            var product = leftDigits.scale + rightDigits.scale
            if precision > 38, product > 20 { product = max(20, scale) }
            return .numeric(precision: min(38, precision), scale: product)
        case .divide: return .numeric(precision: 38, scale: max(16, scale))
        case .modulo: return .numeric(precision: min(38, whole + scale), scale: scale)
        }
    }

    /// The name PostgreSQL uses in messages about operators and functions: without digits.
    static func messageName(_ type: LogicalType) -> String {
        if case .numeric = type { return "numeric" }
        if type == .timestamp { return "timestamp without time zone" }
        return type.name
    }
}
