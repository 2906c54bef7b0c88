import Columns

/// A month or a day within which a calendar function has one value: neighbouring rows mostly lie in the same one, and finding a
/// date costs far more than looking whether it did.
enum CalendarPeriod {
    case month, day

    /// `value` of each timestamp, asked once for neighbours of one period.
    ///
    /// - Parameter value: Must be the same for all timestamps of a period.
    func map(_ rows: [Int64], _ value: (Int64) -> Int64) -> [Int64] {
        var low = Int64.max
        var high = Int64.min
        var known: Int64 = 0
        return mapRows(rows, filler: 0) { timestamp in
            if timestamp >= low && timestamp < high { return known }
            (low, high) = bounds(around: timestamp)
            known = value(timestamp)
            return known
        }
    }

    /// The period's first microsecond and that of the next; where they do not fit 64 bits, of nothing.
    private func bounds(around timestamp: Int64) -> (Int64, Int64) {
        let day = Int(CivilTime.day(ofMicroseconds: timestamp))
        var first = day
        var count = 1
        if self == .month {
            let date = CivilDate(daysSinceEpoch: day)
            first = day - (date.day - 1)
            count = CivilDate.dayCount(year: date.year, month: date.month)
        }
        let (low, isLow) = Int64(first).multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
        let (high, isHigh) = Int64(first + count).multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
        return isLow || isHigh ? (.max, .min) : (low, high)
    }
}

extension DateTruncation {
    /// The starts of the units that timestamps lie in.
    func starts(ofTimestamps rows: [Int64]) -> [Int64] {
        switch self {
        case .month, .quarter, .year, .decade, .century, .millennium:
            CalendarPeriod.month.map(rows) { start(ofTimestamp: $0) }
        default: mapRows(rows, filler: 0) { start(ofTimestamp: $0) }
        }
    }
}

extension DateField {
    /// The field of each timestamp, × 10^scale.
    func values(ofTimestamps rows: [Int64]) -> [Int64] {
        switch self {
        case .month, .quarter, .year, .decade, .century, .millennium:
            CalendarPeriod.month.map(rows) { value(timestamp: $0) }
        case .day, .dow, .isodow, .doy, .week, .isoyear: CalendarPeriod.day.map(rows) { value(timestamp: $0) }
        case .hour: mapRows(rows, filler: 0) { DateField.time(of: $0) / 3_600_000_000 }
        case .minute: mapRows(rows, filler: 0) { DateField.time(of: $0) / 60_000_000 % 60 }
        case .second, .microseconds: mapRows(rows, filler: 0) { DateField.time(of: $0) % 60_000_000 }
        case .milliseconds: mapRows(rows, filler: 0) { DateField.time(of: $0) % 60_000_000 * 1000 }
        default: mapRows(rows, filler: 0) { value(timestamp: $0) }
        }
    }

    /// Microseconds since midnight.
    @inline(__always)
    private static func time(of timestamp: Int64) -> Int64 {
        let rest = timestamp % 86_400_000_000
        return rest &+ (86_400_000_000 & (rest >> 63))
    }
}
