import Columns
import Execution
import Planning
import Testing

@Suite("Shapes, predicates and keys")
struct ShapeTests {
    static let text = BoundExpression.column(ColumnID(0), .text)
    static let number = BoundExpression.column(ColumnID(1), .bigint)

    static func call(_ name: String, _ arguments: [BoundExpression], _ type: LogicalType) -> BoundExpression {
        .call(name: name, arguments: arguments, type, position: 0)
    }

    @Test("an expression over run columns of one map stays on runs")
    func runsStayRuns() throws {
        let map = RunMap(starts: [0, 2, 2, 5])
        let child = VectorShape.flatVector([.integer(4), .integer(0), .null], .bigint, asDictionary: false)
        let column = BoundExpression.column(ColumnID(0), .bigint)
        let hundred = BoundExpression.constant(.integer(100), .bigint)
        let result = try ExpressionProbe.evaluate(
            .arithmetic(.divide, hundred, column, .bigint, position: 0), [.runs(child, map: map)], rowCount: 5)
        guard case .runs(_, let resultMap) = result.values else {
            Issue.record("expanded to rows")
            return
        }
        #expect(resultMap === map)
        #expect((0..<5).map { result.scalar(at: $0) } == [.integer(25), .integer(25), .null, .null, .null])
    }

    @Test("a text function of a dictionary column gives codes of one derived dictionary in every batch")
    func derivedDictionaries() throws {
        var entries = StringColumn()
        for text in ["H33.1", "H33.2", "A01", "H34"] { entries.append(text) }
        let dictionary = TextDictionary(entries: entries)
        let arguments = [ShapeTests.text, .constant(.integer(1), .integer), .constant(.integer(3), .integer)]
        let program = try ExpressionProgram(ShapeTests.call("substring", arguments, .text), columns: [ColumnID(0): 0])
        var seen: [TextDictionary] = []
        for codes in [[0, 1, 2, 3], [3, 3, 1, 0]] as [[UInt32]] {
            let column = Vector(
                type: .text, count: 4, values: .dictionary(codes: codes, dictionary), validity: .mask([1, 1, 1, 0]))
            var state = ExpressionState()
            let result = try program.evaluate(Batch(columns: [column], rowCount: 4), &state)
            guard case .dictionary(let derivedCodes, let derived) = result.values else {
                Issue.record("no dictionary")
                return
            }
            seen.append(derived)
            #expect(derived.count == 3)
            for row in 0..<3 { #expect(derived[derivedCodes[row]] == String(dictionary[codes[row]].prefix(3))) }
            #expect(result.scalar(at: 3) == .null)
        }
        #expect(seen.count == 2 && seen[0] === seen[1])
    }

    @Test("an entry that no row has raises no error")
    func unusedEntries() throws {
        let column = VectorShape.flatVector([.text("1"), .text("2"), .null], .text, asDictionary: true)
        let result = try ExpressionProbe.evaluate(
            .cast(ShapeTests.text, to: .integer, position: 0), [column], rowCount: 3)
        #expect((0..<3).map { result.scalar(at: $0) } == [.integer(1), .integer(2), .null])
    }

    @Test("constants stay constants, and an empty batch raises nothing")
    func constants() throws {
        let column = Vector.constant(.integer(5), type: .bigint, count: 4)
        let expression = BoundExpression.arithmetic(
            .divide, .constant(.integer(10), .bigint), .column(ColumnID(0), .bigint), .bigint, position: 0)
        let result = try ExpressionProbe.evaluate(expression, [column], rowCount: 4)
        guard case .constant(.integer(2)) = result.values else {
            Issue.record("not constant: \(result.values)")
            return
        }
        let zero = Vector.constant(.integer(0), type: .bigint, count: 0)
        #expect(try ExpressionProbe.evaluate(expression, [zero], rowCount: 0).count == 0)
    }

    // MARK: predicates

    /// Naive answer of `text like 'a%' and number > 3 and 100 / number < 20`.
    static func isKept(_ text: String?, _ number: Int64?) -> Bool {
        guard let text, let number, text.hasPrefix("a"), number > 3 else { return false }
        return 100 / number < 20
    }

    @Test("predicates keep the rows on which all are true", arguments: VectorShape.allCases, VectorShape.allCases)
    func predicates(textShape: VectorShape, numberShape: VectorShape) throws {
        let conjuncts: [BoundExpression] = [
            .like(
                ShapeTests.text, pattern: .constant(.text("a%"), .text), escape: nil, caseInsensitive: false,
                negated: false),
            .comparison(.greater, ShapeTests.number, .constant(.integer(3), .bigint)),
            .comparison(
                .less,
                .arithmetic(.divide, .constant(.integer(100), .bigint), ShapeTests.number, .bigint, position: 0),
                .constant(.integer(20), .bigint)),
        ]
        let ids = [ColumnID(0): 0, ColumnID(1): 1]
        let split = try PredicateProgram(predicates: conjuncts, columns: ids)
        let joined = try PredicateProgram(predicates: [.and(conjuncts)], columns: ids)
        var generator = SeededGenerator(seed: 31)
        for rowCount in [0, 1, 63, 64, 65, 500] {
            for rarity in [2, 40] {
                let texts: [String?] = (0..<rowCount).map { _ in
                    switch Int.random(in: 0..<rarity, using: &generator) {
                    case 0: "a\(Int.random(in: 0..<20, using: &generator))"
                    case 1: nil
                    default: "b"
                    }
                }
                let numbers: [Int64?] = (0..<rowCount).map { _ in
                    Int.random(in: 0..<10, using: &generator) == 0 ? nil : Int64.random(in: 0...12, using: &generator)
                }
                let batch = Batch(
                    columns: [
                        textShape.vector(texts.map { $0.map { .text($0) } ?? .null }, .text),
                        numberShape.vector(numbers.map { $0.map { .integer($0) } ?? .null }, .bigint),
                    ], rowCount: rowCount)
                let expected = (0..<rowCount).filter { ShapeTests.isKept(texts[$0], numbers[$0]) }.map { Int32($0) }
                for program in [split, joined] {
                    var state = ExpressionState()
                    let selection = try program.select(batch, &state)
                    switch selection {
                    case .all: #expect(expected.count == rowCount)
                    case .none: #expect(expected.isEmpty)
                    case .rows(let rows): #expect(rows == expected, "seed 31")
                    }
                }
            }
        }
    }

    @Test("no predicate keeps every row")
    func noPredicates() throws {
        let program = try PredicateProgram(predicates: [], columns: [:])
        var state = ExpressionState()
        #expect(try program.select(Batch(columns: [], rowCount: 3), &state) == .all)
    }

    // MARK: keys

    @Test("equal values hash alike in every shape")
    func hashing() {
        let texts = ["P0001", "odd", "", "P0002", "P0001", "a rather long text of many bytes"]
        let scalars = texts.map { ScalarValue.text($0) } + [.null]
        var state = ExpressionState()
        let expected = KeyHashing.hash([VectorShape.flat.vector(scalars, .text)], rowCount: 7, &state)
        #expect(Set(expected).count == 6)
        #expect(expected[0] == expected[4])
        for shape in VectorShape.allCases {
            #expect(KeyHashing.hash([shape.vector(scalars, .text)], rowCount: 7, &state) == expected)
        }
        let domain = ComparisonTests.domain(Array(Set(texts)))
        let identifiers = ComparisonTests.identifierVector(texts.map { $0 } + [nil], domain)
        #expect(KeyHashing.hash([identifiers], rowCount: 7, &state) == expected)
        let constant = Vector.constant(.text("odd"), type: .text, count: 2)
        #expect(KeyHashing.hash([constant], rowCount: 2, &state) == [expected[1], expected[1]])
    }

    @Test("narrow and wide numbers, zeros of both signs and equal intervals hash alike")
    func numberHashing() {
        var state = ExpressionState()
        let narrow = VectorShape.flat.vector([.numeric(unscaled: -5, scale: 2)], .numeric(precision: 10, scale: 2))
        let wide = VectorShape.flat.vector([.numeric(unscaled: -5, scale: 2)], .numeric(precision: 30, scale: 2))
        #expect(KeyHashing.hash(narrow, &state) == KeyHashing.hash(wide, &state))
        let zeros = KeyHashing.hash(VectorShape.flat.vector([.double(0), .double(-0.0)], .double), &state)
        #expect(zeros[0] == zeros[1])
        let month = IntervalValue(months: 1)
        let days = IntervalValue(days: 30)
        let hashes = KeyHashing.hash(VectorShape.flat.vector([.interval(month), .interval(days)], .interval), &state)
        #expect(hashes[0] == hashes[1])
    }

    @Test("key codes keep equality, order and NULLs")
    func keyCodes() throws {
        let numbers: [ScalarValue] = [.integer(-5), .integer(7), .null, .integer(Int64.min), .integer(Int64.max)]
        let column = try #require(KeyColumn(VectorShape.runs.vector(numbers, .bigint)))
        guard case .wide(let codes) = column.codes else {
            Issue.record("64-bit codes expected")
            return
        }
        #expect(codes[2] == 0 && !column.validity.isPresent(2))
        #expect(codes[3] < codes[0] && codes[0] < codes[1] && codes[1] < codes[4])
        let texts = try #require(KeyColumn(VectorShape.dictionary.vector([.text("a"), .null, .text("a")], .text)))
        guard case .narrow(let textCodes) = texts.codes, case .dictionary = texts.domain else {
            Issue.record("dictionary codes expected")
            return
        }
        #expect(textCodes[0] == textCodes[2] && textCodes[1] == 0)
        #expect(KeyColumn(VectorShape.flat.vector([.text("a")], .text)) == nil)
    }

    @Test("rows print as scalars do")
    func printing() {
        let scalars: [ScalarValue] = [.numeric(unscaled: -5, scale: 2), .null, .numeric(unscaled: 123_456, scale: 2)]
        let strings = ValueText.strings(VectorShape.runs.vector(scalars, .numeric(precision: 10, scale: 2)))
        #expect((0..<3).map { strings[$0] } == ["-0.05", "", "1234.56"])
    }
}
