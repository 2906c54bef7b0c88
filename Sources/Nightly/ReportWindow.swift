package import Columns
package import Diagnostics
package import Indicators

/// How much of the past a nightly report covers: the last months or days with data, or everything.
package enum ReportWindow: Hashable, Sendable {
    case months(Int)
    case days(Int)
    case everything

    package static let standard = ReportWindow.months(12)

    /// Reads `12m`, `2y`, `90d` or `all`.
    package init(_ text: String) throws(Diagnostic) {
        if text == "all" {
            self = .everything
            return
        }
        let count = Int(text.dropLast()) ?? 0
        switch text.last {
        case "d" where (1...36_600).contains(count): self = .days(count)
        case "m" where (1...1200).contains(count): self = .months(count)
        case "y" where (1...100).contains(count): self = .months(12 * count)
        default:
            throw Diagnostic(
                .usage, "--window \"\(text)\" is no stretch of time", mend: "write 12m, 2y, 90d or all")
        }
    }

    package var text: String {
        switch self {
        case .months(let count): "\(count)m"
        case .days(let count): "\(count)d"
        case .everything: "all"
        }
    }

    /// The period that ends with a day, both its ends being days of it; all if there is no day with data.
    ///
    /// A window of months begins the day after the same day of the earlier month, or after its last day if it is shorter.
    package func period(lastDay: CivilDate?) -> ReportingPeriod {
        guard let lastDay else { return .all }
        let end = CivilDate(daysSinceEpoch: lastDay.daysSinceEpoch + 1)
        switch self {
        case .everything: return .all
        case .days(let count):
            return ReportingPeriod(from: CivilDate(daysSinceEpoch: end.daysSinceEpoch - count), to: end)
        case .months(let count):
            let monthNumber = end.year * 12 + end.month - 1 - count
            let (year, month) = (monthNumber / 12, monthNumber % 12 + 1)
            let day = min(end.day, CivilDate.dayCount(year: year, month: month))
            return ReportingPeriod(from: CivilDate(year: year, month: month, day: day), to: end)
        }
    }
}
