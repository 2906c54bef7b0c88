import Columns

/// Values of expressions that are the same on every row. What it does not know, or what would be an error, it leaves to
/// the run: an error is an error only if a row needs it.
enum ConstantEvaluator {
    /// A constant as another type; nil if it does not fit or is not done here.
    static func cast(_ value: ScalarValue, from: LogicalType, to: LogicalType) -> BoundExpression? {
        if value.isNull { return .constant(.null, to) }
        if from == to { return .constant(value, to) }
        switch (value, to) {
        case (.integer(let number), .integer):
            return Int32(exactly: number) == nil ? nil : .constant(value, to)
        case (.integer, .bigint): return .constant(value, to)
        case (.integer(let number), .double): return .constant(.double(Double(number)), to)
        case (.integer(let number), .numeric): return numeric(Int128(number), 0, to)
        case (.integer(let number), .boolean) where from == .integer: return .constant(.boolean(number != 0), to)
        case (.boolean(let truth), .integer): return .constant(.integer(truth ? 1 : 0), to)
        case (.boolean(let truth), .text): return .constant(.text(truth ? "true" : "false"), to)
        case (.integer(let number), .text): return .constant(.text(String(number)), to)
        case (.numeric(let unscaled, let scale), .numeric): return numeric(unscaled, scale, to)
        case (.numeric(let unscaled, let scale), .double):
            return Double(DecimalText.string(unscaled: unscaled, scale: scale)).map { .constant(.double($0), to) }
        case (.numeric(let unscaled, let scale), .text):
            return .constant(.text(DecimalText.string(unscaled: unscaled, scale: scale)), to)
        case (.numeric(let unscaled, let scale), .integer), (.numeric(let unscaled, let scale), .bigint):
            guard let whole = ScaledNumber.rescale(unscaled, from: scale, to: 0), let number = Int64(exactly: whole),
                to == .bigint || Int32(exactly: number) != nil
            else { return nil }
            return .constant(.integer(number), to)
        case (.date(let day), .timestamp):
            return CivilTime.hasMidnight(day: day) ? .constant(.timestamp(CivilTime.midnight(ofDay: day)), to) : nil
        case (.timestamp(let time), .date): return .constant(.date(CivilTime.day(ofMicroseconds: time)), to)
        // Its elements are read where casts are computed.
        case (.text, .array): return nil
        case (.text(let text), _) where from == .text:
            if to == TypeCoercion.unconstrained { return nil }
            return (try? LiteralReader.read(text, as: to)).map { .constant($0, to) }
        default: return nil
        }
    }

    /// A number in a numeric type; without digits of its own the type becomes the narrowest one.
    static func numeric(_ unscaled: Int128, _ scale: Int, _ type: LogicalType) -> BoundExpression? {
        guard case .numeric(let precision, let wanted) = type else { return nil }
        if precision == 0 {
            return .constant(
                .numeric(unscaled: unscaled, scale: scale), ScaledNumber.type(unscaled: unscaled, scale: scale))
        }
        guard let value = ScaledNumber.rescale(unscaled, from: scale, to: wanted),
            value.magnitude < DecimalText.powers128[precision].magnitude
        else { return nil }
        return .constant(.numeric(unscaled: value, scale: wanted), type)
    }

    /// The order of two values of one type; nil for NULL and for types without a plain order here.
    static func compare(_ left: ScalarValue, _ right: ScalarValue) -> Int? {
        func order<Value: Comparable>(_ a: Value, _ b: Value) -> Int { a < b ? -1 : (b < a ? 1 : 0) }
        switch (left, right) {
        case (.boolean(let a), .boolean(let b)): return order(a ? 1 : 0, b ? 1 : 0)
        case (.integer(let a), .integer(let b)): return order(a, b)
        case (.double(let a), .double(let b)): return a.isNaN || b.isNaN ? nil : order(a, b)
        case (.date(let a), .date(let b)): return order(a, b)
        case (.timestamp(let a), .timestamp(let b)): return order(a, b)
        case (.text(let a), .text(let b)):
            // C collation: bytes.
            return a.utf8.elementsEqual(b.utf8) ? 0 : (a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1)
        case (.numeric(let a, let aScale), .numeric(let b, let bScale)):
            let scale = max(aScale, bScale)
            guard let wideA = ScaledNumber.rescale(a, from: aScale, to: scale),
                let wideB = ScaledNumber.rescale(b, from: bScale, to: scale)
            else { return nil }
            return order(wideA, wideB)
        default: return nil
        }
    }

    static func holds(_ comparison: ComparisonOperator, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    /// Arithmetic on two constants; nil where it would fail or is not done here.
    static func arithmetic(
        _ operation: ArithmeticOperator, _ left: ScalarValue, _ right: ScalarValue, _ type: LogicalType
    ) -> ScalarValue? {
        if left.isNull || right.isNull { return .null }
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return integer(operation, a, b, type)
        case (.numeric(let a, let aScale), .numeric(let b, let bScale)):
            return numeric(operation, (a, aScale), (b, bScale), type)
        case (.double(let a), .double(let b)): return double(operation, a, b)
        case (.date(let day), .integer(let count)):
            return operation == .add || operation == .subtract
                ? date(Int64(day), operation == .subtract ? -count : count) : nil
        case (.integer(let count), .date(let day)) where operation == .add: return date(Int64(day), count)
        case (.date(let a), .date(let b)) where operation == .subtract:
            return CivilTime.isInfinite(day: a) || CivilTime.isInfinite(day: b) ? nil : .integer(Int64(a) - Int64(b))
        case (.date(let day), .interval(let interval)):
            return shifted(CivilTime.midnight(ofDay: day), interval, operation)
        case (.timestamp(let time), .interval(let interval)): return shifted(time, interval, operation)
        case (.interval(let interval), .timestamp(let time)) where operation == .add:
            return shifted(time, interval, operation)
        case (.interval(let interval), .date(let day)) where operation == .add:
            return shifted(CivilTime.midnight(ofDay: day), interval, operation)
        default: return nil
        }
    }

    /// A day that PostgreSQL knows.
    private static func date(_ day: Int64, _ count: Int64) -> ScalarValue? {
        let sum = day + count
        guard sum >= WrittenMoment.firstDay, sum <= WrittenMoment.lastDay else { return nil }
        return Int32(exactly: sum).map { .date($0) }
    }

    private static func integer(_ operation: ArithmeticOperator, _ a: Int64, _ b: Int64, _ type: LogicalType)
        -> ScalarValue?
    {
        let (value, overflow): (Int64, Bool)
        switch operation {
        case .add: (value, overflow) = a.addingReportingOverflow(b)
        case .subtract: (value, overflow) = a.subtractingReportingOverflow(b)
        case .multiply: (value, overflow) = a.multipliedReportingOverflow(by: b)
        case .divide: (value, overflow) = a.dividedReportingOverflow(by: b)
        case .modulo: (value, overflow) = b == -1 ? (0, false) : a.remainderReportingOverflow(dividingBy: b)
        }
        if overflow || (type == .integer && Int32(exactly: value) == nil) { return nil }
        return .integer(value)
    }

    private static func numeric(
        _ operation: ArithmeticOperator, _ left: (unscaled: Int128, scale: Int),
        _ right: (unscaled: Int128, scale: Int),
        _ type: LogicalType
    ) -> ScalarValue? {
        guard case .numeric(let precision, let scale) = type else { return nil }
        let wide = max(left.scale, right.scale)
        var result: Int128?
        switch operation {
        case .add, .subtract, .modulo:
            guard let a = ScaledNumber.rescale(left.unscaled, from: left.scale, to: wide),
                let b = ScaledNumber.rescale(right.unscaled, from: right.scale, to: wide)
            else { return nil }
            let (value, overflow): (Int128, Bool) =
                switch operation {
                case .add: a.addingReportingOverflow(b)
                case .subtract: a.subtractingReportingOverflow(b)
                default: a.remainderReportingOverflow(dividingBy: b)
                }
            result = overflow ? nil : ScaledNumber.rescale(value, from: wide, to: scale)
        case .multiply:
            let (value, overflow) = left.unscaled.multipliedReportingOverflow(by: right.unscaled)
            result = overflow ? nil : ScaledNumber.rescale(value, from: left.scale + right.scale, to: scale)
        case .divide:
            guard right.unscaled != 0,
                let dividend = ScaledNumber.rescale(left.unscaled, from: left.scale, to: scale + right.scale)
            else { return nil }
            let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: right.unscaled)
            let isHalf = remainder.magnitude >= right.unscaled.magnitude - remainder.magnitude
            result = quotient + (isHalf ? ((dividend < 0) == (right.unscaled < 0) ? 1 : -1) : 0)
        }
        guard let result, result.magnitude < DecimalText.powers128[precision].magnitude else { return nil }
        return .numeric(unscaled: result, scale: scale)
    }

    private static func double(_ operation: ArithmeticOperator, _ a: Double, _ b: Double) -> ScalarValue? {
        switch operation {
        case .add: return finite(a + b)
        case .subtract: return finite(a - b)
        // What vanishes is an error, as what overflows is: the query says so where it runs.
        case .multiply: return a * b == 0 && a != 0 && b != 0 ? nil : finite(a * b)
        case .divide: return b == 0 || a / b == 0 && a != 0 ? nil : finite(a / b)
        case .modulo: return nil
        }
    }

    private static func finite(_ value: Double) -> ScalarValue? { value.isFinite ? .double(value) : nil }

    /// A timestamp moved by an interval: months first (the day cut to the month's last), then days, then time.
    static func shifted(_ time: Int64, _ interval: IntervalValue, _ operation: ArithmeticOperator) -> ScalarValue? {
        guard operation == .add || operation == .subtract else { return nil }
        let sign = operation == .add ? 1 : -1
        let day = CivilTime.day(ofMicroseconds: time)
        var date = CivilDate(daysSinceEpoch: Int(day))
        let month = date.year * 12 + date.month - 1 + sign * Int(interval.months)
        guard (12..<120_000).contains(month) else { return nil }
        date.year = month / 12
        date.month = month % 12 + 1
        date.day = min(date.day, CivilDate.dayCount(year: date.year, month: date.month))
        let days = date.daysSinceEpoch + sign * Int(interval.days)
        let timeOfDay = time - Int64(day) * CivilTime.microsecondsPerDay
        let (whole, overflow) = Int64(days).multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
        let (rest, restOverflow) = timeOfDay.addingReportingOverflow(Int64(sign) * interval.microseconds)
        let (sum, sumOverflow) = whole.addingReportingOverflow(rest)
        return overflow || restOverflow || sumOverflow ? nil : .timestamp(sum)
    }
}
