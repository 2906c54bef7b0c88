import Fundwatch
import Testing

@Suite("Values")
struct ValueTests {
    @Test("decimals compare by value, whatever their scale") func decimalOrder() throws {
        let ascending = ["-99999999999999999999999999999999999999", "-1.5", "-0.01", "0", "0.00000000000000000000000000000000000001",
            "1.49", "1.5", "99999999999999999999999999999999999999"]
        for (left, right) in zip(ascending, ascending.dropFirst()) {
            let (low, high) = (try #require(ExactDecimal(left)), try #require(ExactDecimal(right)))
            #expect(low < high, "\(left) \(right)")
            #expect(!(high < low) && low != high)
        }
        #expect(ExactDecimal("1.5") == ExactDecimal("1.500"))
        #expect(ExactDecimal("0.00")?.hashValue == ExactDecimal("0")?.hashValue)
        #expect(ExactDecimal("-0.50")?.description == "-0.50")
        #expect(ExactDecimal("1e3") == nil && ExactDecimal("") == nil)
    }

    @Test("the nearest double is what the text reads as", arguments: [
        "0.1", "12.50", "-3.33", "9007199254740993", "12345678901234567890.125", "0.00000000000000000000000000000000000001",
    ])
    func nearestDouble(text: String) throws {
        #expect(try #require(ExactDecimal(text)).doubleValue == Double(text))
    }

    @Test("days and times keep to the calendar") func calendar() throws {
        let day = try #require(CalendarDate(year: 2024, month: 2, day: 29))
        #expect(day.description == "2024-02-29")
        #expect(day.components.year == 2024 && day.components.month == 2 && day.components.day == 29)
        #expect(CalendarDate(year: 2025, month: 2, day: 29) == nil)
        #expect(CalendarDate(daysSince1970: 0) < day)
        let time = try #require(LocalTimestamp(day, hour: 8, minute: 4, second: 38))
        #expect(time.description == "2024-02-29 08:04:38")
        #expect(time.date == day)
        #expect(time.microsecondOfDay == 29_078_000_000)
        #expect(LocalTimestamp(day, hour: 24) == nil)
        let before = LocalTimestamp(microsecondsSince1970: -1)
        #expect(before.date.daysSince1970 == -1)
        #expect(before.microsecondOfDay == 86_399_999_999)
    }
}
