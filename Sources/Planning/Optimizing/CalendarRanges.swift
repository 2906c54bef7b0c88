import Columns

/// Conditions on the day, month or year of a moment, and on the midnight of a date, become ranges of the moment or date itself,
/// which zone maps know and no calendar is needed for: `settled_at::date = '2025-06-01'`, `date_trunc('month', settled_at) >= …`,
/// `extract(year from settled_at) = 2025`, `admission_date < date '2025-01-01' + interval '1 year'`.
///
/// NULL gives NULL as before, and infinite moments lie where their days do; the year of one, which `extract` refuses, is after or
/// before all years, as in PostgreSQL.
enum CalendarRanges: RewriteRule {
    static let name = "CalendarRanges"

    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        let inner = plan.mapInputs { apply($0, context) }
        switch inner {
        case .filter(let input, let condition): return .filter(input, ranged(condition))
        case .join(var node):
            guard let residual = node.residual else { return inner }
            node.residual = ranged(residual)
            return .join(node)
        default: return inner
        }
    }

    private static func ranged(_ expression: BoundExpression) -> BoundExpression {
        if case .subquery = expression { return expression }
        guard case .comparison(let comparison, let left, let right) = expression else { return expression.mapOperands(ranged) }
        if case .constant(let value, _) = right { return range(left, comparison, value) ?? expression }
        if case .constant(let value, _) = left { return range(right, comparison.swapped, value) ?? expression }
        return expression
    }

    /// A period: its first moment and that of the next one, in microseconds, or days where the column is a date.
    private struct Period {
        var start: Int64
        var next: Int64
        /// Whether the value compared with is the period's own, not one between two.
        var isExact: Bool
    }

    private static func range(_ expression: BoundExpression, _ comparison: ComparisonOperator, _ value: ScalarValue) -> BoundExpression? {
        switch expression {
        case .cast(let operand, to: .date, _) where operand.type == .timestamp && isPlain(operand):
            guard case .date(let day) = value, years.contains(CivilDate(daysSinceEpoch: Int(day)).year) else { return nil }
            let period = Period(start: CivilTime.midnight(ofDay: day), next: CivilTime.midnight(ofDay: day + 1), isExact: true)
            return condition(operand, comparison, period)
        // A date compared with a moment, such as a date and an interval: no date needs its midnight.
        case .cast(let operand, to: .timestamp, _) where operand.type == .date && isPlain(operand):
            guard case .timestamp = value, let moment = moment(value) else { return nil }
            let day = CivilTime.day(ofMicroseconds: moment)
            let isMidnight = CivilTime.midnight(ofDay: day) == moment
            return condition(operand, comparison, Period(start: Int64(day), next: Int64(day) + 1, isExact: isMidnight))
        case .call(name: "date_trunc", let arguments, .timestamp, _):
            guard arguments.count == 2, case .constant(.text(let unit), _) = arguments[0], arguments[1].type == .timestamp,
                isPlain(arguments[1]), let moment = moment(value), let period = period(unit, around: moment)
            else { return nil }
            return condition(arguments[1], comparison, period)
        case .call(name: "extract", let arguments, _, _), .call(name: "date_part", let arguments, _, _):
            guard arguments.count == 2, arguments[0] == .constant(.text("year"), .text), isPlain(arguments[1]),
                arguments[1].type == .timestamp || arguments[1].type == .date, let year = year(value)
            else { return nil }
            let days = [year, year + 1].map { Int64(CivilDate(year: $0, month: 1, day: 1).daysSinceEpoch) }
            let unit = arguments[1].type == .date ? 1 : CivilTime.microsecondsPerDay
            return condition(arguments[1], comparison, Period(start: days[0] * unit, next: days[1] * unit, isExact: true))
        default: return nil
        }
    }

    /// A column, or the day or another period of one: asking twice costs nothing.
    private static func isPlain(_ operand: BoundExpression) -> Bool {
        switch operand {
        case .column: true
        case .cast(let inner, let type, _): (type == .date || type == .timestamp) && isPlain(inner)
        case .call(name: "date_trunc", let arguments, _, _): arguments.count == 2 && isPlain(arguments[1])
        default: false
        }
    }

    /// What a comparison of a moment's period with a value says of the moment; nil where it says nothing simple.
    private static func condition(_ operand: BoundExpression, _ comparison: ComparisonOperator, _ period: Period) -> BoundExpression? {
        func from(_ start: Int64) -> BoundExpression { bound(operand, .greaterOrEqual, start) }
        func before(_ end: Int64) -> BoundExpression { bound(operand, .less, end) }
        switch comparison {
        case .equal:
            guard period.isExact else { return nil }
            // Inside of a period there may be another one: a month's days.
            return .and([ranged(from(period.start)), ranged(before(period.next))])
        case .notEqual: return nil
        case .greaterOrEqual: return ranged(from(period.isExact ? period.start : period.next))
        case .greater: return ranged(from(period.next))
        case .less: return ranged(before(period.isExact ? period.start : period.next))
        case .lessOrEqual: return ranged(before(period.next))
        }
    }

    private static func bound(_ operand: BoundExpression, _ comparison: ComparisonOperator, _ value: Int64) -> BoundExpression {
        operand.type == .date
            ? .comparison(comparison, operand, .constant(.date(Int32(value)), .date))
            : .comparison(comparison, operand, .constant(.timestamp(value), .timestamp))
    }

    /// Years whose periods, and those next to them, are far from the ends of all calendars.
    private static let years = 1...9000

    private static func moment(_ value: ScalarValue) -> Int64? {
        switch value {
        case .timestamp(let moment): years.contains(CivilDate(daysSinceEpoch: Int(CivilTime.day(ofMicroseconds: moment))).year) ? moment : nil
        case .date(let day): years.contains(CivilDate(daysSinceEpoch: Int(day)).year) ? CivilTime.midnight(ofDay: day) : nil
        default: nil
        }
    }

    /// A whole number that is such a year.
    private static func year(_ value: ScalarValue) -> Int? {
        let year: Int?
        switch value {
        case .integer(let number): year = Int(exactly: number)
        case .numeric(let unscaled, let scale):
            let (quotient, rest) = unscaled.quotientAndRemainder(dividingBy: DecimalText.powers128[min(max(scale, 0), 38)])
            year = rest == 0 && scale >= 0 ? Int(exactly: quotient) : nil
        case .double(let number): year = Int(exactly: number)
        default: year = nil
        }
        return year.flatMap { years.contains($0) ? $0 : nil }
    }

    private static func period(_ unit: String, around moment: Int64) -> Period? {
        func fixed(_ length: Int64, offset: Int64 = 0) -> Period {
            let rest = ((moment - offset) % length + length) % length
            return Period(start: moment - rest, next: moment - rest + length, isExact: rest == 0)
        }
        func months(_ count: Int) -> Period {
            let date = CivilDate(daysSinceEpoch: Int(CivilTime.day(ofMicroseconds: moment)))
            let first = (date.year * 12 + date.month - 1) / count * count
            let starts = [first, first + count].map { number in
                CivilTime.midnight(ofDay: Int32(CivilDate(year: number / 12, month: number % 12 + 1, day: 1).daysSinceEpoch))
            }
            return Period(start: starts[0], next: starts[1], isExact: starts[0] == moment)
        }
        return switch unit {
        case "second": fixed(1_000_000)
        case "minute": fixed(60_000_000)
        case "hour": fixed(3_600_000_000)
        case "day": fixed(CivilTime.microsecondsPerDay)
        // 1970-01-05 was a Monday.
        case "week": fixed(7 * CivilTime.microsecondsPerDay, offset: 4 * CivilTime.microsecondsPerDay)
        case "month": months(1)
        case "quarter": months(3)
        case "year": months(12)
        default: nil
        }
    }
}
