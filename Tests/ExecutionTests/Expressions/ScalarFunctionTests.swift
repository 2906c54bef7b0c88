import Columns
import Execution
import Planning
import Testing

/// Expected values are those of PostgreSQL 15.
@Suite("Scalar functions")
struct ScalarFunctionTests {
    struct Case: Sendable {
        let name: String
        let arguments: [TypedValue]
        let type: LogicalType
        let expected: String

        init(_ name: String, _ arguments: [TypedValue], _ type: LogicalType, _ expected: String) {
            self.name = name
            self.arguments = arguments
            self.type = type
            self.expected = expected
        }
    }

    static let textCases: [Case] = [
        Case("length", [.text("北京")], .integer, "2"),
        Case("octet_length", [.text("北京")], .integer, "6"),
        Case("lower", [.text("ÄBC")], .text, "Äbc"),
        Case("upper", [.text("äbc")], .text, "äBC"),
        Case("initcap", [.text("hello wORLD foo-bar 1st")], .text, "Hello World Foo-Bar 1st"),
        Case("btrim", [.text("  x  ")], .text, "x"),
        Case("btrim", [.text("xyxhixy"), .text("xy")], .text, "hi"),
        Case("ltrim", [.text("xxhi"), .text("x")], .text, "hi"),
        Case("rtrim", [.text("hixx"), .text("x")], .text, "hi"),
        Case("rtrim", [.text("好的"), .text("的")], .text, "好"),
        Case("substring", [.text("hello"), .int(2), .int(3)], .text, "ell"),
        Case("substring", [.text("hello"), .int(-1), .int(3)], .text, "h"),
        Case("substring", [.text("hello"), .int(0), .int(2)], .text, "h"),
        Case("substring", [.text("hello"), .int(3)], .text, "llo"),
        Case("substring", [.text("hello"), .int(10)], .text, ""),
        Case("substring", [.text("北京市朝阳区"), .int(2), .int(2)], .text, "京市"),
        Case("left", [.text("hello"), .int(-2)], .text, "hel"),
        Case("right", [.text("hello"), .int(-2)], .text, "llo"),
        Case("left", [.text("hello"), .int(2)], .text, "he"),
        Case("right", [.text("hello"), .int(2)], .text, "lo"),
        Case("right", [.text("hello"), .int(0)], .text, ""),
        Case("left", [.text("hello"), .int(0)], .text, ""),
        Case("right", [.text("北京"), .int(1)], .text, "京"),
        Case("split_part", [.text("a,b,c"), .text(","), .int(2)], .text, "b"),
        Case("split_part", [.text("a,b,c"), .text(","), .int(-1)], .text, "c"),
        Case("split_part", [.text("a,b,c"), .text(","), .int(4)], .text, ""),
        Case("split_part", [.text("abc"), .text(""), .int(1)], .text, "abc"),
        Case("split_part", [.text(""), .text(","), .int(1)], .text, ""),
        Case("split_part", [.text("a--b"), .text("--"), .int(2)], .text, "b"),
        Case("split_part", [.text("a,b,c"), .text(","), .int(-4)], .text, ""),
        Case("lpad", [.text("hi"), .int(5)], .text, "   hi"),
        Case("lpad", [.text("hi"), .int(5), .text("xy")], .text, "xyxhi"),
        Case("lpad", [.text("hello"), .int(2)], .text, "he"),
        Case("rpad", [.text("hi"), .int(5), .text("xy")], .text, "hixyx"),
        Case("rpad", [.text("hello"), .int(2)], .text, "he"),
        Case("lpad", [.text("hi"), .int(5), .text("")], .text, "hi"),
        Case("repeat", [.text("ab"), .int(3)], .text, "ababab"),
        Case("repeat", [.text("ab"), .int(-3)], .text, ""),
        Case("reverse", [.text("héllo")], .text, "olléh"),
        Case("translate", [.text("12345"), .text("143"), .text("ax")], .text, "a2x5"),
        Case("replace", [.text("aaaa"), .text("aa"), .text("b")], .text, "bb"),
        Case("replace", [.text("abc"), .text(""), .text("b")], .text, "abc"),
        Case("strpos", [.text("hello"), .text("l")], .integer, "3"),
        Case("strpos", [.text("hello"), .text("")], .integer, "1"),
        Case("strpos", [.text("北京市"), .text("市")], .integer, "3"),
        Case("strpos", [.text("hello"), .text("z")], .integer, "0"),
        Case("md5", [.text("hello")], .text, "5d41402abc4b2a76b9719d911017c592"),
        Case("md5", [.text("")], .text, "d41d8cd98f00b204e9800998ecf8427e"),
        Case("chr", [.int(8364)], .text, "€"),
        Case("ascii", [.text("€")], .integer, "8364"),
        Case("concat", [.text("a"), .null(.text), .text("b")], .text, "ab"),
        Case("concat_ws", [.text(","), .text("a"), .null(.text), .text("b")], .text, "a,b"),
        Case("concat_ws", [.null(.text), .text("a")], .text, "NULL"),
        Case("concat_op", [.text("a"), .text("b")], .text, "ab"),
        Case("concat_op", [.text("a"), .null(.text)], .text, "NULL"),
        Case("starts_with", [.text("hello"), .text("he")], .boolean, "true"),
        Case("starts_with", [.text("h"), .text("he")], .boolean, "false"),
    ]

    static let numberCases: [Case] = [
        Case("round", [.number("2.5")], .numeric(precision: 17, scale: 0), "3"),
        Case("round", [.number("-2.5")], .numeric(precision: 17, scale: 0), "-3"),
        Case("round", [.double(2.5)], .double, "2"),
        Case("round", [.double(3.5)], .double, "4"),
        Case("round", [.number("1234.567"), .int(2)], .numeric(precision: 18, scale: 2), "1234.57"),
        Case("round", [.number("1234.567"), .int(-2)], .numeric(precision: 18, scale: 0), "1200"),
        Case("round", [.number("1234.567", precision: 38), .int(2)], .numeric(precision: 38, scale: 2), "1234.57"),
        Case("round", [.number("1.5"), .int(4)], .numeric(precision: 18, scale: 4), "1.5000"),
        Case("trunc", [.number("-1.99"), .int(1)], .numeric(precision: 18, scale: 1), "-1.9"),
        Case("ceil", [.number("-1.5")], .numeric(precision: 18, scale: 0), "-1"),
        Case("ceil", [.number("1.01")], .numeric(precision: 18, scale: 0), "2"),
        Case("floor", [.number("-1.5")], .numeric(precision: 18, scale: 0), "-2"),
        Case("floor", [.number("1.99", precision: 30)], .numeric(precision: 38, scale: 0), "1"),
        Case("sign", [.number("-3.2")], .numeric(precision: 1, scale: 0), "-1"),
        Case("div", [.number("-7.5"), .number("2")], .numeric(precision: 18, scale: 0), "-3"),
        Case("abs", [.number("-3.20")], .numeric(precision: 18, scale: 2), "3.20"),
        Case("abs", [.int(-5)], .integer, "5"),
        Case("abs", [.double(-5.5)], .double, "5.5"),
        Case("power", [.double(2), .double(10)], .double, "1024"),
        Case("sqrt", [.double(2)], .double, "1.4142135623730951"),
        Case("ln", [.double(10)], .double, "2.302585092994046"),
        Case("log", [.double(100)], .double, "2"),
        Case("log", [.double(2), .double(64)], .double, "6"),
        Case("exp", [.double(1)], .double, "2.718281828459045"),
        Case("degrees", [.double(1)], .double, "57.29577951308232"),
        Case("radians", [.double(180)], .double, "3.141592653589793"),
        Case("atan2", [.double(1), .double(2)], .double, "0.4636476090008061"),
        Case("pi", [], .double, "3.141592653589793"),
        Case("sign", [.double(-2.5)], .double, "-1"),
        Case("trunc", [.double(-2.7)], .double, "-2"),
        Case("greatest", [.int(1), .null(.integer), .int(3)], .integer, "3"),
        Case("least", [.null(.integer), .null(.integer)], .integer, "NULL"),
        Case("least", [.int(4), .null(.integer), .int(3)], .integer, "3"),
        Case("greatest", [.text("a"), .text("b")], .text, "b"),
        Case("greatest", [.double(.nan), .double(1)], .double, "NaN"),
    ]

    @Test("give what PostgreSQL gives, in every shape", arguments: textCases + numberCases)
    func gives(_ testCase: Case) throws {
        let text = try ExpressionProbe.text(testCase.arguments) {
            .call(name: testCase.name, arguments: $0, testCase.type, position: 3)
        }
        #expect(text == testCase.expected, "\(testCase.name) of \(testCase.arguments)")
    }

    struct FieldCase: Sendable {
        let name: String
        let field: String
        let value: TypedValue
        let type: LogicalType
        let expected: String

        init(_ name: String, _ field: String, _ value: TypedValue, _ type: LogicalType, _ expected: String) {
            self.name = name
            self.field = field
            self.value = value
            self.type = type
            self.expected = expected
        }
    }

    static let fieldCases: [FieldCase] = [
        FieldCase(
            "extract", "epoch", .time(2025, 1, 31, 8, 4, 38.5), .numeric(precision: 38, scale: 6), "1738310678.500000"),
        FieldCase("extract", "second", .time(2025, 1, 31, 8, 4, 38.5), .numeric(precision: 38, scale: 6), "38.500000"),
        FieldCase("extract", "week", .date(2021, 1, 3), .numeric(precision: 38, scale: 0), "53"),
        FieldCase("extract", "isoyear", .date(2021, 1, 3), .numeric(precision: 38, scale: 0), "2020"),
        FieldCase("extract", "dow", .date(2025, 2, 2), .numeric(precision: 38, scale: 0), "0"),
        FieldCase("extract", "isodow", .date(2025, 2, 2), .numeric(precision: 38, scale: 0), "7"),
        FieldCase("extract", "doy", .date(2024, 12, 31), .numeric(precision: 38, scale: 0), "366"),
        FieldCase("extract", "quarter", .date(2025, 5, 1), .numeric(precision: 38, scale: 0), "2"),
        FieldCase("extract", "century", .date(2000, 12, 31), .numeric(precision: 38, scale: 0), "20"),
        FieldCase("extract", "century", .date(2001, 1, 1), .numeric(precision: 38, scale: 0), "21"),
        FieldCase("extract", "decade", .date(1999, 1, 1), .numeric(precision: 38, scale: 0), "199"),
        FieldCase("extract", "millennium", .date(2000, 12, 31), .numeric(precision: 38, scale: 0), "2"),
        FieldCase("extract", "julian", .date(2025, 1, 1), .numeric(precision: 38, scale: 6), "2460677.000000"),
        FieldCase(
            "extract", "milliseconds", .time(2025, 1, 31, 8, 4, 38.5), .numeric(precision: 38, scale: 6), "38500.000000"
        ),
        FieldCase(
            "extract", "microseconds", .time(2025, 1, 31, 8, 4, 38.5), .numeric(precision: 38, scale: 0), "38500000"),
        FieldCase("extract", "julian", .time(2025, 1, 1, 8), .numeric(precision: 38, scale: 6), "2460677.333333"),
        FieldCase("extract", "year", .time(1969, 12, 31, 23), .numeric(precision: 38, scale: 0), "1969"),
        FieldCase("extract", "hour", .time(1969, 12, 31, 23), .numeric(precision: 38, scale: 0), "23"),
        FieldCase(
            "extract", "epoch", .interval(months: 14, days: 3, seconds: 14706.5), .numeric(precision: 38, scale: 6),
            "37015506.500000"),
        FieldCase("extract", "year", .interval(months: 14), .numeric(precision: 38, scale: 0), "1"),
        FieldCase("extract", "month", .interval(months: 14), .numeric(precision: 38, scale: 0), "2"),
        FieldCase("extract", "day", .interval(days: 40), .numeric(precision: 38, scale: 0), "40"),
        FieldCase("extract", "hour", .interval(seconds: 108000), .numeric(precision: 38, scale: 0), "30"),
        FieldCase("extract", "quarter", .interval(months: 14), .numeric(precision: 38, scale: 0), "1"),
        FieldCase("extract", "decade", .interval(months: 300), .numeric(precision: 38, scale: 0), "2"),
        FieldCase("date_part", "second", .time(2025, 1, 31, 8, 4, 38.5), .double, "38.5"),
        FieldCase("date_trunc", "month", .time(2025, 5, 17, 10, 11, 12.5), .timestamp, "2025-05-01 00:00:00"),
        FieldCase("date_trunc", "quarter", .time(2025, 5, 17, 10, 11, 12.5), .timestamp, "2025-04-01 00:00:00"),
        FieldCase("date_trunc", "week", .time(2025, 5, 17, 10, 11, 12.5), .timestamp, "2025-05-12 00:00:00"),
        FieldCase("date_trunc", "century", .time(2000, 5, 17), .timestamp, "1901-01-01 00:00:00"),
        FieldCase("date_trunc", "decade", .time(1999, 5, 17), .timestamp, "1990-01-01 00:00:00"),
        FieldCase("date_trunc", "hour", .time(1969, 5, 17, 10, 11, 12.5), .timestamp, "1969-05-17 10:00:00"),
        FieldCase("date_trunc", "millennium", .time(2001, 5, 17), .timestamp, "2001-01-01 00:00:00"),
        FieldCase("date_trunc", "day", .interval(days: 3, seconds: 14700), .interval, "3 days"),
        FieldCase("date_trunc", "year", .interval(months: 14), .interval, "1 year"),
    ]

    @Test("fields of dates and times are PostgreSQL's", arguments: fieldCases)
    func fields(_ testCase: FieldCase) throws {
        let text = try ExpressionProbe.text([testCase.value]) {
            .call(
                name: testCase.name, arguments: [.constant(.text(testCase.field), .text)] + $0, testCase.type,
                position: 3)
        }
        #expect(text == testCase.expected, "\(testCase.name) \(testCase.field)")
    }

    static let formatCases: [FieldCase] = [
        FieldCase(
            "to_char", "YYYY-MM-DD HH24:MI:SS.MS US", .time(2025, 1, 3, 8, 4, 5.123456), .text,
            "2025-01-03 08:04:05.123 123456"),
        FieldCase(
            "to_char", "HH12:MI AM Mon Month MON DAY Dy d ID IW IYYY Q DDD WW W CC J", .time(2025, 1, 3, 15, 4, 5),
            .text, "03:04 PM Jan January   JAN FRIDAY    Fri 6 5 01 2025 1 003 01 1 21 2460679"),
        FieldCase("to_char", "FMMM/FMDD/YY \"year\" FMMonth", .time(2025, 1, 3), .text, "1/3/25 year January"),
        FieldCase("to_char", "YYYYMM", .date(2025, 1, 3), .text, "202501"),
        FieldCase("to_char", "DD HH24:MI:SS", .interval(days: 1, seconds: 7384), .text, "01 02:03:04"),
        FieldCase(
            "to_char", "DD HH24:MI:SS.MS US", .interval(days: -5, seconds: -3.005), .text, "-5 00:00:-03.-05 -05000"),
        FieldCase("to_char", "SS.MS US", .interval(seconds: -0.000001), .text, "00.000 -00001"),
        FieldCase("to_char", "yyyy\"年\"mm\"月\"", .time(2025, 1, 3), .text, "2025年01月"),
        FieldCase("to_date", "YYYYMMDD", .text("20250103"), .date, "2025-01-03"),
        FieldCase("to_date", "YYYY-MM-DD", .text("2025-1-3"), .date, "2025-01-03"),
        FieldCase(
            "to_timestamp", "YYYY-MM-DD HH24:MI:SS", .text("2025-01-03 10:20:30"), .timestamp, "2025-01-03 10:20:30"),
        FieldCase("to_date", "DD Mon YYYY", .text("03 Jan 2025"), .date, "2025-01-03"),
        FieldCase("to_date", "YYYY", .text("2025"), .date, "2025-01-01"),
    ]

    @Test("date formats are PostgreSQL's", arguments: formatCases)
    func formats(_ testCase: FieldCase) throws {
        let text = try ExpressionProbe.text([testCase.value]) {
            .call(
                name: testCase.name, arguments: $0 + [.constant(.text(testCase.field), .text)], testCase.type,
                position: 3)
        }
        #expect(text == testCase.expected, "\(testCase.name) \(testCase.field)")
    }

    static let ages: [(TypedValue, TypedValue, String)] = [
        (.time(2025, 3, 1), .time(2024, 2, 29), "1 year 1 day"),
        (.time(2025, 1, 1), .time(2025, 3, 15, 10), "-2 mons -14 days -10:00:00"),
        (.time(2025, 3, 31), .time(2025, 2, 28), "1 mon 3 days"),
        (.time(2024, 3, 1), .time(2000, 2, 29, 23, 59, 59), "24 years 00:00:01"),
        (.time(2025, 5, 30), .time(2025, 1, 31), "3 mons 30 days"),
    ]

    @Test("age borrows days from the earlier month", arguments: ages)
    func age(later: TypedValue, earlier: TypedValue, expected: String) throws {
        let text = try ExpressionProbe.text([later, earlier]) {
            .call(name: "age", arguments: $0, .interval, position: 3)
        }
        #expect(text == expected)
    }

    @Test("make_date and make_timestamp build what they are told")
    func made() throws {
        let day = try ExpressionProbe.text([.int(2025), .int(2), .int(28)]) {
            .call(name: "make_date", arguments: $0, .date, position: 3)
        }
        #expect(day == "2025-02-28")
        let values: [TypedValue] = [.int(2025), .int(2), .int(28), .int(10), .int(20), .double(30.5)]
        let time = try ExpressionProbe.text(values) {
            .call(name: "make_timestamp", arguments: $0, .timestamp, position: 3)
        }
        #expect(time == "2025-02-28 10:20:30.5")
    }

    static let errors: [Case] = [
        Case("ln", [.double(0)], .double, "cannot take logarithm of zero"),
        Case("ln", [.double(-1)], .double, "cannot take logarithm of a negative number"),
        Case("sqrt", [.double(-1)], .double, "cannot take square root of a negative number"),
        Case("power", [.double(0), .double(-1)], .double, "zero raised to a negative power is undefined"),
        Case(
            "power", [.double(-8), .double(0.5)], .double,
            "a negative number raised to a non-integer power yields a complex result"),
        Case("exp", [.double(1000)], .double, "value out of range: overflow"),
        Case("acos", [.double(2)], .double, "input is out of range"),
        Case("substring", [.text("a"), .int(1), .int(-1)], .text, "negative substring length not allowed"),
        Case("split_part", [.text("a"), .text(","), .int(0)], .text, "field position must not be zero"),
        Case("repeat", [.text("abcdefgh"), .int(2_000_000_000)], .text, "requested length too large"),
        Case("chr", [.int(0)], .text, "null character not permitted"),
        Case("chr", [.int(1_114_112)], .text, "requested character too large for encoding: 1114112"),
        Case("make_date", [.int(2025), .int(2), .int(30)], .date, "date field value out of range: 2025-02-30"),
        Case("abs", [.int(-2_147_483_648)], .integer, "integer out of range"),
        Case("div", [.number("1"), .number("0")], .numeric(precision: 18, scale: 0), "division by zero"),
    ]

    @Test("raise PostgreSQL's errors, and never for NULL", arguments: errors)
    func raises(_ testCase: Case) throws {
        let error = ExpressionProbe.error(testCase.arguments) {
            .call(name: testCase.name, arguments: $0, testCase.type, position: 3)
        }
        #expect(error?.message == testCase.expected)
        #expect(error?.position == 3)
    }

    @Test("every function that planning knows has an evaluation")
    func coversSignatures() throws {
        for signature in FunctionSignatures.all {
            let types = signature.parameters.map { parameter -> LogicalType in
                switch parameter {
                case .boolean: .boolean
                case .integer: .integer
                case .bigint: .bigint
                case .numeric: .numeric(precision: 18, scale: 2)
                case .double: .double
                case .text, .anyAsText, .common: .text
                case .date: .date
                case .timestamp: .timestamp
                case .interval: .interval
                }
            }
            let arguments = types.indices.map { BoundExpression.column(ColumnID($0), types[$0]) }
            let ids = Dictionary(uniqueKeysWithValues: types.indices.map { (ColumnID($0), $0) })
            let call = BoundExpression.call(name: signature.name, arguments: arguments, .text, position: 0)
            #expect(throws: Never.self, "\(signature.name)") { _ = try ExpressionProgram(call, columns: ids) }
        }
    }

    @Test("refuses what has no evaluation by name")
    func refuses() {
        let value = BoundExpression.constant(.double(1), .double)
        let unknown = BoundExpression.call(name: "frobnicate", arguments: [value], .double, position: 9)
        #expect(throws: ExecutionError(.unsupported("function frobnicate is not supported"), position: 9)) {
            _ = try ExpressionProgram(unknown, columns: [:])
        }
    }
}
