import Columns

/// A day of the proleptic Gregorian calendar.
public struct CalendarDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01, which is 0.
    public let daysSince1970: Int

    /// The day that many days after 1970-01-01.
    public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    /// Nil if there is no such day, or the year is not between 1 and 9999.
    public init?(year: Int, month: Int, day: Int) {
        let civil = CivilDate(year: year, month: month, day: day)
        guard civil.isValid else { return nil }
        daysSince1970 = civil.daysSinceEpoch
    }

    /// Year, month (1 to 12) and day (1 to 31).
    public var components: (year: Int, month: Int, day: Int) {
        let civil = CivilDate(daysSinceEpoch: daysSince1970)
        return (civil.year, civil.month, civil.day)
    }

    /// Whether the first day is before the second.
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.daysSince1970 < right.daysSince1970 }
}

extension CalendarDate {
    var civil: CivilDate { CivilDate(daysSinceEpoch: daysSince1970) }
}
