import Columns
import Planning

/// Intervals brought into shape, and times cut into stretches.
enum TimeFunctions {
    static let all: [String: RowFunction] = [
        "justify_days": interval { justifiedDays($0) },
        "justify_hours": interval { justifiedHours($0) },
        "justify_interval": interval { value in
            var result = value
            // As PostgreSQL: hours and days of the other sign first, so that the steps do not overflow.
            result = justifiedHours(result)
            result = justifiedDays(result)
            if result.months > 0 && (result.days < 0 || result.days == 0 && result.microseconds < 0) {
                result.days += 30
                result.months -= 1
            } else if result.months < 0 && (result.days > 0 || result.days == 0 && result.microseconds > 0) {
                result.days -= 30
                result.months += 1
            }
            return signed(result)
        },
        "date_bin": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .interval(let stride) = values[0], case .timestamp(let time) = values[1],
                case .timestamp(let origin) = values[2]
            else { return .null }
            if stride.months != 0 {
                throw RowFailure("timestamps cannot be binned into intervals containing months or years")
            }
            let (days, overflow) = Int64(stride.days).multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
            let (width, carry) = days.addingReportingOverflow(stride.microseconds)
            if overflow || carry { throw RowFailure(.outOfRange("interval")) }
            if width <= 0 { throw RowFailure("stride must be greater than zero") }
            let distance = time - origin
            var steps = distance / width
            if distance % width < 0 { steps -= 1 }
            return .timestamp(origin + steps * width)
        },
        "to_timestamp number": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .double(let seconds) = values[0] else { return .null }
            let time = (seconds * 1_000_000).rounded(.toNearestOrEven)
            guard time.isFinite, abs(time) < 9.2e18 else { throw RowFailure("timestamp out of range: \"\(seconds)\"") }
            return .timestamp(Int64(time))
        },
        "make_interval": RowFunction { (values, _, _) throws(RowFailure) in
            func number(_ index: Int) -> Int64 { if case .integer(let value) = values[index] { value } else { 0 } }
            var seconds = 0.0
            if case .double(let value) = values[6] { seconds = value }
            let months = number(0) * 12 + number(1)
            let days = number(2) * 7 + number(3)
            let time =
                (number(4) * 3600 + number(5) * 60) * 1_000_000 + Int64((seconds * 1_000_000).rounded(.toNearestOrEven))
            guard let wholeMonths = Int32(exactly: months), let wholeDays = Int32(exactly: days) else {
                throw RowFailure(.outOfRange("interval"))
            }
            return .interval(IntervalValue(months: wholeMonths, days: wholeDays, microseconds: time))
        },
        "isfinite": RowFunction { (_, _, _) throws(RowFailure) in .boolean(true) },
    ]

    private static func interval(_ body: @escaping @Sendable (IntervalValue) -> IntervalValue) -> RowFunction {
        RowFunction { (values, _, _) throws(RowFailure) in
            guard case .interval(let value) = values[0] else { return .null }
            return .interval(body(value))
        }
    }

    private static func justifiedDays(_ value: IntervalValue) -> IntervalValue {
        var result = value
        result.months += result.days / 30
        result.days %= 30
        if result.months > 0 && result.days < 0 {
            result.days += 30
            result.months -= 1
        } else if result.months < 0 && result.days > 0 {
            result.days -= 30
            result.months += 1
        }
        return result
    }

    private static func justifiedHours(_ value: IntervalValue) -> IntervalValue {
        signed(
            IntervalValue(
                months: value.months,
                days: value.days &+ Int32(truncatingIfNeeded: value.microseconds / CivilTime.microsecondsPerDay),
                microseconds: value.microseconds % CivilTime.microsecondsPerDay))
    }

    /// Days and time of one sign.
    private static func signed(_ value: IntervalValue) -> IntervalValue {
        var result = value
        if result.days > 0 && result.microseconds < 0 {
            result.microseconds += CivilTime.microsecondsPerDay
            result.days -= 1
        } else if result.days < 0 && result.microseconds > 0 {
            result.microseconds -= CivilTime.microsecondsPerDay
            result.days += 1
        }
        return result
    }
}
