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
        // A value that is copied from the page is the value of the store.
        ("¥ 5 of 7", "¥ 5 of 7"), ("5 % = a", "5 % = a"),
    ])
    func visible(text: String, escaped: String) {
        #expect(HTMLText.escaped(text) == escaped)
        #expect(HTMLText.both(text, text) == escaped)
    }

    @Test("no number parts from its sign in a sentence of the page's own", arguments: [
        ("¥ 5 of 7", "¥\u{A0}5 of 7"), ("13.5 % of z = 9.3", "13.5\u{A0}% of z\u{A0}=\u{A0}9.3"), ("a < b", "a &lt; b"),
    ])
    func sentences(text: String, glued: String) { #expect(HTMLText.sentence(text, text) == glued) }

    @Test("an indicator that the report does not have goes by its id") func titles() throws {
        let report = try SampleReport.report()
        #expect(report.title(ofIndicator: "visit_frequency").chinese == "频繁门诊")
        #expect(report.title(ofIndicator: "of_an_earlier_report") == BilingualText("of_an_earlier_report", "of_an_earlier_report"))
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

    @Test("links lead to sections that are there, and the controls of the table are in both languages") func sections() throws {
        let page = HTMLReport.page(try SampleReport.report())
        let links = page.matches(of: /href="#([a-z]+)"/).map { String($0.1) }
        #expect(links.contains("ranking") && links.contains("provenance") && !links.contains("changes") && !links.contains("feedback"))
        for link in links { #expect(page.contains("id=\"\(link)\""), "\(link)") }
        #expect(page.contains("<label><span lang=en>Find an institution</span><span lang=zh>查找机构</span> <input"))
    }

    @Test("names in a funnel plot stay inside it and cover neither each other nor the axis") func labels() throws {
        var report = try SampleReport.report()
        // One far out, and three that stand out at nearly the same place at the bottom.
        var figures: [IndicatorFigure] = []
        for number in 0..<40 {
            let events: Int64 = number == 0 ? 9000 : (number < 4 ? 60 : 0)
            figures.append(
                IndicatorFigure(
                    institutionID: "H\(100_000 + number)", events: events, exposure: Int64(10_000 + number), amountCents: 100))
        }
        let profiles = report.ranking.institutions.map(\.profile).sorted { $0.institutionID < $1.institutionID }
        report.ranking = InstitutionRanking(
            profiles: profiles, figures: [(indicatorID: "visit_frequency", figures: figures)], amountsAtIssueCents: [:])
        report.indicators = report.indicators.filter { $0.indicator.id == "visit_frequency" }
        let page = HTMLReport.page(report)
        let heights = page.matches(of: /<text x="[0-9.]+" y="([0-9.]+)"(?: text-anchor="end")? fill="#7d1410"/).compactMap { Double($0.1) }
        #expect(heights.count == 4)
        for (place, height) in heights.enumerated() {
            #expect(height >= 14 && height <= 292)
            for other in heights[..<place] { #expect(abs(other - height) >= 13.9) }
        }
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
