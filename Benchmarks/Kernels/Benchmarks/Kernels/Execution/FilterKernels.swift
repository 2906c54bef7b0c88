import Columns
import Planning

@testable import Execution

private let money = LogicalType.numeric(precision: 16, scale: 2)

private struct FilterInput {
    /// Money, days, codes of texts, money again.
    let batch: Batch
    let program: PredicateProgram
    var state = ExpressionState()

    init(_ predicates: (FilterColumns) -> [BoundExpression]) throws {
        batch = FilterColumns.batch()
        program = try PredicateProgram(predicates: predicates(FilterColumns()), columns: FilterColumns.places)
    }

    mutating func select() throws -> Selection { try program.select(batch, &state) }
}

/// The columns of the batch that is filtered, as expressions.
private struct FilterColumns {
    let amount = BoundExpression.column(ColumnID(0), money)
    let day = BoundExpression.column(ColumnID(1), .date)
    let item = BoundExpression.column(ColumnID(2), .text)
    let quantity = BoundExpression.column(ColumnID(3), money)

    static let places = Dictionary(uniqueKeysWithValues: (0..<4).map { (ColumnID($0), $0) })

    static func batch() -> Batch {
        let count = Segment.rowCount
        return Batch(
            columns: [
                Vector(type: money, count: count, values: .int64(Segment.numbers(0...99_999, seed: 41))),
                Vector(type: .date, count: count, values: .int32(Segment.numbers(0...999, seed: 42).map { Int32($0) })),
                Vector(type: .text, count: count, values: .dictionary(codes: itemCodes(), itemDictionary())),
                Vector(type: money, count: count, values: .int64(Segment.numbers(1...99, seed: 44))),
            ], rowCount: count)
    }

    static func itemCodes() -> [UInt32] { Segment.numbers(0...4999, seed: 43).map { UInt32($0) } }

    static func itemDictionary() -> TextDictionary {
        var entries = StringColumn()
        for code in 0..<5000 { entries.append("X\(10_000 + code * 7919 % 80_000)") }
        return TextDictionary(entries: entries)
    }

    static func cents(_ value: Int) -> BoundExpression { .constant(.numeric(unscaled: Int128(value), scale: 2), money) }
    static func day(_ value: Int32) -> BoundExpression { .constant(.date(value), .date) }
    static func text(_ value: String) -> BoundExpression { .constant(.text(value), .text) }
}

private struct ExpressionInput {
    let batch = FilterColumns.batch()
    let program: ExpressionProgram
    var state = ExpressionState()

    init(_ expression: BoundExpression) throws {
        program = try ExpressionProgram(expression, columns: FilterColumns.places)
    }

    mutating func evaluate() throws -> Vector { try program.evaluate(batch, &state) }
}

/// Predicates, masks, rows picked by them, and arithmetic.
func registerFilterKernels() {
    kernel("filter, number > constant") {
        try FilterInput { [.comparison(.greater, $0.amount, FilterColumns.cents(75_000))] }
    } run: {
        try $0.select()
    }
    kernel("filter, dates from … to … and number < number") {
        try FilterInput {
            [
                .comparison(.greaterOrEqual, $0.day, FilterColumns.day(100)),
                .comparison(.less, $0.day, FilterColumns.day(600)),
                .comparison(.less, $0.quantity, $0.amount),
            ]
        }
    } run: {
        try $0.select()
    }
    kernel("filter, text in 5 texts") {
        try FilterInput { columns in
            [.inList(columns.item, (0..<5).map { FilterColumns.text("X\(10_000 + $0 * 7919)") }, negated: false)]
        }
    } run: {
        try $0.select()
    }
    kernel("filter, text like prefix") {
        try FilterInput {
            [.like($0.item, pattern: FilterColumns.text("X1%"), escape: nil, caseInsensitive: false, negated: false)]
        }
    } run: {
        try $0.select()
    }
    kernel("mask, and") {
        (Segment.flags(percent: 30), Segment.flags(percent: 60, seed: 45))
    } run: {
        Mask.and($0.0, $0.1)
    }
    kernel("mask, rows of a third") {
        Segment.flags(percent: 33)
    } run: {
        Mask.rows($0)
    }
    kernel("gather, a third of 64-bit values", values: Mask.rows(Segment.flags(percent: 33)).count) {
        (Segment.numbers(0...99_999), Mask.rows(Segment.flags(percent: 33)))
    } run: {
        gather($0.0, $0.1)
    }
    kernel("gather, 64-bit values by code") {
        (Segment.numbers(0...99_999, count: 5000), Segment.numbers(0...4999).map { Int32($0) })
    } run: {
        gather($0.0, $0.1)
    }
    kernel("spread, 64-bit values over runs of 3") {
        (Segment.numbers(0...99_999, count: Segment.runStarts().count - 1), Segment.runStarts())
    } run: {
        spread($0.0, $0.1)
    }
    kernel("arithmetic, product of decimals") {
        let columns = FilterColumns()
        return try ExpressionInput(
            .arithmetic(.multiply, columns.amount, columns.quantity, .numeric(precision: 18, scale: 4), position: 0))
    } run: {
        try $0.evaluate()
    }
    kernel("arithmetic, sum of decimals") {
        let columns = FilterColumns()
        return try ExpressionInput(.arithmetic(.add, columns.amount, columns.quantity, money, position: 0))
    } run: {
        try $0.evaluate()
    }
}
