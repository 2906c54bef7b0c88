import Columns
import Diagnostics
import Indicators
import Nightly
import Testing

@Suite("Rolling window")
struct WindowTests {
    @Test("a window ends with the last day and goes back by its length", arguments: [
        ("12m", "2025-12-31", "2025-01-01", "2026-01-01"), ("1y", "2025-06-30", "2024-07-01", "2025-07-01"),
        ("1m", "2025-03-30", "2025-02-28", "2025-03-31"), ("3m", "2025-05-30", "2025-02-28", "2025-05-31"),
        ("90d", "2025-03-31", "2025-01-01", "2025-04-01"), ("1d", "2024-02-29", "2024-02-29", "2024-03-01"),
    ])
    func period(window: String, last: String, from: String, to: String) throws {
        let period = try ReportWindow(window).period(lastDay: ReportingPeriod.date(last))
        #expect(period.from.map(ReportingPeriod.text) == from && period.to.map(ReportingPeriod.text) == to)
    }

    @Test("everything, and nothing to go by, is all") func all() throws {
        #expect(try ReportWindow("all").period(lastDay: CivilDate(year: 2025, month: 1, day: 1)) == .all)
        #expect(ReportWindow.months(12).period(lastDay: nil) == .all)
    }

    @Test("other texts are refused", arguments: ["", "12", "m", "0m", "-3d", "12w", "12 m", "1.5y", "99999d"])
    func refused(text: String) { #expect(throws: Diagnostic.self) { try ReportWindow(text) } }
}
