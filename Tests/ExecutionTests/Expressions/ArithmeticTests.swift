import Columns
import Execution
import Planning
import Testing

/// Expected values are those of PostgreSQL 15, for the scale the result type asks for.
@Suite("Arithmetic")
struct ArithmeticTests {
    struct Case: Sendable {
        let left: TypedValue
        let operation: ArithmeticOperator
        let right: TypedValue
        let type: LogicalType
        let expected: String

        init(
            _ left: TypedValue, _ operation: ArithmeticOperator, _ right: TypedValue, _ type: LogicalType,
            _ expected: String
        ) {
            self.left = left
            self.operation = operation
            self.right = right
            self.type = type
            self.expected = expected
        }
    }

    static func numeric(_ precision: Int, _ scale: Int) -> LogicalType { .numeric(precision: precision, scale: scale) }

    static let numbers: [Case] = [
        Case(.int(7), .divide, .int(2), .integer, "3"), Case(.int(-7), .divide, .int(2), .integer, "-3"),
        Case(.int(-7), .modulo, .int(3), .integer, "-1"), Case(.int(7), .modulo, .int(-3), .integer, "1"),
        Case(.big(Int64.min), .modulo, .big(-1), .bigint, "0"),
        Case(.int(2_147_483_647), .add, .big(1), .bigint, "2147483648"),
        Case(.number("1.5"), .add, .number("2.25"), numeric(18, 2), "3.75"),
        Case(.number("1.5"), .subtract, .number("2.25"), numeric(38, 2), "-0.75"),
        Case(.number("1.10"), .multiply, .number("1.10"), numeric(18, 4), "1.2100"),
        Case(
            .number("999999999999999999"), .multiply, .number("999999999999999999"), numeric(38, 0),
            "999999999999999998000000000000000001"),
        Case(.number("1.00"), .divide, .number("3.00"), numeric(38, 20), "0.33333333333333333333"),
        Case(.number("2.00"), .divide, .number("3.00"), numeric(18, 4), "0.6667"),
        Case(.number("-2.00"), .divide, .number("3.00"), numeric(18, 4), "-0.6667"),
        Case(.number("1"), .divide, .number("8"), numeric(18, 2), "0.13"),
        Case(.number("-1"), .divide, .number("8"), numeric(18, 2), "-0.13"),
        Case(
            .number("12345678901234567890123456789.01", precision: 38), .divide, .number("7.0"), numeric(38, 6),
            "1763668414462081127160493827.001429"),
        Case(.number("5.5"), .modulo, .number("2"), numeric(18, 1), "1.5"),
        Case(.number("-5.5"), .modulo, .number("2"), numeric(18, 1), "-1.5"),
        Case(.number("1.005"), .multiply, .number("1.1"), numeric(18, 2), "1.11"),
        Case(.double(0.1), .add, .double(0.2), .double, "0.30000000000000004"),
        Case(.double(.infinity), .subtract, .double(.infinity), .double, "NaN"),
        Case(.double(1), .divide, .double(.infinity), .double, "0"),
        Case(.double(.nan), .divide, .double(0), .double, "NaN"),
    ]

    static let times: [Case] = [
        Case(.date(2025, 1, 31), .add, .interval(months: 1), .timestamp, "2025-02-28 00:00:00"),
        Case(.date(2024, 2, 29), .add, .interval(months: 12), .timestamp, "2025-02-28 00:00:00"),
        Case(.time(2025, 3, 31, 10), .subtract, .interval(months: 1), .timestamp, "2025-02-28 10:00:00"),
        Case(.interval(months: 1), .add, .time(2025, 1, 31, 10), .timestamp, "2025-02-28 10:00:00"),
        Case(.date(2025, 1, 31), .add, .int(1), .date, "2025-02-01"),
        Case(.int(1), .add, .date(2025, 1, 31), .date, "2025-02-01"),
        Case(.date(2025, 3, 1), .subtract, .int(1), .date, "2025-02-28"),
        Case(.date(2025, 3, 1), .subtract, .date(2025, 2, 1), .integer, "28"),
        Case(.time(2025, 1, 3, 10), .subtract, .time(2025, 1, 1, 12, 30, 15.5), .interval, "1 day 21:29:44.5"),
        Case(.time(2025, 1, 1), .subtract, .time(2025, 1, 3, 10), .interval, "-2 days -10:00:00"),
        Case(.interval(months: 12), .multiply, .double(1.5), .interval, "1 year 6 mons"),
        Case(.interval(months: 1), .multiply, .number("0.5"), .interval, "15 days"),
        Case(.int(3), .multiply, .interval(days: 1), .interval, "3 days"),
        Case(.interval(days: 1), .divide, .int(3), .interval, "08:00:00"),
        Case(.interval(days: 10, seconds: 43_200), .multiply, .double(2.25), .interval, "22 days 39:00:00"),
        Case(.interval(months: 1), .multiply, .double(1.7), .interval, "1 mon 21 days"),
        Case(.interval(months: 5, days: 7), .divide, .int(7), .interval, "22 days 10:17:08.5344"),
        Case(.interval(months: 1, days: -1), .multiply, .double(0.3), .interval, "9 days -07:12:00"),
        Case(
            .interval(months: 1, days: 2), .subtract, .interval(days: 3, seconds: 1), .interval,
            "1 mon -1 days -00:00:01"),
    ]

    @Test("gives what PostgreSQL gives, in every shape", arguments: numbers + times)
    func gives(_ testCase: Case) throws {
        let text = try ExpressionProbe.text([testCase.left, testCase.right]) {
            .arithmetic(testCase.operation, $0[0], $0[1], testCase.type, position: 7)
        }
        #expect(text == testCase.expected)
    }

    static let errors: [Case] = [
        Case(.int(2_147_483_647), .add, .int(1), .integer, "integer out of range"),
        Case(.int(-2_147_483_648), .divide, .int(-1), .integer, "integer out of range"),
        Case(.int(65_536), .multiply, .int(65_536), .integer, "integer out of range"),
        Case(.big(Int64.max), .add, .big(1), .bigint, "bigint out of range"),
        Case(.big(Int64.min), .subtract, .big(1), .bigint, "bigint out of range"),
        Case(.big(Int64.min), .divide, .big(-1), .bigint, "bigint out of range"),
        Case(.big(1 << 40), .multiply, .big(1 << 40), .bigint, "bigint out of range"),
        Case(.int(1), .divide, .int(0), .integer, "division by zero"),
        Case(.int(1), .modulo, .int(0), .integer, "division by zero"),
        Case(.number("1.0"), .divide, .number("0.00"), .numeric(precision: 18, scale: 4), "division by zero"),
        Case(.number("1.0"), .modulo, .number("0.00"), .numeric(precision: 18, scale: 2), "division by zero"),
        Case(.double(1), .divide, .double(0), .double, "division by zero"),
        Case(.double(1e308), .multiply, .double(10), .double, "value out of range: overflow"),
        Case(.double(1e308), .add, .double(1e308), .double, "value out of range: overflow"),
        Case(.double(1e-300), .multiply, .double(1e-300), .double, "value out of range: underflow"),
        Case(.date(2025, 1, 1), .add, .int(2_147_483_647), .date, "date out of range"),
        Case(.time(2025, 1, 1), .add, .interval(months: 12_000_000), .timestamp, "timestamp out of range"),
        Case(.interval(days: 1), .divide, .int(0), .interval, "division by zero"),
        Case(
            .number("99999999999999999999999999999999999999", precision: 38), .multiply, .number("10"),
            .numeric(precision: 38, scale: 0), "numeric field overflow"),
    ]

    @Test("raises PostgreSQL's errors, and never for NULL", arguments: errors)
    func raises(_ testCase: Case) throws {
        let error = ExpressionProbe.error([testCase.left, testCase.right]) {
            .arithmetic(testCase.operation, $0[0], $0[1], testCase.type, position: 7)
        }
        #expect(error?.message == testCase.expected)
        #expect(error?.position == 7)
    }

    @Test("unary minus")
    func negates() throws {
        #expect(try ExpressionProbe.text([.number("1.50")]) { .negate($0[0], $0[0].type, position: 7) } == "-1.50")
        #expect(try ExpressionProbe.text([.double(0)]) { .negate($0[0], .double, position: 7) } == "-0")
        #expect(
            try ExpressionProbe.text([.interval(months: 1, days: -2)]) { .negate($0[0], .interval, position: 7) }
                == "-1 mons +2 days")
        let error = ExpressionProbe.error([.int(-2_147_483_648)]) { .negate($0[0], .integer, position: 7) }
        #expect(error?.message == "integer out of range")
    }

    @Test("integer arithmetic agrees with a plain computation on random rows", arguments: ArithmeticOperator.allCases)
    func randomIntegers(_ operation: ArithmeticOperator) throws {
        var generator = SeededGenerator(seed: 11)
        for magnitude in [10, 1_000_000, Int64(Int32.max)] {
            let rows = (0..<257).map { _ in
                (
                    Int64.random(in: -magnitude...magnitude, using: &generator),
                    Int64.random(in: 1...magnitude, using: &generator)
                )
            }
            let left = VectorShape.flatVector(rows.map { .integer($0.0) }, .bigint, asDictionary: false)
            let right = VectorShape.flatVector(rows.map { .integer($0.1) }, .bigint, asDictionary: false)
            let columns = [0, 1].map { BoundExpression.column(ColumnID($0), .bigint) }
            let result = try ExpressionProbe.evaluate(
                .arithmetic(operation, columns[0], columns[1], .bigint, position: 0), [left, right], rowCount: 257)
            for (row, pair) in rows.enumerated() {
                let expected: Int64 =
                    switch operation {
                    case .add: pair.0 + pair.1
                    case .subtract: pair.0 - pair.1
                    case .multiply: pair.0 * pair.1
                    case .divide: pair.0 / pair.1
                    case .modulo: pair.0 % pair.1
                    }
                #expect(result.scalar(at: row) == .integer(expected), "seed 11, row \(row)")
            }
        }
    }

    @Test("narrow and wide decimals agree digit by digit", arguments: ArithmeticOperator.allCases)
    func narrowAgainstWide(_ operation: ArithmeticOperator) throws {
        var generator = SeededGenerator(seed: 12)
        let rows = (0..<300).map { _ in
            (
                Int128(Int64.random(in: -99_999_999...99_999_999, using: &generator)),
                Int128(Int64.random(in: 1...9_999_999, using: &generator))
            )
        }
        func vector(_ values: [Int128], _ type: LogicalType) -> Vector {
            VectorShape.flatVector(
                values.map { .numeric(unscaled: $0, scale: type.scale ?? 0) }, type, asDictionary: false)
        }
        func evaluate(_ precision: Int) throws -> Vector {
            let types = [LogicalType.numeric(precision: precision, scale: 2), .numeric(precision: precision, scale: 4)]
            let scale = operation == .multiply ? 6 : (operation == .divide ? 5 : 4)
            let columns = [0, 1].map { BoundExpression.column(ColumnID($0), types[$0]) }
            return try ExpressionProbe.evaluate(
                .arithmetic(
                    operation, columns[0], columns[1], .numeric(precision: precision, scale: scale), position: 0),
                [vector(rows.map(\.0), types[0]), vector(rows.map(\.1), types[1])], rowCount: rows.count)
        }
        let narrow = try evaluate(18)
        let wide = try evaluate(38)
        for row in rows.indices { #expect(narrow.scalar(at: row) == wide.scalar(at: row), "seed 12, row \(row)") }
    }
}
