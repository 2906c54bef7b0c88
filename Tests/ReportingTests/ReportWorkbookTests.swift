import Foundation
import Indicators
import Ranking
import Reporting
import Testing

@testable import Spreadsheet

@Suite("report.xlsx")
struct ReportWorkbookTests {
    private func parts(_ options: ReportOptions = ReportOptions()) throws -> (names: String, sheets: [String]) {
        var package = try ZipReader(ReportWorkbook.bytes(try SampleReport.report(options: options)), path: "report.xlsx")
        let names = String(decoding: try #require(try package.part("xl/workbook.xml")), as: UTF8.self)
        var sheets: [String] = []
        while let bytes = try package.part("xl/worksheets/sheet\(sheets.count + 1).xml") {
            sheets.append(String(decoding: bytes, as: UTF8.self))
        }
        return (names, sheets)
    }

    @Test("a summary, the ranking, the reasons, the small-but-extreme, a sheet for each theme, quality and method; each with the notice") func sheets() throws {
        let (names, sheets) = try parts()
        for name in ["Summary", "Ranking", "Reasons", "Small but extreme", "Data quality", "Method"] { #expect(names.contains("name=\"\(name)\"")) }
        // Three indicators of as many themes.
        #expect(sheets.count == 9)
        for sheet in sheets { #expect(sheet.contains("leads for human review")) }
        for sheet in sheets.dropFirst() { #expect(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ")) }
    }

    @Test("in Chinese by the report's language") func chinese() throws {
        var options = ReportOptions()
        options.language = .chinese
        let (names, sheets) = try parts(options)
        for name in ["概览", "机构排序", "原因", "小而极端", "数据质量", "方法与来源"] { #expect(names.contains("name=\"\(name)\"")) }
        for sheet in sheets { #expect(sheet.contains("线索") && !sheet.contains("leads for")) }
    }

    @Test("names that look like markup or a formula are text, hidden characters are shown") func hostile() throws {
        let (_, sheets) = try parts()
        let all = sheets.joined()
        #expect(all.contains("&lt;script&gt;alert(1)&lt;/script&gt;⟨U+202E⟩&quot;'&amp;"))
        #expect(all.contains(">=1+1,&quot;x&quot;</t>") && !all.contains("<f>") && !all.contains("<script"))
        #expect(!all.contains("\u{202E}"))
    }

    @Test("ids are text, money and counts are numbers") func types() throws {
        let ranking = try parts().sheets[1]
        #expect(ranking.contains("t=\"inlineStr\"><is><t xml:space=\"preserve\">H100000</t>"))
        #expect(ranking.contains("<v>1234567.89</v>") && ranking.contains("<v>9999.99</v>") && ranking.contains("<v>1000</v>"))
        // All institutions, below three lines and the header.
        #expect(ranking.contains("<autoFilter ref=\"A4:Q44\"/>"))
    }

    /// Comparison, reviews and exemptions whose texts try to be formulas and markup.
    private func supervised(_ options: ReportOptions = ReportOptions()) throws -> Report {
        var report = try SampleReport.report(options: options)
        report.comparison = RankingComparison(
            previous: PreviousRanking(
                reportName: "2025-01-31-c000001",
                places: [
                    PreviousRanking.Place(
                        rank: 1, institutionID: "00042", name: "=HYPERLINK(\"x\")", scoreTenths: 905, grade: "E", amountAtIssueCents: 1_234_567_89,
                        reasonIDs: ["male_gynecology"])
                ]), ranking: report.ranking, topCount: 50)
        report.feedback = [
            IndicatorFeedback(
                indicatorID: "visit_frequency", confirmedCount: 3, rejectedCount: 1, confirmedCents: 123_456,
                institutionIDs: ["H100000", "H100001"]),
            IndicatorFeedback(indicatorID: "@SUM(A1)", confirmedCount: 0, rejectedCount: 2),
        ]
        var exemption = Exemption(reason: "-1+<b>1</b>\u{202E}")
        exemption.institutionIDs = ["000123456789012345", "H2"]
        exemption.patientIDs = [SampleReport.patientID]
        exemption.itemCodes = ["001102000030000"]
        exemption.indicatorIDs = ["visit_frequency"]
        exemption.period = try ReportingPeriod(from: "2025-01-01", to: "2025-04-01")
        report.exemptions = [
            ExemptedLines(exemption: exemption, lineCount: 1234, fundCents: 98_765_43),
            ExemptedLines(exemption: Exemption(reason: "other"), lineCount: 0, fundCents: 0),
        ]
        return report
    }

    /// The sheet's rows below its header, each cell's text with `#` before a number.
    private func table(_ report: Report, _ name: String, header: String) throws -> [[String]] {
        let sheets = try WorkbookReader.sheets(of: ReportWorkbook.bytes(report), path: "report.xlsx")
        let sheet = try #require(sheets.first { $0.name == name })
        let start = try #require(sheet.rows.firstIndex { $0.cells[0]?.text == header })
        let width = sheet.rows[start].cells.count
        return sheet.rows[(start + 1)...].map { row in
            (0..<width).map { column in row.cells[column].map { ($0.isNumber ? "#" : "") + $0.text } ?? "" }
        }
    }

    @Test("changes since the report before: each lead of either, ids as text, places and money as numbers") func changes() throws {
        let report = try supervised()
        let rows = try table(report, "Changes", header: "Change")
        #expect(rows.count == report.comparison?.changes.count && rows.count == 5)
        let first = try #require(report.ranking.institutions.first)
        #expect(rows[0][0...1] == ["new", first.profile.institutionID] && rows[0][3...4] == ["#1", ""])
        #expect(rows[0][9] == "#9999.99" && rows[0][10].isEmpty && !rows[0][11].isEmpty)
        #expect(
            rows[4] == [
                "resolved", "00042", "=HYPERLINK(\"x\")", "", "#1", "", "#90.5", "", "E", "", "#1234567.89", "",
                try #require(report.indicator("male_gynecology")).title.english,
            ])
    }

    @Test("reviews: counts, precision, money confirmed beside money at issue") func feedback() throws {
        let report = try supervised()
        let rows = try table(report, "Feedback", header: "Indicator")
        let title = try #require(report.indicator("visit_frequency")).title.english
        // 50,000 yuan at each of four institutions, 1 yuan at the other 36.
        #expect(rows[0] == [title, "visit_frequency", "#4", "#3", "#1", "#0.75", "#1234.56", "#100000", "#200036"])
        #expect(rows[1] == ["@SUM(A1)", "@SUM(A1)", "#2", "#0", "#2", "#0", "#0", "#0", "#0"])
    }

    @Test("exemptions: reason, codes as text, days as dates, patients masked unless they are to be revealed") func exemptions() throws {
        var options = ReportOptions()
        options.language = .chinese
        let report = try supervised(options)
        let rows = try table(report, "豁免", header: "理由")
        let title = try #require(report.indicator("visit_frequency")).title.chinese
        #expect(
            rows[0] == [
                "-1+<b>1</b>⟨U+202E⟩", "000123456789012345, H2", "*****338", "001102000030000", "2025-01-01", "2025-04-01", title, "#1234",
                "#98765.43",
            ], "\(rows[0])")
        #expect(rows[1] == ["other", "", "", "", "", "", "全部", "#0", "#0"])
        options.revealsPatients = true
        #expect(try table(supervised(options), "豁免", header: "理由")[0][2] == SampleReport.patientID)
    }

    @Test("sheets of changes, reviews and exemptions hold the notice and no formula, and are left out where there is nothing") func further() throws {
        let bytes = ReportWorkbook.bytes(try supervised())
        #expect(bytes == ReportWorkbook.bytes(try supervised()))
        let names = try WorkbookReader.sheets(of: bytes, path: "report.xlsx").map(\.name)
        #expect(names[1] == "Changes" && names.suffix(4) == ["Feedback", "Exemptions", "Data quality", "Method"], "\(names)")
        var package = try ZipReader(bytes, path: "report.xlsx")
        for number in names.indices {
            let sheet = String(decoding: try #require(try package.part("xl/worksheets/sheet\(number + 1).xml")), as: UTF8.self)
            #expect(sheet.contains("leads for human review") && !sheet.contains("<f>") && !sheet.contains("<b>") && !sheet.contains("\u{202E}"))
        }
        let plain = try parts().names
        for name in ["Changes", "Feedback", "Exemptions"] { #expect(!plain.contains("name=\"\(name)\"")) }
    }

    @Test("the page has the same three in both languages") func page() throws {
        let page = HTMLReport.page(try supervised())
        for text in [
            "Since the report before", "与上次报告相比", "resolved", "已消除", "What reviews found", "核查反馈", "Rejected", "不属实", "75.0 %",
            "1,234.56", "100,000.00", "Exempted", "豁免", "98,765.43",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(page.contains("&#39;-1+&lt;b&gt;1&lt;/b&gt;⟨U+202E⟩") && page.contains("&#39;@SUM(A1)") && page.contains("&#39;=HYPERLINK"))
        #expect(!page.contains(SampleReport.patientID))
    }

    @Test("a name of any length does not stop the report") func longNames() throws {
        var report = try SampleReport.report()
        report.ranking.institutions[0].profile.name = String(repeating: "长", count: 50_000)
        var package = try ZipReader(ReportWorkbook.bytes(report), path: "report.xlsx")
        let ranking = String(decoding: try #require(try package.part("xl/worksheets/sheet2.xml")), as: UTF8.self)
        #expect(ranking.contains("长… (50000)</t>"))
    }
}
