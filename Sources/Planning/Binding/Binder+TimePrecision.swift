import Columns
import SQL

/// `interval '3' day`, `x::interval hour to minute`, `interval(3) '1.23456 s'`, `timestamp(0) '2025-01-03 08:04:38.6'`.
extension Binder {
    /// An interval without what is smaller than the last of the fields, its seconds rounded to `precision` digits.
    ///
    /// In a literal a bare number counts the last of the fields.
    func interval(
        _ bound: BoundExpression, _ fields: IntervalFields, precision: Int?, _ place: Int, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        let names: [(IntervalFields, String)] = [
            (.second, "second"), (.minute, "minute"), (.hour, "hour"), (.day, "day"), (.month, "month"),
            (.year, "year"),
        ]
        let last = fields == .all ? "second" : names.first { fields.contains($0.0) }?.1 ?? "second"
        var value: BoundExpression
        if case .text(let text)? = bound.constantValue, bound.type == .unknown {
            do {
                let read = try LiteralReader.interval(text, unit: last, isMinutes: fields == [.minute, .second])
                value = .constant(.interval(read), .interval)
            } catch {
                throw PlanningError(error.message, at: position)
            }
        } else {
            value = try coerce(bound, to: .interval, at: position, explicit: true)
        }
        if last != "second" {
            guard case .interval(let whole)? = value.constantValue else {
                return .call(
                    name: "date_trunc", arguments: [.constant(.text(last), .text), value], .interval, position: position
                )
            }
            value = .constant(.interval(whole.truncated(to: last)), .interval)
        }
        guard let precision, precision < 6 else { return value }
        guard precision >= 0 else {
            throw PlanningError("INTERVAL(\(precision)) precision must not be negative", at: place)
        }
        guard case .interval(let whole)? = value.constantValue else {
            throw .unsupported("the precision of an interval that is no constant", at: place)
        }
        guard let microseconds = Self.rounded(whole.microseconds, toDigits: precision) else {
            throw PlanningError("interval out of range", at: position)
        }
        return .constant(
            .interval(IntervalValue(months: whole.months, days: whole.days, microseconds: microseconds)), .interval)
    }

    /// A timestamp whose seconds have so many digits.
    func rounded(_ value: BoundExpression, toDigits digits: Int, _ place: Int) throws(PlanningError) -> BoundExpression
    {
        guard digits >= 0 else {
            throw PlanningError("TIMESTAMP(\(digits)) precision must not be negative", at: place)
        }
        guard case .timestamp(let time)? = value.constantValue else {
            throw .unsupported(
                "the precision of a timestamp that is no constant", at: place, hint: "use date_trunc('second', …)")
        }
        // PostgreSQL counts from 2000, which tells which of two neighbours a half goes to.
        let origin: Int64 = 946_684_800_000_000
        let (sinceOrigin, overflow) = time.subtractingReportingOverflow(origin)
        guard !overflow else { return value }
        return .constant(.timestamp((Self.rounded(sinceOrigin, toDigits: digits) ?? sinceOrigin) + origin), .timestamp)
    }

    /// Microseconds as seconds with so many digits, halves away from zero; nil beyond the last microseconds of all, where PostgreSQL
    /// goes on at the other end.
    private static func rounded(_ microseconds: Int64, toDigits digits: Int) -> Int64? {
        var each: Int64 = 1
        for _ in digits..<6 { each *= 10 }
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: each)
        let offset = each / 2 * (microseconds < 0 ? -1 : 1)
        if microseconds.addingReportingOverflow(offset).overflow { return nil }
        return (whole + (2 * rest.magnitude >= each.magnitude ? rest.signum() : 0)) * each
    }
}

extension IntervalValue {
    /// Without what is smaller than the unit, toward zero.
    fileprivate func truncated(to unit: String) -> IntervalValue {
        func time(_ each: Int64) -> Int64 { microseconds / each * each }
        return switch unit {
        case "year": IntervalValue(months: months / 12 * 12)
        case "month": IntervalValue(months: months)
        case "day": IntervalValue(months: months, days: days)
        case "hour": IntervalValue(months: months, days: days, microseconds: time(3_600_000_000))
        default: IntervalValue(months: months, days: days, microseconds: time(60_000_000))
        }
    }
}
