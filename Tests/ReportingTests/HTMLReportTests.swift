import Foundation
import Indicators
import Ranking
import Reporting
import Testing

@Suite("HTML report")
struct HTMLReportTests {
    @Test("data cannot inject markup, hide or reorder text") func escaping() throws {
        let page = HTMLReport.page(try SampleReport.report())
        #expect(!page.contains("<script>alert"))
        #expect(!page.contains("<b>R1</b>"))
        #expect(!page.unicodeScalars.contains("\u{202E}"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;⟨U+202E⟩&quot;&#39;&amp;"))
        #expect(page.contains("&#39;=1+1,&quot;x&quot;"))
    }

    @Test("control, invisible and bidirectional characters become visible", arguments: [
        ("a\u{0}b", "a⟨U+0000⟩b"), ("\u{200B}", "⟨U+200B⟩"), ("\u{2066}x\u{2069}", "⟨U+2066⟩x⟨U+2069⟩"), ("\n", "⟨U+000A⟩"),
        ("\u{FEFF}é中", "⟨U+FEFF⟩é中"), ("\u{E0041}", "⟨U+E0041⟩"), ("'", "&#39;"),
    ])
    func visible(text: String, escaped: String) {
        #expect(HTMLText.escaped(text) == escaped)
    }

    @Test("patients are masked unless they are to be revealed") func masking() throws {
        let page = HTMLReport.page(try SampleReport.report())
        #expect(!page.contains(SampleReport.patientID) && page.contains("*****338"))
        var options = ReportOptions()
        options.revealsPatients = true
        #expect(HTMLReport.page(try SampleReport.report(options: options)).contains(SampleReport.patientID))
        #expect(PatientMask.masked("P123") == "********")
    }

    @Test("is one file: no reference to another, both languages, the notice, no unbalanced section") func shape() throws {
        let page = HTMLReport.page(try SampleReport.report())
        for forbidden in ["http://", "https://", "src=", "<link", "@import", "url("] {
            #expect(!page.contains(forbidden), "\(forbidden)")
        }
        #expect(page.contains(Wording.notice.english) && page.contains(Wording.notice.chinese))
        for tag in ["table", "tr", "td", "details", "svg", "section", "span", "p", "dl", "div", "b", "a", "text"] {
            let opened = page.components(separatedBy: "<\(tag)>").count + page.components(separatedBy: "<\(tag) ").count - 2
            let closed = page.components(separatedBy: "</\(tag)>").count - 1
            #expect(opened == closed, "\(tag): \(opened) opened, \(closed) closed")
        }
        for name in ["id=\"at-1\"", "href=\"#at-1\"", "<svg", "ab12", "1.2.3"] { #expect(page.contains(name)) }
    }

    @Test("opens in the language asked for") func language() throws {
        var options = ReportOptions()
        options.language = .chinese
        let page = HTMLReport.page(try SampleReport.report(options: options))
        #expect(page.contains("<html lang=\"zh\">") && page.contains("id=\"show-zh\" checked"))
    }

    @Test("stays below two megabytes and says what it leaves out") func size() throws {
        var options = ReportOptions()
        options.tableRowCount = 4000
        options.detailCount = 4000
        let page = HTMLReport.page(try SampleReport.report(count: 2500, options: options))
        #expect(page.utf8.count < HTMLReport.sizeLimit)
        #expect(page.contains(" of 2500; ranking.csv holds them all."))
    }

    @Test("an empty store gives a page, not a crash") func empty() throws {
        var report = try SampleReport.report(count: 1)
        #expect(HTMLReport.page(report).contains("No institution stands out"))
        report.ranking = .init(profiles: [], figures: [], amountsAtIssueCents: [:])
        #expect(HTMLReport.page(report).contains("</html>"))
        #expect(TableFiles.rankingJSON(report).contains("\"institutions\": []"))
    }
}
