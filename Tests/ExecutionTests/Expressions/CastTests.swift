import Columns
import Execution
import Planning
import Testing

/// Expected values are those of PostgreSQL 15.
@Suite("Casts")
struct CastTests {
    struct Case: Sendable {
        let value: TypedValue
        let type: LogicalType
        let expected: String

        init(_ value: TypedValue, _ type: LogicalType, _ expected: String) {
            self.value = value
            self.type = type
            self.expected = expected
        }
    }

    static let money = LogicalType.numeric(precision: 10, scale: 2)

    static let numbers: [Case] = [
        Case(.number("2.5"), .integer, "3"), Case(.number("-2.5"), .integer, "-3"),
        Case(.number("3.5", precision: 30), .bigint, "4"), Case(.double(2.5), .integer, "2"),
        Case(.double(3.5), .integer, "4"), Case(.double(-2.5), .bigint, "-2"),
        Case(.double(0.1 + 0.2), .numeric(precision: 20, scale: 17), "0.30000000000000000"),
        Case(.double(0.1234567890123455), .numeric(precision: 20, scale: 15), "0.123456789012345"),
        Case(.double(123456789.123456789), .numeric(precision: 30, scale: 10), "123456789.1234570000"),
        Case(.double(1e20), .numeric(precision: 30, scale: 2), "100000000000000000000.00"),
        Case(.double(2.345), money, "2.35"), Case(.number("12.345"), money, "12.35"),
        Case(.number("12.3"), .numeric(precision: 38, scale: 5), "12.30000"), Case(.int(7), money, "7.00"),
        Case(.int(7), .double, "7"), Case(.number("0.1"), .double, "0.1"),
        Case(.number("12345678901234567.89", precision: 20), .double, "1.2345678901234568e+16"),
        Case(.bool(true), .integer, "1"), Case(.int(0), .boolean, "false"), Case(.int(5), .boolean, "true"),
        Case(.big(5), .integer, "5"),
    ]

    static let texts: [Case] = [
        Case(.bool(true), .text, "true"), Case(.number("-0.05"), .text, "-0.05"), Case(.double(1e15), .text, "1e+15"),
        Case(.double(123456789012345680), .text, "1.2345678901234568e+17"), Case(.double(0.0001), .text, "0.0001"),
        Case(.double(0.00001), .text, "1e-05"), Case(.double(1e14), .text, "100000000000000"),
        Case(.double(100_000), .text, "100000"), Case(.double(-0.0), .text, "-0"),
        Case(.double(1.5e300), .text, "1.5e+300"),
        Case(.double(.infinity), .text, "Infinity"), Case(.double(.nan), .text, "NaN"),
        Case(.double(Double.leastNonzeroMagnitude), .text, "5e-324"), Case(.double(123456.789), .text, "123456.789"),
        Case(.date(2025, 1, 31), .text, "2025-01-31"), Case(.date(-43, 3, 15), .text, "0044-03-15 BC"),
        Case(.time(2025, 1, 31, 8, 4, 38), .text, "2025-01-31 08:04:38"),
        Case(.time(1969, 12, 31, 23, 59, 59.25), .text, "1969-12-31 23:59:59.25"),
        Case(.interval(months: 14, days: 3, seconds: 14706.789), .text, "1 year 2 mons 3 days 04:05:06.789"),
        Case(.interval(months: -12, days: 2), .text, "-1 years +2 days"),
        Case(.interval(days: 1, seconds: -14_700), .text, "1 day -04:05:00"),
        Case(.interval(days: -3, seconds: 14_400), .text, "-3 days +04:00:00"), Case(.interval(), .text, "00:00:00"),
    ]

    static let readings: [Case] = [
        Case(.text(" t "), .boolean, "true"), Case(.text("yes"), .boolean, "true"),
        Case(.text("of"), .boolean, "false"),
        Case(.text("0"), .boolean, "false"), Case(.text("20250103"), .date, "2025-01-03"),
        Case(.text("2025/1/3"), .date, "2025-01-03"), Case(.text(" 2025-01-03 "), .date, "2025-01-03"),
        Case(.text("2025-01-03 10:00"), .date, "2025-01-03"),
        Case(.text("2025-01-03T10:20:30.1234567"), .timestamp, "2025-01-03 10:20:30.123457"),
        Case(.text("2025-01-03 24:00:00"), .timestamp, "2025-01-04 00:00:00"),
        Case(.text("2025-01-03 10:20:60"), .timestamp, "2025-01-03 10:21:00"),
        Case(.text("2025-01-03 10:20:30+08"), .timestamp, "2025-01-03 10:20:30"), Case(.text("1e3"), money, "1000.00"),
        Case(.text(" 12.345 "), money, "12.35"), Case(.text("-12.345"), money, "-12.35"),
        Case(.text(".5"), money, "0.50"),
        Case(.text("5."), money, "5.00"), Case(.text("0.005"), money, "0.01"), Case(.text("+7"), .integer, "7"),
        Case(.text(" 42 "), .bigint, "42"), Case(.text("-9223372036854775808"), .bigint, "-9223372036854775808"),
        Case(.text(".5"), .double, "0.5"), Case(.text("1e-3"), .double, "0.001"),
        Case(.text("-inf"), .double, "-Infinity"),
    ]

    static let intervals: [(String, String)] = [
        ("1 year 2 mons 3 days 04:05:06.789", "1 year 2 mons 3 days 04:05:06.789"),
        ("-1 year 2 days", "-1 years +2 days"),
        ("1 day -04:05", "1 day -04:05:00"), ("1.5 months", "1 mon 15 days"), ("0", "00:00:00"),
        ("1 year ago", "-1 years"),
        ("2 years -1 mons", "1 year 11 mons"), ("1.5 years", "1 year 6 mons"), ("1 week", "7 days"),
        ("90 min", "01:30:00"),
        ("3 04:05:06", "3 days 04:05:06"), ("-3 days 04:00", "-3 days +04:00:00"), ("5", "00:00:05"),
        ("1.25 days", "1 day 06:00:00"), ("-0.5 day", "-12:00:00"),
    ]

    @Test("numbers round and convert as PostgreSQL's do", arguments: numbers)
    func convert(_ testCase: Case) throws { try check(testCase) }

    @Test("values print as PostgreSQL prints them", arguments: texts)
    func print(_ testCase: Case) throws { try check(testCase) }

    @Test("texts read as PostgreSQL reads them", arguments: readings)
    func read(_ testCase: Case) throws { try check(testCase) }

    @Test("intervals read as PostgreSQL reads them", arguments: intervals)
    func readInterval(text: String, expected: String) throws { try check(Case(.text(text), .interval, expected)) }

    private func check(_ testCase: Case) throws {
        let text = try ExpressionProbe.text([testCase.value]) { .cast($0[0], to: testCase.type, position: 5) }
        #expect(text == testCase.expected)
    }

    @Test("dates and timestamps convert")
    func times() throws {
        try check(Case(.date(2025, 1, 31), .timestamp, "2025-01-31 00:00:00"))
        try check(Case(.time(1969, 12, 31, 23), .date, "1969-12-31"))
    }

    static let errors: [Case] = [
        Case(.text("abc"), .integer, "invalid input syntax for type integer: \"abc\""),
        Case(.text(""), .integer, "invalid input syntax for type integer: \"\""),
        Case(.text("99999999999"), .integer, "value \"99999999999\" is out of range for type integer"),
        Case(.text("99999999999999999999"), .bigint, "value \"99999999999999999999\" is out of range for type bigint"),
        Case(.text("x"), .date, "invalid input syntax for type date: \"x\""),
        Case(.text("2025-13-01"), .date, "date/time field value out of range: \"2025-13-01\""),
        Case(.text("2025-02-30"), .date, "date/time field value out of range: \"2025-02-30\""),
        Case(.text("x"), .timestamp, "invalid input syntax for type timestamp: \"x\""),
        Case(.text("2025-01-01 25:00"), .timestamp, "date/time field value out of range: \"2025-01-01 25:00\""),
        Case(.text("maybe"), .boolean, "invalid input syntax for type boolean: \"maybe\""),
        Case(.text("abc"), money, "invalid input syntax for type numeric: \"abc\""),
        Case(.text("123"), .numeric(precision: 2, scale: 0), "numeric field overflow"),
        Case(.text("abc"), .double, "invalid input syntax for type double precision: \"abc\""),
        Case(.text("1e400"), .double, "\"1e400\" is out of range for type double precision"),
        Case(.text("abc"), .interval, "invalid input syntax for type interval: \"abc\""),
        Case(.text("1 foo"), .interval, "invalid input syntax for type interval: \"1 foo\""),
        Case(.double(1e10), .integer, "integer out of range"),
        Case(.big(99_999_999_999), .integer, "integer out of range"),
        Case(.double(.nan), .integer, "integer out of range"),
        Case(.number("12345.6"), .numeric(precision: 4, scale: 1), "numeric field overflow"),
        Case(.number("999.95"), .numeric(precision: 4, scale: 1), "numeric field overflow"),
    ]

    @Test("raise PostgreSQL's errors, and never for NULL", arguments: errors)
    func raises(_ testCase: Case) throws {
        let error = ExpressionProbe.error([testCase.value]) { .cast($0[0], to: testCase.type, position: 5) }
        #expect(error?.message == testCase.expected)
        #expect(error?.position == 5)
    }
}
