import Columns
import Diagnostics
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

    /// Answers as a store would whose planner refuses the figures and lines of an indicator in one statement.
    private struct RefusingRunner: QueryRunner {
        let answer: QueryResult

        func run(sql: String) throws -> QueryResult {
            if sql.contains("union all") { throw Diagnostic(.query, "no") }
            return answer
        }

        func run(sql: String, reading answers: [(name: String, rows: QueryResult)]) throws -> QueryResult { answer }
    }

    @Test("figures and lines come from one statement, whatever their text begins with; apart where it is refused")
    func together() throws {
        var indicator = try IndicatorFileReader.read(SampleFile.text, file: "sample.sql")
        #expect(try BoundIndicator(indicator, period: .all).figuresAndLinesQuery == nil)
        indicator.queries.figures = " -- a word\n , own as (select 1) select * from own"
        indicator.queries.lines = " select institution_id, claim_id, line_id, amount from lines"
        let bound = try BoundIndicator(indicator, period: .all)
        let query = try #require(bound.figuresAndLinesQuery)
        #expect(query.contains("with nothing_before as (select 1 as one)\n, own as (select 1)") && query.contains("union all"))

        let type = LogicalType.numeric(precision: 10, scale: 2)
        let columns: [(String, LogicalType)] = [
            ("is_figure", .boolean), ("institution_id", .text), ("events", .bigint), ("exposure", .bigint), ("amount", type),
            ("line_institution_id", .text), ("claim_id", .text), ("line_id", .text), ("line_amount", type),
        ]
        let cents = ScalarValue.numeric(unscaled: 150, scale: 2)
        let runner = FakeRunner(
            columns: columns,
            rows: [
                [.boolean(true), .text("H"), .integer(1), .integer(4), cents, .null, .null, .null, .null],
                [.boolean(false), .null, .null, .null, .null, .text("H"), .text("C"), .text("L"), cents],
            ])
        let answer = try IndicatorRun.figuresAndLines(of: bound, runner: runner)
        #expect(answer.figures == [IndicatorFigure(institutionID: "H", events: 1, exposure: 4, amountCents: 150)])
        #expect(answer.lines?.schema.fields.map(\.name) == ["institution_id", "claim_id", "line_id", "amount"])
        #expect(answer.lines?.rows() == [[.text("H"), .text("C"), .text("L"), cents]])

        let alone = try FakeRunner(columns: IndicatorRunTests.columns, rows: [[.text("H"), .integer(1), .integer(4), .null]])
            .run(sql: "")
        let apart = try IndicatorRun.figuresAndLines(of: bound, runner: RefusingRunner(answer: alone))
        #expect(apart.figures.count == 1 && apart.lines?.rowCount == 1)
    }

    @Test("claims take the place of lines: they come with the figures, and as the lines they stand for") func claims() throws {
        var indicator = try IndicatorFileReader.read(SampleFile.text, file: "sample.sql")
        indicator.queries.claims = " select institution_id, claim_id from lines where quantity > :limit"
        var exemption = Exemption(reason: "r")
        exemption.institutionIDs = ["H9"]
        let bound = try BoundIndicator(indicator, period: .all, exemptions: [exemption])
        let counted = "select * from live_claims where quantity > 0 and (institution_id in ('H9')) is not true"
        #expect(bound.countedLinesQuery == counted)
        let lines = try #require(bound.linesQuery)
        #expect(lines.contains("quantity > 3\n) as c\njoin (\(counted)) as l on l.claim_id = c.claim_id"))

        let runner = FakeRunner(
            columns: IndicatorRunTests.columns.reduce(into: [("is_figure", .boolean)]) { $0.append($1) }
                + [("other_institution_id", .text), ("other_claim_id", .text)],
            rows: [
                [.boolean(true), .text("H"), .integer(1), .integer(4), .null, .null, .null],
                [.boolean(false), .null, .null, .null, .null, .text("H"), .text("C")],
            ])
        let answer = try IndicatorRun.figuresAndMoney(of: bound, runner: runner)
        #expect(answer.figures == [IndicatorFigure(institutionID: "H", events: 1, exposure: 4, amountCents: 0)])
        guard case .claims(let rows, counted)? = answer.money else {
            Issue.record("no claims")
            return
        }
        #expect(rows.schema.fields.map(\.name) == ["institution_id", "claim_id"] && rows.rows() == [[.text("H"), .text("C")]])
        #expect(runner.statementCount == 1)

        let alone = try FakeRunner(columns: IndicatorRunTests.columns, rows: [[.text("H"), .integer(1), .integer(4), .null]])
            .run(sql: "")
        let apart = try IndicatorRun.figuresAndMoney(of: bound, runner: RefusingRunner(answer: alone))
        #expect(apart.figures.count == 1)
        guard case .lines? = apart.money else {
            Issue.record("no lines")
            return
        }
    }

    @Test("evidence of several institutions comes from one statement; apart where it is refused") func evidence() throws {
        let bound = try BoundIndicator(try IndicatorFileReader.read(SampleFile.text, file: "sample.sql"), period: .all)
        let runner = FakeRunner(
            columns: [("institution_number", .integer), ("word", .text), ("quantity", .bigint)],
            rows: [[.integer(0), .text("a"), .integer(1)], [.integer(0), .text("b"), .integer(2)], [.integer(2), .text("c"), .integer(3)]])
        let answers = try IndicatorRun.evidence(of: bound, institutionIDs: ["H1", "H2", "H3"], runner: runner)
        #expect(runner.statementCount == 1)
        #expect(answers.map { $0.rows() } == [[[.text("a"), .integer(1)], [.text("b"), .integer(2)]], [], [[.text("c"), .integer(3)]]])
        #expect(answers.allSatisfy { $0.schema.fields.map(\.name) == ["word", "quantity"] })
        let alone = try runner.run(sql: "")
        let apart = try IndicatorRun.evidence(of: bound, institutionIDs: ["H1", "H2"], runner: RefusingRunner(answer: alone))
        #expect(apart.map(\.rowCount) == [3, 3])
    }
}
