import Columns
import Execution
import Planning
import Testing

/// Random trees over random batches, against a row-by-row interpreter that knows nothing of shapes.
@Suite("Random expressions")
struct RandomExpressionTests {
    static let types: [LogicalType] = [.bigint, .bigint, .text, .boolean, .text]

    struct Failure: Error {}

    // MARK: generating

    static func number(_ depth: Int, _ generator: inout SeededGenerator) -> BoundExpression {
        let column = BoundExpression.column(ColumnID(Int.random(in: 0...1, using: &generator)), .bigint)
        guard depth > 0 else {
            return Bool.random(using: &generator)
                ? column : .constant(.integer(Int64.random(in: -2...4, using: &generator)), .bigint)
        }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1:
            let operation = ArithmeticOperator.allCases.randomElement(using: &generator) ?? .add
            return .arithmetic(
                operation, number(depth - 1, &generator), number(depth - 1, &generator), .bigint, position: 0)
        case 2: return .coalesce([number(depth - 1, &generator), number(depth - 1, &generator)], .bigint)
        case 3:
            let branches = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
                BoundBranch(condition: truth(depth - 1, &generator), result: number(depth - 1, &generator))
            }
            return .caseWhen(branches, otherwise: number(depth - 1, &generator), .bigint)
        case 4: return .call(name: "length", arguments: [text(depth - 1, &generator)], .bigint, position: 0)
        default: return column
        }
    }

    static func text(_ depth: Int, _ generator: inout SeededGenerator) -> BoundExpression {
        let column = BoundExpression.column(ColumnID(Bool.random(using: &generator) ? 2 : 4), .text)
        guard depth > 0 else {
            return Int.random(in: 0..<3, using: &generator) > 0
                ? column : .constant(.text(["a", "b", "zz", ""].randomElement(using: &generator) ?? "a"), .text)
        }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0:
            return .call(
                name: "concat_op", arguments: [text(depth - 1, &generator), text(depth - 1, &generator)], .text, position: 0)
        case 1: return .call(name: "upper", arguments: [text(depth - 1, &generator)], .text, position: 0)
        case 2: return .coalesce([text(depth - 1, &generator), text(depth - 1, &generator)], .text)
        case 3:
            let branch = BoundBranch(condition: truth(depth - 1, &generator), result: text(depth - 1, &generator))
            return .caseWhen([branch], otherwise: text(depth - 1, &generator), .text)
        default: return column
        }
    }

    static func truth(_ depth: Int, _ generator: inout SeededGenerator) -> BoundExpression {
        guard depth > 0 else { return .column(ColumnID(3), .boolean) }
        let comparison = ComparisonOperator.allCases.randomElement(using: &generator) ?? .equal
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: return .and([truth(depth - 1, &generator), truth(depth - 1, &generator)])
        case 1: return .or([truth(depth - 1, &generator), truth(depth - 1, &generator)])
        case 2: return .not(truth(depth - 1, &generator))
        case 3: return .comparison(comparison, number(depth - 1, &generator), number(depth - 1, &generator))
        case 4: return .comparison(comparison, text(depth - 1, &generator), text(depth - 1, &generator))
        case 5: return .isNull(number(depth - 1, &generator), negated: Bool.random(using: &generator))
        case 6: return .distinct(text(depth - 1, &generator), text(depth - 1, &generator), negated: false)
        case 7:
            let items = (0..<Int.random(in: 1...7, using: &generator)).map { _ in number(0, &generator) }
            return .inList(number(depth - 1, &generator), items, negated: Bool.random(using: &generator))
        default: return .isTruth(truth(depth - 1, &generator), value: true, negated: Bool.random(using: &generator))
        }
    }

    // MARK: the interpreter

    static func value(_ expression: BoundExpression, _ row: [ScalarValue]) throws -> ScalarValue {
        switch expression {
        case .constant(let value, _): return value
        case .column(let id, _): return row[id.number]
        case .arithmetic(let operation, let left, let right, _, _):
            guard case .integer(let a) = try value(left, row), case .integer(let b) = try value(right, row) else {
                // Both sides are asked even if one is NULL.
                _ = try value(right, row)
                return .null
            }
            return .integer(try arithmetic(operation, a, b))
        case .coalesce(let items, _):
            for item in items {
                let found = try value(item, row)
                if !found.isNull { return found }
            }
            return .null
        case .caseWhen(let branches, let otherwise, _):
            for branch in branches where try value(branch.condition, row) == .boolean(true) {
                return try value(branch.result, row)
            }
            return try value(otherwise, row)
        case .call(let name, let arguments, _, _): return function(name, try arguments.map { try value($0, row) })
        default: return try truth(expression, row).map { .boolean($0) } ?? .null
        }
    }

    static func arithmetic(_ operation: ArithmeticOperator, _ a: Int64, _ b: Int64) throws -> Int64 {
        let result: (Int64, Bool)
        switch operation {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .divide: result = a.dividedReportingOverflow(by: b)
        case .modulo: result = a.remainderReportingOverflow(dividingBy: b)
        }
        if result.1 { throw Failure() }
        return result.0
    }

    static func function(_ name: String, _ arguments: [ScalarValue]) -> ScalarValue {
        var texts: [String] = []
        for case .text(let text) in arguments { texts.append(text) }
        guard texts.count == arguments.count else { return .null }
        switch name {
        case "length": return .integer(Int64(texts[0].unicodeScalars.count))
        case "upper": return .text(texts[0].uppercased())
        default: return .text(texts.joined())
        }
    }

    static func truth(_ expression: BoundExpression, _ row: [ScalarValue]) throws -> Bool? {
        func asked(_ expression: BoundExpression) throws -> Bool? {
            if case .boolean(let value) = try value(expression, row) { return value }
            return nil
        }
        switch expression {
        case .and(let items):
            var result: Bool? = true
            for item in items {
                let next = try asked(item)
                if next == false { return false }
                if next == nil { result = nil }
            }
            return result
        case .or(let items):
            var result: Bool? = false
            for item in items {
                let next = try asked(item)
                if next == true { return true }
                if next == nil { result = nil }
            }
            return result
        case .not(let item): return try asked(item).map { !$0 }
        case .isTruth(let item, let wanted, let negated): return (try asked(item) == wanted) != negated
        case .isNull(let item, let negated): return (try value(item, row) == .null) != negated
        case .distinct(let left, let right, _): return try value(left, row) != value(right, row)
        case .comparison(let comparison, let left, let right):
            return compare(comparison, try value(left, row), try value(right, row))
        case .inList(let item, let list, let negated):
            let wanted = try value(item, row)
            var result: Bool? = false
            for candidate in list where result != true {
                let same = compare(.equal, wanted, try value(candidate, row))
                if same != false { result = same }
            }
            return result.map { $0 != negated }
        default: throw Failure()
        }
    }

    static func compare(_ comparison: ComparisonOperator, _ left: ScalarValue, _ right: ScalarValue) -> Bool? {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): ComparisonTests.holds(comparison, a < b ? -1 : (a == b ? 0 : 1))
        case (.text(let a), .text(let b)): ComparisonTests.holds(comparison, a < b ? -1 : (a == b ? 0 : 1))
        default: nil
        }
    }

    // MARK: the test

    static func rows(_ count: Int, _ generator: inout SeededGenerator) -> [[ScalarValue]] {
        (0..<count).map { _ in
            types.map { type in
                if Int.random(in: 0..<6, using: &generator) == 0 { return .null }
                switch type {
                case .bigint: return .integer(Int64.random(in: -3...5, using: &generator))
                case .boolean: return .boolean(Bool.random(using: &generator))
                default: return .text(["a", "b", "ab", "zz", "北", ""].randomElement(using: &generator) ?? "")
                }
            }
        }
    }

    @Test("every shape gives what the interpreter gives, or both fail", arguments: 1...40)
    func agree(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            let count = [1, 5, 33].randomElement(using: &generator) ?? 5
            let rows = RandomExpressionTests.rows(count, &generator)
            let kind = Int.random(in: 0..<3, using: &generator)
            let expression =
                kind == 0
                ? RandomExpressionTests.number(4, &generator)
                : (kind == 1 ? RandomExpressionTests.text(4, &generator) : RandomExpressionTests.truth(4, &generator))
            let expected = try? rows.map { try RandomExpressionTests.value(expression, $0) }
            for _ in 0..<4 {
                let vectors = RandomExpressionTests.types.indices.map { column in
                    let shape = VectorShape.allCases.randomElement(using: &generator) ?? .flat
                    return shape.vector(rows.map { $0[column] }, RandomExpressionTests.types[column])
                }
                let result = try? ExpressionProbe.evaluate(expression, vectors, rowCount: count)
                // Constants out of reach of every row may fail in one and not in the other only where rows fail too.
                #expect((result == nil) == (expected == nil), "seed \(seed): \(expression)")
                guard let result, let expected else { continue }
                for row in 0..<count {
                    #expect(result.scalar(at: row) == expected[row], "seed \(seed), row \(row): \(expression)")
                }
            }
        }
    }
}
