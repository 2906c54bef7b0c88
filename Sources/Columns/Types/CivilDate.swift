/// A date of the proleptic Gregorian calendar.
package struct CivilDate: Hashable, Comparable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int

    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Source: Howard Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days).
    @inlinable
    package init(daysSinceEpoch: Int) {
        let z = daysSinceEpoch + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        self.init(
            year: yearOfEra + era * 400 + (shiftedMonth < 10 ? 0 : 1),
            month: shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// Days since 1970-01-01 (days_from_civil). The date need not be checked.
    @inlinable
    package var daysSinceEpoch: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    @inlinable
    package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    @inlinable
    package static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether such a day exists, years 1 to 9999.
    @inlinable
    package var isValid: Bool {
        (1...9999).contains(year) && (1...12).contains(month) && day >= 1
            && day <= CivilDate.dayCount(year: year, month: month)
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// A timestamp as microseconds since 1970-01-01 00:00:00 without a zone.
package enum CivilTime {
    package static let microsecondsPerSecond: Int64 = 1_000_000
    package static let microsecondsPerDay: Int64 = 86_400_000_000

    /// A fraction of a second by its digits behind the point.
    ///
    /// As PostgreSQL: more than six digits are a double first, so that of two microseconds equally near the even one is taken.
    package static func microseconds(fraction digits: some Collection<UInt8>) -> Int64 {
        if digits.count > 6 {
            let fraction = Double("0." + String(decoding: digits, as: UTF8.self)) ?? 0
            return Int64((fraction * 1_000_000).rounded(.toNearestOrEven))
        }
        var value: Int64 = 0
        for digit in digits { value = value * 10 + Int64(digit &- 0x30) }
        for _ in digits.count..<6 { value *= 10 }
        return value
    }

    /// Whether a day is `infinity` or `-infinity`, later or earlier than all days: the ends of 32 bits.
    @inlinable
    package static func isInfinite(day: Int32) -> Bool { day == .max || day == .min }

    /// Whether a moment is `infinity` or `-infinity`: the ends of 64 bits.
    @inlinable
    package static func isInfinite(microseconds: Int64) -> Bool { microseconds == .max || microseconds == .min }

    /// When a day begins. Days reach farther than moments: one beyond these becomes the last (the first) that is not infinite.
    @inlinable
    package static func midnight(ofDay day: Int32) -> Int64 {
        if isInfinite(day: day) { return day == .max ? .max : .min }
        let (start, overflow) = Int64(day).multipliedReportingOverflow(by: 86_400_000_000)
        return overflow ? (day > 0 ? .max - 1 : .min + 1) : start
    }

    /// Whether a day is a moment, too, or infinite.
    @inlinable
    package static func hasMidnight(day: Int32) -> Bool { day.magnitude <= 106_751_990 || isInfinite(day: day) }

    /// Days since 1970-01-01 of a timestamp, rounded towards the past.
    @inlinable
    package static func day(ofMicroseconds microseconds: Int64) -> Int32 {
        if isInfinite(microseconds: microseconds) { return microseconds == .max ? .max : .min }
        let day = microseconds / 86_400_000_000
        return Int32(truncatingIfNeeded: microseconds % 86_400_000_000 < 0 ? day - 1 : day)
    }
}
