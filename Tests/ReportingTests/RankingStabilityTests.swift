import Foundation
import Indicators
import Reporting
import Testing

@Suite("Stability of the order")
struct RankingStabilityTests {
    private func places(_ ids: [String], grades: [String]? = nil, scored: Int? = nil) -> [PreviousRanking.Place] {
        ids.enumerated().map { index, id in
            PreviousRanking.Place(
                rank: index + 1, institutionID: id, scoreTenths: index < scored ?? ids.count ? 900 - index : 0, grade: grades?[index] ?? "A")
        }
    }

    @Test("τ is that of counting every pair", arguments: [2, 3, 10, 57, 64, 65])
    func tau(count: Int) throws {
        for shift in [1, 7, 31] {
            let ranks = (0..<count).map { ($0 * 37 + shift * $0 * $0) % 1009 * 100 + $0 }
            var same = 0
            for left in 0..<count { for right in (left + 1)..<count { same += ranks[left] < ranks[right] ? 1 : -1 } }
            let expected = Double(same) / Double(count * (count - 1) / 2)
            #expect(abs(try #require(RankingStability.tau(ranks)) - expected) < 1e-12)
        }
        #expect(RankingStability.tau(Array(0..<count)) == 1)
        #expect(RankingStability.tau((0..<count).reversed()) == -1)
    }

    @Test("of fewer than two nothing is said") func none() {
        #expect(RankingStability.tau([]) == nil && RankingStability.tau([4]) == nil)
        let stability = RankingStability(before: [], now: places(["a", "b"]), topCount: 50)
        #expect(stability.tau == nil && stability.leadTau == nil && stability.arrivedCount == 2 && stability.sharedCount == 0)
    }

    @Test("counts leads, arrivals, departures and grades of both reports") func counts() {
        let before = places(["a", "b", "c", "d", "gone"], grades: ["E", "E", "D", "B", "A"], scored: 4)
        let now = places(["b", "a", "new", "d", "c"], grades: ["E", "D", "C", "B", "A"], scored: 4)
        let stability = RankingStability(before: before, now: now, topCount: 3)
        #expect(stability.leadCount == 3 && stability.leadCountBefore == 3 && stability.sharedLeadCount == 2)
        #expect(stability.sharedCount == 4 && stability.arrivedCount == 1 && stability.goneCount == 1)
        // Of the six pairs of a, b, c, d two turned round: a–b and c–d.
        let (tau, leadTau): (Double, Double) = (1.0 / 3, 1.0 / 3)
        let tolerance = 1e-12
        let found: Double = stability.tau ?? 0
        #expect(abs(found - tau) < tolerance)
        // Leads of either: a, b, c.
        let foundOfLeads: Double = stability.leadTau ?? 0
        #expect(abs(foundOfLeads - leadTau) < tolerance)
        #expect(stability.gradeCounts == [[1, 1, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0]])
        #expect(RankingStability.sameOrderShare(1) == 1 && RankingStability.sameOrderShare(0) == 0.5)
    }

    @Test("the page, the workbook's facts and changes.json say it") func said() throws {
        var report = try SampleReport.report()
        let previous = try #require(
            PreviousRanking(reportName: "r1", rankingJSON: Array(TableFiles.rankingJSON(report).utf8)))
        report.comparison = RankingComparison(previous: previous, ranking: report.ranking, topCount: 50)
        let page = HTMLReport.page(report)
        #expect(page.contains("4 of the 4 leads were leads before (then 4); 40 institutions are in both reports"))
        #expect(page.contains("100.0\u{A0}% stand in the same order as before") && page.contains("先后次序不变"))
        #expect(page.contains("class=\"matrix\""))
        let text = ChangeFiles.json(try #require(report.comparison), notice: "")
        let json = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let stability = try #require(json["stability"] as? [String: Any])
        #expect(stability["kendall_tau"] as? Double == 1 && stability["leads_shared"] as? Int == 4)
        let grades = try #require(stability["grade_before_to_now"] as? [String: [String: Int]])
        #expect(grades.values.flatMap(\.values).reduce(0, +) == 40)
    }
}
