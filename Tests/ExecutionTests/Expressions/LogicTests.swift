import Columns
import Execution
import Planning
import Testing

@Suite("Three-valued logic")
struct LogicTests {
    static let truths: [Bool?] = [true, false, nil]

    static func value(_ truth: Bool?) -> TypedValue { truth.map { .bool($0) } ?? .null(.boolean) }
    static func name(_ truth: Bool?) -> String { truth.map { $0 ? "true" : "false" } ?? "NULL" }

    @Test("and, or, not follow the truth tables", arguments: truths, truths)
    func connectives(left: Bool?, right: Bool?) throws {
        let values = [LogicTests.value(left), LogicTests.value(right)]
        let and: Bool? = left == false || right == false ? false : (left == nil || right == nil ? nil : true)
        let or: Bool? = left == true || right == true ? true : (left == nil || right == nil ? nil : false)
        #expect(try ExpressionProbe.text(values) { .and($0) } == LogicTests.name(and))
        #expect(try ExpressionProbe.text(values) { .or($0) } == LogicTests.name(or))
        #expect(try ExpressionProbe.text([values[0]]) { .not($0[0]) } == LogicTests.name(left.map { !$0 }))
        let distinct = try ExpressionProbe.text(values) { .distinct($0[0], $0[1], negated: false) }
        #expect(distinct == LogicTests.name(left != right))
        let same = try ExpressionProbe.text(values) { .distinct($0[0], $0[1], negated: true) }
        #expect(same == LogicTests.name(left == right))
    }

    @Test("is true, is false, is null are never NULL", arguments: truths)
    func tests(truth: Bool?) throws {
        let value = [LogicTests.value(truth)]
        for negated in [false, true] {
            let isNull = try ExpressionProbe.text(value) { .isNull($0[0], negated: negated) }
            #expect(isNull == LogicTests.name((truth == nil) != negated))
            for wanted in [true, false] {
                let text = try ExpressionProbe.text(value) { .isTruth($0[0], value: wanted, negated: negated) }
                #expect(text == LogicTests.name((truth == wanted) != negated))
            }
        }
    }

    @Test("in-lists with NULLs", arguments: [1, 2, 7])
    func inLists(length: Int) throws {
        // Long lists are looked up, short ones compared: both must agree.
        let items = (0..<length).map { TypedValue.int(Int64($0 * 3 + 1)) }
        func text(_ value: TypedValue, _ list: [TypedValue], negated: Bool = false) throws -> String {
            try ExpressionProbe.text([value]) { .inList($0[0], list.map(\.expression), negated: negated) }
        }
        #expect(try text(.int(1), items) == "true")
        #expect(try text(.int(2), items) == "false")
        #expect(try text(.int(1), items, negated: true) == "false")
        #expect(try text(.int(2), items, negated: true) == "true")
        #expect(try text(.null(.integer), items) == "NULL")
        #expect(try text(.int(1), items + [.null(.integer)]) == "true")
        #expect(try text(.int(2), items + [.null(.integer)]) == "NULL")
        #expect(try text(.int(2), items + [.null(.integer)], negated: true) == "NULL")
    }

    @Test("in-lists of texts, dates and decimals, in every shape")
    func inListTypes() throws {
        let texts = ["a", "b", "c", "d", "e", "f"].map { TypedValue.text($0) }
        #expect(
            try ExpressionProbe.text([.text("c")]) { .inList($0[0], texts.map(\.expression), negated: false) } == "true"
        )
        #expect(
            try ExpressionProbe.text([.text("x")]) { .inList($0[0], texts.map(\.expression), negated: false) }
                == "false")
        let dates = (1...6).map { TypedValue.date(2025, 1, $0) }
        #expect(
            try ExpressionProbe.text([.date(2025, 1, 4)]) { .inList($0[0], dates.map(\.expression), negated: false) }
                == "true")
        let numbers = ["1.50", "2.505", "3", "4", "5", "6"].map { TypedValue.number($0) }
        for (value, expected) in [("1.50", "true"), ("2.51", "false"), ("2.50", "false"), ("3.00", "true")] {
            #expect(
                try ExpressionProbe.text([.number(value)]) { .inList($0[0], numbers.map(\.expression), negated: false) }
                    == expected)
        }
    }

    @Test("coalesce and case take the first that fits")
    func conditionals() throws {
        #expect(try ExpressionProbe.text([.null(.integer), .int(2), .int(3)]) { .coalesce($0, .integer) } == "2")
        #expect(try ExpressionProbe.text([.null(.text), .text("x")]) { .coalesce($0, .text) } == "x")
        let grade = { (arguments: [BoundExpression]) -> BoundExpression in
            .caseWhen(
                [
                    BoundBranch(
                        condition: .comparison(.greater, arguments[0], TypedValue.int(10).expression),
                        result: TypedValue.text("high").expression),
                    BoundBranch(
                        condition: .comparison(.greater, arguments[0], TypedValue.int(5).expression),
                        result: TypedValue.text("middle").expression),
                ], otherwise: TypedValue.text("low").expression, .text)
        }
        for (value, expected) in [
            (TypedValue.int(11), "high"), (.int(6), "middle"), (.int(1), "low"), (.null(.integer), "low"),
        ] {
            #expect(try ExpressionProbe.text([value], grade) == expected)
        }
    }

    @Test("guards keep errors away from the rows they exclude")
    func guards() throws {
        let rows = VectorShape.flatVector(
            [.integer(0), .integer(2), .null, .integer(5)], .integer, asDictionary: false)
        let column = BoundExpression.column(ColumnID(0), .integer)
        let ten = TypedValue.int(10).expression
        let zero = TypedValue.int(0).expression
        let quotient = BoundExpression.arithmetic(.divide, ten, column, .integer, position: 1)
        let notZero = BoundExpression.comparison(.notEqual, column, zero)
        func texts(_ expression: BoundExpression) throws -> [String] {
            let result = try ExpressionProbe.evaluate(expression, [rows], rowCount: 4)
            return (0..<4).map { ExpressionProbe.text(result, row: $0) }
        }
        let guarded = BoundExpression.caseWhen(
            [BoundBranch(condition: notZero, result: quotient)], otherwise: zero, .integer)
        #expect(try texts(guarded) == ["0", "5", "0", "2"])
        let isLarge = BoundExpression.comparison(.greater, quotient, TypedValue.int(3).expression)
        #expect(try texts(.and([notZero, isLarge])) == ["false", "true", "NULL", "false"])
        #expect(try texts(.or([.comparison(.equal, column, zero), isLarge])) == ["true", "true", "NULL", "false"])
        let filled = BoundExpression.coalesce(
            [
                .caseWhen(
                    [BoundBranch(condition: .comparison(.equal, column, zero), result: zero)],
                    otherwise: TypedValue.null(.integer).expression, .integer), quotient,
            ], .integer)
        #expect(try texts(filled) == ["0", "5", "NULL", "2"])
        #expect(throws: ExecutionError(.divisionByZero, position: 1)) { _ = try texts(quotient) }
        // A constant that cannot be computed is an error only where it is met.
        let broken = BoundExpression.arithmetic(.divide, ten, zero, .integer, position: 2)
        let never = BoundExpression.comparison(.less, column, TypedValue.int(-1).expression)
        #expect(
            try texts(.caseWhen([BoundBranch(condition: never, result: broken)], otherwise: zero, .integer))
                == ["0", "0", "0", "0"])
    }

    static let likes: [(String, String, Bool)] = [
        ("abc", "a%", true), ("abc", "_b_", true), ("abc", "a", false), ("a%c", "a\\%c", true), ("北京", "_京", true),
        ("abc", "%b%", true), ("abc", "%c", true), ("aXbXc", "a%b%c", true), ("", "%", true), ("", "_", false),
        ("abc", "%%", true), ("mississippi", "m%iss%pi", true), ("abc", "abc", true), ("abc", "%d%", false),
        ("ab", "abc%", false), ("北京市", "北%市", true), ("北京市", "__", false), ("aab", "%ab", true),
    ]

    @Test("like follows PostgreSQL", arguments: likes)
    func like(text: String, pattern: String, expected: Bool) throws {
        for negated in [false, true] {
            let answer = expected != negated ? "true" : "false"
            let constant = try ExpressionProbe.text([.text(text)]) {
                .like(
                    $0[0], pattern: TypedValue.text(pattern).expression, escape: 0x5C, caseInsensitive: false,
                    negated: negated)
            }
            #expect(constant == answer)
            let varying = try ExpressionProbe.text([.text(text), .text(pattern)]) {
                .like($0[0], pattern: $0[1], escape: 0x5C, caseInsensitive: false, negated: negated)
            }
            #expect(varying == answer)
        }
    }

    @Test("ilike ignores the case of ASCII letters")
    func caseInsensitive() throws {
        let text = try ExpressionProbe.text([.text("ABC")]) {
            .like($0[0], pattern: TypedValue.text("a_c").expression, escape: nil, caseInsensitive: true, negated: false)
        }
        #expect(text == "true")
    }
}
