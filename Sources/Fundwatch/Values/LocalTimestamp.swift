import Columns

/// A day and a time of it, without a time zone: what the clock on the wall showed.
public struct LocalTimestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01 00:00:00.
    public let microsecondsSince1970: Int64

    /// The time that many microseconds after 1970-01-01 00:00:00.
    public init(microsecondsSince1970: Int64) { self.microsecondsSince1970 = microsecondsSince1970 }

    /// A time of a day; nil if the hour is not 0 to 23, or the minute, second or microsecond is not one.
    public init?(_ date: CalendarDate, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second), (0...999_999).contains(microsecond)
        else { return nil }
        let (start, overflow) = Int64(date.daysSince1970).multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
        let time = Int64((hour * 60 + minute) * 60 + second) * CivilTime.microsecondsPerSecond + Int64(microsecond)
        let (sum, carry) = start.addingReportingOverflow(time)
        guard !overflow, !carry else { return nil }
        microsecondsSince1970 = sum
    }

    /// The day it lies in.
    public var date: CalendarDate { CalendarDate(daysSince1970: Int(CivilTime.day(ofMicroseconds: microsecondsSince1970))) }

    /// Microseconds since its day began.
    public var microsecondOfDay: Int64 {
        let rest = microsecondsSince1970 % CivilTime.microsecondsPerDay
        return rest < 0 ? rest + CivilTime.microsecondsPerDay : rest
    }

    /// Whether the first time is before the second.
    public static func < (left: LocalTimestamp, right: LocalTimestamp) -> Bool {
        left.microsecondsSince1970 < right.microsecondsSince1970
    }
}
