import Columns
import Diagnostics
import Indicators
import Testing

@Suite("Parameters and period")
struct ParameterTests {
    @Test("becomes an SQL literal", arguments: [
        (.integer, "10", "10"), (.integer, "-3", "(-3)"), (.decimal, "3.50", "3.50"), (.decimal, "-.5", "(-0.5)"),
        (.text, "A05%", "'A05%'"), (.text, "x'; drop table claims; --", "'x''; drop table claims; --'"), (.text, "", "''"),
        (.text, "\\", "'\\'"), (.date, "20250131", "date '2025-01-31'"), (.boolean, "true", "true"),
    ] as [(IndicatorParameter.ValueType, String, String)])
    func literal(type: IndicatorParameter.ValueType, text: String, literal: String) {
        #expect(ParameterValue(text, type: type)?.sqlLiteral == literal)
    }

    @Test("refuses what is not of its type", arguments: [
        (.integer, "1.5"), (.integer, ""), (.integer, "1 or 1=1"), (.integer, "99999999999999999999"), (.decimal, "1e3"),
        (.decimal, "1,5"), (.decimal, "nan"), (.decimal, "0.1234567890123456789"), (.text, "a\u{0}b"), (.text, "a\nb"),
        (.date, "2025-02-30"), (.date, "31.01.2025"), (.boolean, "yes"),
    ] as [(IndicatorParameter.ValueType, String)])
    func refused(type: IndicatorParameter.ValueType, text: String) {
        #expect(ParameterValue(text, type: type) == nil)
    }

    @Test("reads days in the three accepted forms only", arguments: [
        ("2025-01-03", true), ("20250103", true), ("2025/1/3", true), ("2025/01/03", true), ("2024-02-29", true),
        ("2025-1-3", false), ("2025-02-29", false), ("0000-01-01", false), ("2025-01-03 08:00", false), ("", false),
        ("2025", false), ("２０２５0103", false),
    ])
    func days(text: String, isDay: Bool) {
        #expect((ReportingPeriod.date(text) != nil) == isDay)
    }

    @Test("writes only the bounds there are into the lines query") func linesQuery() throws {
        let base = "select * from live_claims where quantity > 0"
        #expect(ReportingPeriod.all.linesQuery == base)
        #expect(
            try ReportingPeriod(from: "2025/1/1", to: "20250201").linesQuery
                == base + " and settled_at >= timestamp '2025-01-01 00:00:00' and settled_at < timestamp '2025-02-01 00:00:00'")
    }

    @Test("refuses bad and empty periods") func badPeriods() {
        #expect(throws: IndicatorError.badDate(option: "--to", text: "tomorrow")) {
            try ReportingPeriod(from: "2025-01-01", to: "tomorrow")
        }
        #expect(throws: IndicatorError.emptyPeriod(from: "2025-01-01", to: "2025-01-01")) {
            try ReportingPeriod(from: "2025-01-01", to: "20250101")
        }
    }

    @Test("overrides name a parameter and lie in its range") func overrides() throws {
        let indicator = try IndicatorFileReader.read(SampleFile.text, file: "sample.sql")
        #expect(try BoundIndicator(indicator, overrides: ["limit": "9"], period: .all).settings[0].value == .integer(9))
        #expect(
            throws: IndicatorError.badValue(
                parameter: "limit", indicator: "sample", text: "10", expected: "an integer from 1 to 9")
        ) { try BoundIndicator(indicator, overrides: ["limit": "10"], period: .all) }
        let unknown = IndicatorError.unknownParameter("limt", indicator: "sample", nearest: "limit", known: ["limit"])
        #expect(throws: unknown) { try BoundIndicator(indicator, overrides: ["limt": "1"], period: .all) }
        #expect(unknown.diagnostic.mend == "did you mean \"limit\"?")
        #expect(try BoundIndicator.overrides(["a=b=c", "d="]) == ["a": "b=c", "d": ""])
        #expect(throws: IndicatorError.badSetting("=3")) { try BoundIndicator.overrides(["=3"]) }
    }

    @Test("a column is there and holds what the default holds: texts, or what a column of the table has") func columns() throws {
        func indicator(_ usual: String) throws -> Indicator {
            let text = SampleFile.text.replacing("limit | integer | 3 | 1 | 9", with: "limit | column | \(usual) | | ")
            return try IndicatorFileReader.read(text, file: "sample.sql")
        }
        let runner = FakeRunner(
            columns: [
                ("sex", .text), ("amount", .numeric(precision: 16, scale: 2)), ("fund_amount", .numeric(precision: 16, scale: 2)),
                ("quantity", .numeric(precision: 16, scale: 4)), ("险种", .text),
            ], rows: [])
        func fitted(_ usual: String, _ chosen: String? = nil) throws -> ParameterValue {
            let overrides = chosen.map { ["limit": $0] } ?? [:]
            return try BoundIndicator(try indicator(usual), overrides: overrides, period: .all).fitted(to: runner).settings[0].value
        }
        #expect(try fitted("fund_amount") == .column("fund_amount"))
        #expect(try fitted("fund_amount", "quantity") == .column("quantity"))
        #expect(try fitted("insutype") == .column("险种"))
        #expect(try fitted("insutype", "sex") == .column("sex"))
        #expect(throws: IndicatorError.columnType("sex", parameter: "limit", indicator: "sample", found: "text", expected: "numbers")) {
            try fitted("fund_amount", "sex")
        }
        #expect(throws: IndicatorError.columnType("amount", parameter: "limit", indicator: "sample", found: "numeric(16,2)", expected: "text")) {
            try fitted("insutype", "amount")
        }
        #expect(throws: IndicatorError.noSuchColumn("amuont", parameter: "limit", indicator: "sample", nearest: "amount")) {
            try fitted("fund_amount", "amuont")
        }
        #expect(throws: IndicatorError.noColumn(parameter: "limit", indicator: "sample", names: ["ward"])) { try fitted("ward") }
        // What has no column asks the store nothing.
        let plain = try IndicatorFileReader.read(SampleFile.text, file: "sample.sql")
        let count = runner.statementCount
        _ = try BoundIndicator(plain, period: .all).fitted(to: runner)
        #expect(runner.statementCount == count)
    }

    @Test("an institution's id is quoted, never text of the query") func institutionID() throws {
        let indicator = try IndicatorFileReader.read(SampleFile.text, file: "sample.sql")
        let query = try BoundIndicator(indicator, period: .all).evidenceQuery(institutionID: "H'1 :lines")
        #expect(query.contains("institution_id = 'H''1 :lines'"))
        #expect(query.contains("':nor_this', quantity::bigint"))
    }

    @Test("the words of the event name a value in place of a default, and nothing else") func event() throws {
        let indicator = try IndicatorFileReader.read(SampleFile.text, file: "sample.sql")
        #expect(try BoundIndicator(indicator, overrides: ["limit": "3"], period: .all).event == indicator.event)
        let changed = try BoundIndicator(indicator, overrides: ["limit": "5"], period: .all).event
        #expect(changed == BilingualText("claims that are long; here limit = 5, not 3", "长; 此处 limit = 5, 非默认的 3"))
    }
}
