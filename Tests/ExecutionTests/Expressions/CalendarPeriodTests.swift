import Columns
import Testing

@testable import Execution

@Suite("Calendar periods")
struct CalendarPeriodTests {
    /// Neighbours in one period, jumps, days around the ends of months and leap years, and the ends of what 64 bits hold.
    private static let timestamps: [Int64] = {
        var random = SeededGenerator(seed: 11)
        var rows: [Int64] = [.min, .min, .max, .max, .min + 1, .max - 1, 0, -1, 1, 0]
        for day in [-25_509, -719_528, -1, 0, 58, 59, 60, 789, 790, 11_016, 18_321, 18_322, 19_782, 20_089, 20_090, 2_932_896] {
            let midnight = Int64(day) * CivilTime.microsecondsPerDay
            rows += [midnight - 1, midnight, midnight + 1, midnight + CivilTime.microsecondsPerDay - 1, midnight]
        }
        var time: Int64 = 1_735_689_600_000_000
        for _ in 0..<4000 {
            time += Int64.random(in: 0..<3 * 3_600_000_000, using: &random)
            rows.append(time)
            if Int.random(in: 0..<40, using: &random) == 0 { rows.append(Int64.random(in: -4_000_000_000_000_000...4_000_000_000_000_000, using: &random)) }
        }
        return rows
    }()

    @Test("each timestamp is cut as it is alone")
    func truncation() throws {
        for name in ["century", "day", "decade", "hour", "microseconds", "millennium", "minute", "month", "quarter", "second", "week", "year"] {
            let unit = try #require(DateTruncation(rawValue: name))
            #expect(unit.starts(ofTimestamps: Self.timestamps) == Self.timestamps.map { unit.start(ofTimestamp: $0) }, "\(name)")
        }
    }

    @Test("each timestamp has the fields it has alone")
    func fields() throws {
        for name in [
            "century", "day", "decade", "dow", "doy", "epoch", "hour", "isodow", "isoyear", "julian", "microseconds", "millennium",
            "milliseconds", "minute", "month", "quarter", "second", "week", "year",
        ] {
            let field = try #require(DateField(rawValue: name))
            // Beyond the years of timestamps fields may wrap, and do so alike.
            let rows = Self.timestamps.filter { abs($0 / 2) < .max / 4 }
            #expect(field.values(ofTimestamps: rows) == rows.map { field.value(timestamp: $0) }, "\(name)")
        }
    }
}
