import Columns
import Planning

/// Intervals brought into shape, and times cut into stretches.
enum TimeFunctions {
    static let all: [String: RowFunction] = [
        "justify_days": interval { (value) throws(RowFailure) in try justifiedDays(value) },
        "justify_hours": interval { (value) throws(RowFailure) in try justifiedHours(value) },
        "justify_interval": interval { (given) throws(RowFailure) in
            var value = given
            if value.days > 0 && value.microseconds > 0 || value.days < 0 && value.microseconds < 0 {
                // First, for the days of the hours to have room.
                value.months = try sum(value.months, Int64(value.days / 30))
                value.days %= 30
            }
            var result = try justifiedDays(try justifiedHours(value))
            if result.months > 0 && (result.days < 0 || result.days == 0 && result.microseconds < 0) {
                result.days += 30
                result.months -= 1
            } else if result.months < 0 && (result.days > 0 || result.days == 0 && result.microseconds > 0) {
                result.days -= 30
                result.months += 1
            }
            return signed(result)
        },
        "interval months": part { Int64($0.months) },
        "interval days": part { Int64($0.days) },
        "interval time": part { $0.microseconds },
        "interval span": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .interval(let interval) = values[0] else { return .null }
            return .numeric(unscaled: TimeFunctions.days(of: interval) + Int128(interval.microseconds), scale: 0)
        },
        "interval parts": part { Int64($0.months) << 32 | Int64(UInt32(bitPattern: $0.days)) },
        "interval of span": RowFunction { (values, _, _) throws(RowFailure) in
            guard let span = whole(values[0]), case .integer(let parts) = values[1] else { return .null }
            var interval = IntervalValue(
                months: Int32(truncatingIfNeeded: parts >> 32), days: Int32(truncatingIfNeeded: parts))
            interval.microseconds = Int64(truncatingIfNeeded: span - TimeFunctions.days(of: interval))
            return .interval(interval)
        },
        "interval of": RowFunction { (values, _, _) throws(RowFailure) in
            guard let months = whole(values[0]).flatMap({ Int32(exactly: $0) }),
                let days = whole(values[1]).flatMap({ Int32(exactly: $0) }),
                let microseconds = whole(values[2]).flatMap({ Int64(exactly: $0) })
            else { throw RowFailure(.outOfRange("interval")) }
            return .interval(IntervalValue(months: months, days: days, microseconds: microseconds))
        },
        "make_interval": RowFunction { (values, _, _) throws(RowFailure) in
            var parts = values.map { if case .integer(let number) = $0 { Int128(number) } else { Int128(0) } }
            parts += [Int128](repeating: 0, count: 7 - parts.count)
            var microseconds = (parts[4] * 60 + parts[5]) * 60_000_000
            if values.count == 7, case .double(let seconds) = values[6] {
                let time = (seconds * 1_000_000).rounded(.toNearestOrEven)
                guard abs(time) < 9.2e18 else { throw RowFailure("interval out of range") }
                microseconds += Int128(time)
            }
            guard let months = Int32(exactly: parts[0] * 12 + parts[1]), let days = Int32(exactly: parts[2] * 7 + parts[3]),
                let time = Int64(exactly: microseconds)
            else { throw RowFailure("interval out of range") }
            return .interval(IntervalValue(months: months, days: days, microseconds: time))
        },
        "date_bin": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .interval(let stride) = values[0], case .timestamp(let time) = values[1],
                case .timestamp(let origin) = values[2]
            else { return .null }
            if CivilTime.isInfinite(microseconds: time) { return values[1] }
            if CivilTime.isInfinite(microseconds: origin) { throw RowFailure("origin out of range") }
            if stride.months != 0 {
                throw RowFailure("timestamps cannot be binned into intervals containing months or years")
            }
            let (days, overflow) = Int64(stride.days).multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
            let (width, carry) = days.addingReportingOverflow(stride.microseconds)
            if overflow || carry { throw RowFailure(.outOfRange("interval")) }
            if width <= 0 { throw RowFailure("stride must be greater than zero") }
            let (distance, isTooFar) = time.subtractingReportingOverflow(origin)
            if isTooFar { throw RowFailure(.outOfRange("interval")) }
            var steps = distance / width
            if distance % width < 0 { steps -= 1 }
            // Between the time less the width and the time.
            let (bin, isTooEarly) = origin.addingReportingOverflow(steps &* width)
            if isTooEarly { throw RowFailure(.outOfRange("timestamp")) }
            return .timestamp(bin)
        },
        "to_timestamp number": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .double(let seconds) = values[0] else { return .null }
            let time = (seconds * 1_000_000).rounded(.toNearestOrEven)
            guard time.isFinite, abs(time) < 9.2e18 else { throw RowFailure("timestamp out of range: \"\(seconds)\"") }
            return .timestamp(Int64(time))
        },
        "isfinite": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .timestamp(let time) = values[0] else { return .boolean(true) }
            return .boolean(!CivilTime.isInfinite(microseconds: time))
        },
    ]

    private static func part(_ part: @escaping @Sendable (IntervalValue) -> Int64) -> RowFunction {
        RowFunction { (values, _, _) throws(RowFailure) in
            guard case .interval(let value) = values[0] else { return .null }
            return .integer(part(value))
        }
    }

    /// The microseconds of an interval's months and days, of 30 days and of 24 hours.
    private static func days(of interval: IntervalValue) -> Int128 {
        (Int128(interval.months) * 30 + Int128(interval.days)) * Int128(CivilTime.microsecondsPerDay)
    }

    private static func whole(_ value: ScalarValue) -> Int128? {
        switch value {
        case .numeric(let unscaled, 0): unscaled
        case .integer(let number): Int128(number)
        default: nil
        }
    }

    private static func interval(
        _ body: @escaping @Sendable (IntervalValue) throws(RowFailure) -> IntervalValue
    ) -> RowFunction {
        RowFunction { (values, _, _) throws(RowFailure) in
            guard case .interval(let value) = values[0] else { return .null }
            return .interval(try body(value))
        }
    }

    private static func justifiedDays(_ value: IntervalValue) throws(RowFailure) -> IntervalValue {
        var result = value
        result.months = try sum(result.months, Int64(result.days / 30))
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

    private static func justifiedHours(_ value: IntervalValue) throws(RowFailure) -> IntervalValue {
        signed(
            IntervalValue(
                months: value.months, days: try sum(value.days, value.microseconds / CivilTime.microsecondsPerDay),
                microseconds: value.microseconds % CivilTime.microsecondsPerDay))
    }

    private static func sum(_ value: Int32, _ more: Int64) throws(RowFailure) -> Int32 {
        guard let sum = Int32(exactly: Int64(value) + more) else { throw RowFailure(.outOfRange("interval")) }
        return sum
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
