import Columns

/// Calendar arithmetic as PostgreSQL does it.
enum Temporal {
    /// 4714-11-24 BC, where PostgreSQL's dates begin, to the last day that is a timestamp too, in the year 294247.
    static let dateRange: ClosedRange<Int32> = -2_440_588...106_751_990
    /// 4714-11-24 BC, where PostgreSQL's timestamps begin, to the last that 64 bits hold, in the year 294247.
    static let timestampRange: ClosedRange<Int64> = -210_866_803_200_000_000...(Int64.max - 1)

    /// Months first, with the day held within its month, then days, then time; nil out of range.
    ///
    /// What is infinite stays so.
    static func adding(_ interval: IntervalValue, to time: Int64, sign: Int64) -> Int64? {
        if CivilTime.isInfinite(microseconds: time) { return time }
        var day = Int(CivilTime.day(ofMicroseconds: time))
        let timeOfDay = time &- Int64(day) &* CivilTime.microsecondsPerDay
        if interval.months != 0 { day = addingMonths(Int(sign) * Int(interval.months), toDay: day) }
        day += Int(sign) * Int(interval.days)
        let (start, tooFar) = Int64(day).multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
        let (moved, beyond) = start.addingReportingOverflow(timeOfDay)
        let span = sign > 0 ? interval.microseconds : 0 &- interval.microseconds
        let (result, overflow) = moved.addingReportingOverflow(span)
        guard !tooFar, !beyond, !overflow, timestampRange.contains(result) else { return nil }
        return result
    }

    static func addingMonths(_ months: Int, toDay day: Int) -> Int {
        let date = CivilDate(daysSinceEpoch: day)
        let monthCount = date.year * 12 + (date.month - 1) + months
        let year = monthCount >= 0 ? monthCount / 12 : (monthCount - 11) / 12
        let month = monthCount - year * 12 + 1
        let lastDay = CivilDate.dayCount(year: year, month: month)
        return CivilDate(year: year, month: month, day: min(date.day, lastDay)).daysSinceEpoch
    }

    /// Fractions of months fall to days (30 a month), of days to time, as `interval_mul` and `interval_div` do.
    static func scaled(_ interval: IntervalValue, by factor: Double, dividing: Bool) -> IntervalValue? {
        func apply(_ value: Double) -> Double { dividing ? value / factor : value * factor }
        let exactMonths = apply(Double(interval.months))
        let exactDays = apply(Double(interval.days))
        guard exactMonths.magnitude < 2_147_483_648, exactDays.magnitude < 2_147_483_648 else { return nil }
        let months = exactMonths.rounded(.towardZero)
        var days = exactDays.rounded(.towardZero)
        let monthRemainderDays = toMicroseconds((exactMonths - months) * 30)
        var seconds = toMicroseconds(
            (exactDays - days + monthRemainderDays - monthRemainderDays.rounded(.towardZero)) * 86_400)
        // Rounding may have made a whole day of the fraction.
        if seconds.magnitude >= 86_400 {
            let carried = (seconds / 86_400).rounded(.towardZero)
            days += carried
            seconds -= carried * 86_400
        }
        days += monthRemainderDays.rounded(.towardZero)
        let time = (apply(Double(interval.microseconds)) + seconds * 1_000_000).rounded(.toNearestOrEven)
        guard let wholeMonths = Int32(exactly: months), let wholeDays = Int32(exactly: days),
            let microseconds = Int64(exactly: time)
        else { return nil }
        return IntervalValue(months: wholeMonths, days: wholeDays, microseconds: microseconds)
    }

    /// Rounded to 6 digits after the point (PostgreSQL's TSROUND).
    private static func toMicroseconds(_ value: Double) -> Double {
        (value * 1_000_000).rounded(.toNearestOrEven) / 1_000_000
    }

    /// What PostgreSQL compares intervals by: months of 30 days, days of 24 hours.
    static func comparable(_ interval: IntervalValue) -> Int128 {
        let days = Int128(interval.months) * 30 + Int128(interval.days)
        return days * Int128(CivilTime.microsecondsPerDay) + Int128(interval.microseconds)
    }

    /// The symbolic difference: years and months, days, time; both from `later` down to `earlier`.
    static func age(_ later: Int64, _ earlier: Int64) -> IntervalValue {
        if later < earlier {
            let age = positiveAge(from: later, to: earlier)
            return IntervalValue(months: -age.months, days: -age.days, microseconds: -age.microseconds)
        }
        return positiveAge(from: earlier, to: later)
    }

    /// Days are borrowed from the month of the earlier of the two times.
    private static func positiveAge(from start: Int64, to end: Int64) -> IntervalValue {
        let startDay = Int(CivilTime.day(ofMicroseconds: start))
        let endDay = Int(CivilTime.day(ofMicroseconds: end))
        let first = CivilDate(daysSinceEpoch: startDay)
        let last = CivilDate(daysSinceEpoch: endDay)
        var time =
            (end &- Int64(endDay) &* CivilTime.microsecondsPerDay)
            - (start &- Int64(startDay) &* CivilTime.microsecondsPerDay)
        var days = last.day - first.day
        var months = (last.year - first.year) * 12 + last.month - first.month
        if time < 0 {
            time += CivilTime.microsecondsPerDay
            days -= 1
        }
        while days < 0 {
            days += CivilDate.dayCount(year: first.year, month: first.month)
            months -= 1
        }
        return IntervalValue(
            months: Int32(truncatingIfNeeded: months), days: Int32(truncatingIfNeeded: days), microseconds: time)
    }
}
