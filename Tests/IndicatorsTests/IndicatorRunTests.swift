import Columns
import Engine
import Indicators
import Testing

@Suite("Indicator run")
struct IndicatorRunTests {
    private static let columns: [(String, LogicalType)] = [
        ("institution_id", .text), ("events", .bigint), ("exposure", .bigint), ("amount", .numeric(precision: 38, scale: 4)),
    ]

    private func figures(_ rows: [[ScalarValue]], columns: [(String, LogicalType)] = columns) throws -> [IndicatorFigure] {
        let indicator = try IndicatorFileReader.read(SampleFile.text, file: "sample.sql")
        return try IndicatorRun.figures(
            of: BoundIndicator(indicator, period: .all), runner: FakeRunner(columns: columns, rows: rows))
    }

    @Test("orders by the bytes of the id, leaves out what has no exposure or no id") func order() throws {
        let answer = try figures([
            [.text("h1"), .integer(1), .integer(4), .numeric(unscaled: 1000, scale: 4)],
            [.text("H2"), .integer(0), .integer(0), .null],
            [.null, .integer(0), .integer(5), .null],
            [.text("机构"), .integer(0), .integer(3), .null],
            [.text("H10"), .integer(2), .integer(2), .numeric(unscaled: 70_000, scale: 4)],
        ])
        #expect(answer.map(\.institutionID) == ["H10", "h1", "机构"])
        #expect(answer.map(\.amountCents) == [700, 10, 0])
        #expect(answer[1].rate == 0.25)
    }

    @Test("rounds amounts half away from zero, once", arguments: [
        (12345, 4, 123), (12350, 4, 124), (-12350, 4, -124), (-12349, 4, -123), (5, 1, 50), (7, 0, 700), (5, 3, 1), (4, 3, 0),
        (-5, 3, -1),
    ] as [(Int128, Int, Int128)])
    func rounding(unscaled: Int128, scale: Int, cents: Int128) {
        #expect(AnswerReader.cents(unscaled: unscaled, scale: scale) == cents)
    }

    @Test("refuses answers that are no figures", arguments: [
        [.text("H"), .integer(3), .integer(2), .null], [.text("H"), .integer(-1), .integer(2), .null],
        [.text("H"), .double(1), .integer(2), .null], [.text("H"), .integer(1), .integer(2), .double(1.5)],
        [.integer(1), .integer(1), .integer(2), .null], [.text("H"), .null, .integer(2), .null],
    ] as [[ScalarValue]])
    func refused(row: [ScalarValue]) {
        #expect(throws: IndicatorError.self) { try figures([row]) }
    }

    @Test("refuses two rows for one institution and a missing column") func shape() {
        let row: [ScalarValue] = [.text("H"), .integer(1), .integer(2), .null]
        #expect(throws: IndicatorError.self) { try figures([row, row]) }
        #expect(throws: IndicatorError.self) { try figures([], columns: Array(IndicatorRunTests.columns.dropLast())) }
    }
}
