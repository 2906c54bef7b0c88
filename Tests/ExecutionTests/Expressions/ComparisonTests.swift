import Columns
import Execution
import Planning
import Testing

@Suite("Comparisons")
struct ComparisonTests {
    static func holds(_ comparison: ComparisonOperator, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    /// Pairs with their order: negative, 0 or positive.
    static let pairs: [(TypedValue, TypedValue, Int)] = [
        (.int(1), .big(2), -1), (.big(Int64.min), .big(Int64.max), -1), (.number("1.50"), .number("1.5"), 0),
        (.number("1.505"), .number("1.5"), 1), (.number("-1.505"), .number("-1.5"), -1),
        (.number("99999999999999999999999999999999999999", precision: 38), .number("0.5"), 1),
        (.number("0.5"), .number("-99999999999999999999999999999999999999", precision: 38), 1),
        (.number("2"), .number("1.99999999999999999999", precision: 38), 1),
        (.double(.nan), .double(.nan), 0), (.double(.nan), .double(.infinity), 1), (.double(1), .double(.nan), -1),
        (.double(-0.0), .double(0), 0), (.text("a"), .text("b"), -1), (.text("a"), .text("ab"), -1),
        (.text(""), .text(""), 0),
        (.text("Z"), .text("a"), -1), (.text("z"), .text("北"), -1), (.bool(false), .bool(true), -1),
        (.date(2025, 1, 1), .date(2024, 12, 31), 1), (.time(2025, 1, 1), .time(2025, 1, 1, 0, 0, 1), -1),
        (.interval(months: 1), .interval(days: 30), 0), (.interval(days: 1), .interval(seconds: 90_000), -1),
    ]

    @Test("every operator agrees with the order, in every shape", arguments: pairs, ComparisonOperator.allCases)
    func orders(pair: (TypedValue, TypedValue, Int), comparison: ComparisonOperator) throws {
        let expected = ComparisonTests.holds(comparison, pair.2) ? "true" : "false"
        #expect(try ExpressionProbe.text([pair.0, pair.1]) { .comparison(comparison, $0[0], $0[1]) } == expected)
        // One side constant: restated in the column's scale.
        let right = pair.1.expression
        #expect(try ExpressionProbe.text([pair.0]) { .comparison(comparison, $0[0], right) } == expected)
        let left = pair.0.expression
        #expect(try ExpressionProbe.text([pair.1]) { .comparison(comparison, left, $0[0]) } == expected)
    }

    @Test("a NULL on either side gives NULL")
    func nulls() throws {
        #expect(try ExpressionProbe.text([.null(.integer), .int(1)]) { .comparison(.equal, $0[0], $0[1]) } == "NULL")
        #expect(try ExpressionProbe.text([.text("a"), .null(.text)]) { .comparison(.less, $0[0], $0[1]) } == "NULL")
    }

    /// Strings with their place in two domains, some in neither format.
    static let identifiers = ["P0001", "P0002", "P0100", "Q01", "Q99", "P00010", "", "P", "odd", "P0099", "R1"]

    static func domain(_ texts: [String]) -> IdentifierDomain {
        var exceptions = StringColumn()
        let formats = [
            IdentifierDomain.Format(prefix: Array("P".utf8), digitCount: 4),
            IdentifierDomain.Format(prefix: Array("Q".utf8), digitCount: 2),
        ]
        for text in texts {
            let bytes = Array(text.utf8)
            if formats.allSatisfy({ IdentifierDomain.number(of: bytes, in: $0) == nil }) { exceptions.append(text) }
        }
        return IdentifierDomain(formats: formats, exceptions: TextDictionary(entries: exceptions))
    }

    static func identifierVector(_ texts: [String?], _ domain: IdentifierDomain) -> Vector {
        let codes = texts.map { text in text.flatMap { domain.code(of: Array($0.utf8)) } ?? UInt64.max - 5 }
        let validity = Validity(compacting: texts.map { $0 == nil ? 0 : 1 })
        return Vector(type: .text, count: texts.count, values: .identifier(codes: codes, domain), validity: validity)
    }

    @Test("texts compare alike whatever domains they come from", arguments: ComparisonOperator.allCases)
    func textDomains(comparison: ComparisonOperator) throws {
        var generator = SeededGenerator(seed: 21)
        let first = (0..<200).map { _ in
            Int.random(in: 0..<9, using: &generator) > 0
                ? ComparisonTests.identifiers.randomElement(using: &generator) : nil
        }
        let second = (0..<200).map { _ in
            Int.random(in: 0..<9, using: &generator) > 0
                ? ComparisonTests.identifiers.randomElement(using: &generator) : nil
        }
        let domains = [
            ComparisonTests.domain(ComparisonTests.identifiers),
            ComparisonTests.domain(ComparisonTests.identifiers.reversed()),
        ]
        func shapes(_ texts: [String?], _ domain: Int) -> [Vector] {
            let scalars = texts.map { $0.map { ScalarValue.text($0) } ?? .null }
            return [
                VectorShape.flatVector(scalars, .text, asDictionary: false),
                VectorShape.flatVector(scalars, .text, asDictionary: true),
                ComparisonTests.identifierVector(texts, domains[domain]),
                ComparisonTests.identifierVector(texts, domains[0]),
                VectorShape.runs.vector(scalars, .text),
            ]
        }
        let columns = [0, 1].map { BoundExpression.column(ColumnID($0), .text) }
        for left in shapes(first, 0) {
            for right in shapes(second, 1) {
                let result = try ExpressionProbe.evaluate(
                    .comparison(comparison, columns[0], columns[1]), [left, right], rowCount: 200)
                for row in 0..<200 {
                    let expected: ScalarValue =
                        if let a = first[row], let b = second[row] {
                            .boolean(ComparisonTests.holds(comparison, a == b ? 0 : (a < b ? -1 : 1)))
                        } else { .null }
                    #expect(result.scalar(at: row) == expected, "seed 21, row \(row)")
                }
            }
        }
    }

    @Test("identifiers compare with literals by their formats", arguments: ComparisonOperator.allCases)
    func identifierLiterals(comparison: ComparisonOperator) throws {
        let texts: [String?] = ComparisonTests.identifiers.map { $0 } + [nil]
        let vector = ComparisonTests.identifierVector(texts, ComparisonTests.domain(ComparisonTests.identifiers))
        let column = BoundExpression.column(ColumnID(0), .text)
        for literal in ComparisonTests.identifiers + ["P00", "P0050", "Q", "Z", "A", "Q5", "P9999", "P99999"] {
            let result = try ExpressionProbe.evaluate(
                .comparison(comparison, column, .constant(.text(literal), .text)), [vector], rowCount: texts.count)
            let pattern = BoundExpression.constant(.text(literal + "%"), .text)
            let like = try ExpressionProbe.evaluate(
                .like(column, pattern: pattern, escape: nil, caseInsensitive: false, negated: false), [vector],
                rowCount: texts.count)
            for (row, text) in texts.enumerated() {
                guard let text else {
                    #expect(result.scalar(at: row) == .null && like.scalar(at: row) == .null)
                    continue
                }
                let order = text == literal ? 0 : (text < literal ? -1 : 1)
                #expect(
                    result.scalar(at: row) == .boolean(ComparisonTests.holds(comparison, order)), "\(text) \(literal)")
                #expect(like.scalar(at: row) == .boolean(text.hasPrefix(literal)), "\(text) like \(literal)%")
            }
        }
    }
}
