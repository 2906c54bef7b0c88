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

    @Test("a summary, the ranking, the reasons, a sheet for each theme, quality and method; each with the notice") func sheets() throws {
        let (names, sheets) = try parts()
        for name in ["Summary", "Ranking", "Reasons", "Data quality", "Method"] { #expect(names.contains("name=\"\(name)\"")) }
        // Three indicators of as many themes.
        #expect(sheets.count == 8)
        for sheet in sheets { #expect(sheet.contains("leads for human review")) }
        for sheet in sheets.dropFirst() { #expect(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ")) }
    }

    @Test("in Chinese by the report's language") func chinese() throws {
        var options = ReportOptions()
        options.language = .chinese
        let (names, sheets) = try parts(options)
        for name in ["概览", "机构排序", "原因", "数据质量", "方法与来源"] { #expect(names.contains("name=\"\(name)\"")) }
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
        // All institutions, below two lines and the header.
        #expect(ranking.contains("<autoFilter ref=\"A3:O43\"/>"))
    }

    @Test("a name of any length does not stop the report") func longNames() throws {
        var report = try SampleReport.report()
        report.ranking.institutions[0].profile.name = String(repeating: "长", count: 50_000)
        var package = try ZipReader(ReportWorkbook.bytes(report), path: "report.xlsx")
        let ranking = String(decoding: try #require(try package.part("xl/worksheets/sheet2.xml")), as: UTF8.self)
        #expect(ranking.contains("长… (50000)</t>"))
    }
}
