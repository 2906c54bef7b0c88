import Foundation
import Indicators
import Ranking
import Testing

@testable import Reporting

/// What the page, the workbook and the files show of small-but-extreme institutions, intervals of ranks and strips of rates.
@Suite("Measures beside the ranking")
struct RankingMeasuresTests {
    /// A report of one indicator: forty large clinics and two small ones with an extreme figure and little money.
    private func report() throws -> Report {
        var report = try SampleReport.report()
        var figures = (0..<40).map {
            IndicatorFigure(institutionID: "H\(100_000 + $0)", events: Int64(5 + $0 % 3), exposure: 1000, amountCents: 500)
        }
        figures.append(IndicatorFigure(institutionID: "<i>1", events: 5, exposure: 6, amountCents: 12_34))
        figures.append(IndicatorFigure(institutionID: "S2", events: 4, exposure: 9, amountCents: 5_00))
        let profiles = figures.map {
            InstitutionProfile(institutionID: $0.institutionID, name: $0.institutionID == "S2" ? "=1+1" : nil, level: "primary", kind: "clinic")
        }
        report.indicators = report.indicators.filter { $0.indicator.id == "visit_frequency" }
        report.ranking = InstitutionRanking(profiles: profiles, figures: [("visit_frequency", figures)], amountsAtIssueCents: [:])
        report.excerpts = []
        report.measureRanking()
        return report
    }

    @Test("small-but-extreme institutions are in the page, a sheet and a file, in the same order") func smallExtremes() throws {
        let report = try report()
        #expect(report.smallExtremes.map(\.place.profile.institutionID) == ["<i>1", "S2"])
        let csv = SmallExtremeFile.csv(report).split(separator: "\n").map(String.init)
        #expect(csv[0] == SmallExtremeFile.columns.joined(separator: ","))
        #expect(csv.count == 3 && csv[1].hasPrefix("<i>1,,,primary,clinic,0,0.00,") && csv[2].hasPrefix("S2,=1+1,"))
        #expect(csv[1].contains(",visit_frequency,5,6,") && csv[1].hasSuffix(",12.34"))
        let page = HTMLReport.page(report)
        #expect(page.contains("id=\"small\"") && page.contains("小而极端的机构") && page.contains("below 1 in a billion"))
        #expect(page.contains("&lt;i&gt;1") && !page.contains("<i>1") && page.contains("&#39;=1+1"))
        let names = ReportBuilder.files(report).map(\.name)
        #expect(names.contains("small_extremes.csv") && names.last == "run.json")
        for name in ["small_minimum_events", "small_exposure_share", "small_amount_limit_yuan", "rank_interval_draws", "rank_interval_seed"] {
            #expect(RunFile.text(report).contains("\"\(name)\""), "\(name)")
        }
    }

    @Test("without any, the page says so") func noSmallExtremes() throws {
        let page = HTMLReport.page(try SampleReport.report())
        #expect(page.contains("No small institution is further from its peers") && page.contains("没有小机构"))
    }

    @Test("a chance is one in so many, to two digits", arguments: [
        (0.5, "1 in 2"), (0.0123, "1 in 81"), (0.00012345, "1 in 8,100"), (1.0 / 4237, "1 in 4,200"), (1e-9, "1 in 1,000,000,000"),
        (9e-10, "below 1 in a billion"), (0, "below 1 in a billion"),
    ])
    func chances(chance: Double, text: String) { #expect(HTMLReport.chanceText(chance).english == text) }

    @Test("each rank has its interval, and the page says how to read it") func intervals() throws {
        let report = try SampleReport.report()
        let page = HTMLReport.page(report)
        #expect(page.contains("intervals overlap") && page.contains("区间重叠"))
        for place in report.ranking.institutions.prefix(20) {
            let range = try #require(report.rankIntervals[place.profile.institutionID])
            #expect(page.contains(">\(place.rank)<br><span class=\"soft range\">\(HTMLReport.rangeText(range))</span></td>"))
        }
        #expect(HTMLReport.rangeText(3...9) == "3–9" && HTMLReport.rangeText(4...4) == "4")
        #expect(!TableFiles.rankingCSV(report).contains("–"), "ranking.csv keeps its columns")
        var without = report
        without.rankIntervals = [:]
        #expect(!HTMLReport.page(without).contains("intervals overlap"))
    }

    @Test("strips: every drawing that a line refers to is there once, with words for those who do not see it") func strips() throws {
        let page = HTMLReport.page(try SampleReport.report())
        let defined = page.matches(of: /<path id="(s[0-9]+)"/).map { String($0.1) }
        let used = page.matches(of: /<use href="#(s[0-9]+)"/).map { String($0.1) }
        #expect(Set(defined).count == defined.count && Set(used) == Set(defined) && used.count > defined.count)
        let lines = page.components(separatedBy: "<use href=\"#s0\"/>").count - 1
        #expect(lines > 40 && page.components(separatedBy: "<desc>").count - 1 >= lines)
        #expect(page.contains("of 39 peers") && page.contains("39 家同类机构的中位数"))
    }

    @Test("a strip puts the institution and the median where their rates are") func stripPlaces() throws {
        let report = try report()
        let strips = RateStrips(report.ranking, shownFor: report.ranking.institutions.prefix(50))
        let place = try #require(report.ranking.institutions.first { $0.profile.institutionID == "<i>1" })
        let html = strips.html(of: place, report: report)
        // Its own rate of 5/6 is the largest and lies 4 % before the end; the median of the peers is 0.6 %.
        #expect(html.contains("d=\"M961.54 11h0\"") && html.contains("scale(0.9615 1)"))
        #expect(html.contains("d=\"M6.92 1V21\"") && html.contains("83.3 %; median of 41 peers 0.60 %; above 41 of them"))
        // Peers beyond the end are cut off: the scale of an ordinary one is that of ordinary ones.
        let ordinary = try #require(report.ranking.institutions.first { $0.profile.institutionID == "H100002" })
        let factor = try #require(strips.html(of: ordinary, report: report).firstMatch(of: /scale\(([0-9.]+) 1\)/)?.1)
        #expect(try #require(Double(factor)) > 50)
    }

    @Test("many peers are thinned to quantiles with both ends") func thinned() {
        let rates = (0..<1000).map { Double($0 * $0) }
        let few = RateStrips.thinned(rates, limit: 60)
        #expect(few.count == 60 && few.first == rates.first && few.last == rates.last && few[30] > rates[490] && few[30] < rates[520])
        #expect(RateStrips.thinned([1, 2, 3], limit: 60) == [1, 2, 3])
        #expect(RateStrips.median([1, 2, 4, 9]) == 3 && RateStrips.median([1, 2, 9]) == 2 && RateStrips.median([]) == 0)
    }

    @Test("an institution that falls back on a wider group is drawn beside everyone in it") func widerGroup() {
        let hospital = InstitutionProfile(institutionID: "A", level: "primary", kind: "hospital")
        #expect(PeerGroup.Basis.everyone.contains(hospital) && PeerGroup.Basis.kind("hospital").contains(hospital))
        #expect(PeerGroup.Basis.levelAndKind(level: "primary", kind: "hospital").contains(hospital))
        #expect(!PeerGroup.Basis.levelAndKind(level: "tertiary", kind: "hospital").contains(hospital))
        #expect(!PeerGroup.Basis.kind("clinic").contains(hospital))
    }
}
