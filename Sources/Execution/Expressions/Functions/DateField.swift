import Columns

/// What `extract` and `date_part` ask for.
///
/// Computed on NULL rows too, which may hold anything: what could overflow there wraps.
enum DateField: String, Sendable {
    case century, day, decade, dow, doy, epoch, hour, isodow, isoyear, julian, microseconds, millennium, milliseconds
    case minute, month, quarter, second, week, year

    /// Whether a later time has no smaller value.
    var growsWithTime: Bool {
        switch self {
        case .century, .decade, .epoch, .isoyear, .julian, .millennium, .year: true
        default: false
        }
    }

    /// Digits after the point that the field's value may have.
    var scale: Int {
        switch self {
        case .epoch, .second, .milliseconds, .julian: 6
        default: 0
        }
    }

    /// The field of a timestamp, × 10^scale.
    func value(timestamp: Int64) -> Int64 {
        let day = CivilTime.day(ofMicroseconds: timestamp)
        let time = timestamp &- Int64(day) &* CivilTime.microsecondsPerDay
        switch self {
        case .hour: return time / 3_600_000_000
        case .minute: return time / 60_000_000 % 60
        case .second: return time % 60_000_000
        case .milliseconds: return time % 60_000_000 * 1000
        case .microseconds: return time % 60_000_000
        case .epoch: return timestamp
        case .julian:
            // Time as a fraction of a day with 6 digits, rounded.
            return (Int64(day) + 2_440_588) * 1_000_000 + (time + 43_200) / 86_400
        default: return value(day: day)
        }
    }

    /// The field of a date, × 10^scale; the fields of a time of day are 0.
    func value(day: Int32) -> Int64 {
        switch self {
        case .epoch: return Int64(day) &* CivilTime.microsecondsPerDay
        case .julian: return (Int64(day) + 2_440_588) * 1_000_000
        case .dow: return Int64((((Int(day) + 4) % 7) + 7) % 7)
        case .isodow: return Int64((((Int(day) + 3) % 7) + 7) % 7) + 1
        case .hour, .minute, .second, .milliseconds, .microseconds: return 0
        default: return value(date: CivilDate(daysSinceEpoch: Int(day)), day: Int(day))
        }
    }

    private func value(date: CivilDate, day: Int) -> Int64 {
        let year = Int64(date.year)
        switch self {
        case .year: return year > 0 ? year : year - 1
        case .month: return Int64(date.month)
        case .day: return Int64(date.day)
        case .quarter: return Int64((date.month - 1) / 3 + 1)
        case .doy: return Int64(day - CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch + 1)
        case .week: return Int64(IsoWeek(day: day).week)
        case .isoyear:
            let isoYear = Int64(IsoWeek(day: day).year)
            return isoYear > 0 ? isoYear : isoYear - 1
        case .decade: return year >= 0 ? year / 10 : -((8 - (year - 1)) / 10)
        case .century: return year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100)
        case .millennium: return year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000)
        default: return 0
        }
    }

    /// The field of an interval, × 10^scale; nil for fields that intervals do not have.
    func value(interval: IntervalValue) -> Int128? {
        let months = Int128(interval.months)
        let time = Int128(interval.microseconds)
        switch self {
        case .microseconds: return time % 60_000_000
        case .milliseconds: return time % 60_000_000 * 1000
        case .second: return time % 60_000_000
        case .minute: return time / 60_000_000 % 60
        case .hour: return time / 3_600_000_000
        case .day: return Int128(interval.days)
        case .month: return months % 12
        case .quarter: return months % 12 / 3 + 1
        case .year: return months / 12
        case .decade: return months / 120
        case .century: return months / 1200
        case .millennium: return months / 12_000
        case .epoch:
            // A year counts 365.25 days, a month 30.
            let seconds = months / 12 * 31_557_600 + months % 12 * 2_592_000 + Int128(interval.days) * 86_400
            return seconds * 1_000_000 + time
        default: return nil
        }
    }
}

/// The week of ISO 8601 that a day falls in: weeks begin on Monday, week 1 has the year's first Thursday.
struct IsoWeek {
    let year: Int
    let week: Int

    init(day: Int) {
        let weekday = (((day + 3) % 7) + 7) % 7
        let thursday = day - weekday + 3
        year = CivilDate(daysSinceEpoch: thursday).year
        week = (thursday - CivilDate(year: year, month: 1, day: 1).daysSinceEpoch) / 7 + 1
    }
}
