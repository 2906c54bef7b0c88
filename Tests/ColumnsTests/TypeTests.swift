import Columns
import Testing

@Suite("Types and values")
struct TypeTests {
    @Test(
        "type names are those of SQL",
        arguments: [
            (.integer, "integer"), (.numeric(precision: 16, scale: 2), "numeric(16,2)"), (.double, "double precision"),
            (.text, "text"), (.timestamp, "timestamp"), (.date, "date"), (.boolean, "boolean"), (.bigint, "bigint"),
        ] as [(LogicalType, String)])
    func names(type: LogicalType, name: String) { #expect(type.name == name) }

    @Test(
        "numbers, scales and widths",
        arguments: [
            (.bigint, true, 0, false), (.integer, true, 0, false), (.numeric(precision: 18, scale: 4), true, 4, false),
            (.numeric(precision: 19, scale: 4), true, 4, true), (.double, true, nil, false), (.text, false, nil, false),
            (.date, false, nil, false),
        ] as [(LogicalType, Bool, Int?, Bool)])
    func properties(type: LogicalType, isNumber: Bool, scale: Int?, isWide: Bool) {
        #expect(type.isNumber == isNumber)
        #expect(type.scale == scale)
        #expect(type.isWide == isWide)
    }

    @Test("dates and days agree both ways over all years")
    func civilDates() {
        var day = CivilDate(year: 1, month: 1, day: 1).daysSinceEpoch
        #expect(day == -719_162)
        var date = CivilDate(year: 1, month: 1, day: 1)
        let last = CivilDate(year: 9999, month: 12, day: 31).daysSinceEpoch
        #expect(last == 2_932_896)
        while day <= last {
            #expect(CivilDate(daysSinceEpoch: day) == date)
            #expect(date.daysSinceEpoch == day && date.isValid)
            // In steps that meet every month length.
            for _ in 0..<37 {
                date.day += 1
                if date.day > CivilDate.dayCount(year: date.year, month: date.month) {
                    date.day = 1
                    date.month += 1
                }
                if date.month > 12 {
                    date.month = 1
                    date.year += 1
                }
            }
            day += 37
        }
    }

    @Test(
        "days that do not exist",
        arguments: [
            (2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0), (0, 1, 1),
            (10_000, 1, 1),
        ])
    func invalidDates(year: Int, month: Int, day: Int) {
        #expect(!CivilDate(year: year, month: month, day: day).isValid)
    }

    @Test("dates compare by year, month, day")
    func dateOrder() {
        #expect(CivilDate(year: 2024, month: 12, day: 31) < CivilDate(year: 2025, month: 1, day: 1))
        #expect(CivilDate(year: 2025, month: 1, day: 2) < CivilDate(year: 2025, month: 2, day: 1))
        #expect(CivilDate.isLeap(2000) && CivilDate.isLeap(2024) && !CivilDate.isLeap(2100))
    }

    @Test(
        "the day of a timestamp rounds towards the past",
        arguments: [
            (0, 0), (86_399_999_999, 0), (86_400_000_000, 1), (-1, -1), (-86_400_000_000, -1), (-86_400_000_001, -2),
        ] as [(Int64, Int32)])
    func dayOfTimestamp(microseconds: Int64, day: Int32) {
        #expect(CivilTime.day(ofMicroseconds: microseconds) == day)
    }

    @Test(
        "decimals are written with their scale",
        arguments: [
            (0, 0, "0"), (0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (1250, 2, "12.50"), (-1250, 2, "-12.50"),
            (7, 0, "7"), (123, 3, "0.123"),
        ] as [(Int128, Int, String)])
    func decimalText(unscaled: Int128, scale: Int, expected: String) {
        #expect(DecimalText.string(unscaled: unscaled, scale: scale) == expected)
        let parsed = DecimalText.parse(expected)
        #expect(parsed?.unscaled == unscaled && parsed?.scale == scale)
    }

    @Test(
        "what is no decimal is nil",
        arguments: [
            "", ".", "-", "1e3", "1.2.3", "1 2", "+-1", "1-", "١",
            "999999999999999999999999999999999999999999999999999999",
        ])
    func notDecimals(text: String) { #expect(DecimalText.parse(text) == nil) }

    @Test("powers of ten")
    func powers() {
        #expect(DecimalText.powers64.count == 19 && DecimalText.powers64[18] == 1_000_000_000_000_000_000)
        #expect(DecimalText.powers128.count == 39)
        #expect(DecimalText.powers128[38] == DecimalText.powers128[19] * DecimalText.powers128[19])
    }

    @Test("schemas find fields by name")
    func schemas() {
        let schema = Schema([Field(name: "a", type: .text), Field(name: "b", type: .date, isNullable: false)])
        #expect(schema.index(of: "b") == 1)
        #expect(schema.index(of: "c") == nil)
        #expect(schema.fields[0].isNullable && !schema.fields[1].isNullable)
    }

    @Test("only null is null")
    func nulls() {
        #expect(ScalarValue.null.isNull)
        #expect(!ScalarValue.text("").isNull && !ScalarValue.integer(0).isNull && !ScalarValue.boolean(false).isNull)
    }
}
