import Columns

/// The units `date_trunc` cuts at.
enum DateTruncation: String, Sendable {
    case century, day, decade, hour, microseconds, millennium, milliseconds, minute, month, quarter, second, week, year

    /// The start of the unit a timestamp lies in. Wraps where the start lies before all timestamps, as may be on NULL
    /// rows.
    func start(ofTimestamp timestamp: Int64) -> Int64 {
        if CivilTime.isInfinite(microseconds: timestamp) { return timestamp }
        let day = Int(CivilTime.day(ofMicroseconds: timestamp))
        let midnight = Int64(day) &* CivilTime.microsecondsPerDay
        let time = timestamp &- midnight
        switch self {
        case .microseconds: return timestamp
        case .milliseconds: return midnight &+ time / 1000 * 1000
        case .second: return midnight &+ time / 1_000_000 * 1_000_000
        case .minute: return midnight &+ time / 60_000_000 * 60_000_000
        case .hour: return midnight &+ time / 3_600_000_000 * 3_600_000_000
        case .day: return midnight
        case .week: return Int64(day - (((day + 3) % 7) + 7) % 7) &* CivilTime.microsecondsPerDay
        default: break
        }
        let date = CivilDate(daysSinceEpoch: day)
        let start: CivilDate
        switch self {
        case .month: start = CivilDate(year: date.year, month: date.month, day: 1)
        case .quarter: start = CivilDate(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)
        case .year: start = CivilDate(year: date.year, month: 1, day: 1)
        case .decade: start = CivilDate(year: floored(date.year, 10), month: 1, day: 1)
        case .century: start = CivilDate(year: floored(date.year - 1, 100) + 1, month: 1, day: 1)
        default: start = CivilDate(year: floored(date.year - 1, 1000) + 1, month: 1, day: 1)
        }
        return Int64(start.daysSinceEpoch) &* CivilTime.microsecondsPerDay
    }

    private func floored(_ year: Int, _ step: Int) -> Int {
        year - (((year % step) + step) % step)
    }

    /// The interval with smaller fields set to 0; nil for weeks, which intervals cannot be cut at.
    func truncated(_ interval: IntervalValue) -> IntervalValue? {
        let monthStep: Int32? =
            switch self {
            case .month: 1
            case .quarter: 3
            case .year: 12
            case .decade: 120
            case .century: 1200
            case .millennium: 12_000
            default: nil
            }
        if let monthStep { return IntervalValue(months: interval.months / monthStep * monthStep) }
        if self == .day { return IntervalValue(months: interval.months, days: interval.days) }
        let step: Int64? =
            switch self {
            case .hour: 3_600_000_000
            case .minute: 60_000_000
            case .second: 1_000_000
            case .milliseconds: 1000
            case .microseconds: 1
            default: nil
            }
        guard let step else { return nil }
        return IntervalValue(
            months: interval.months, days: interval.days, microseconds: interval.microseconds / step * step)
    }
}
