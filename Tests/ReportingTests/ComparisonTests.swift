import Foundation
import Indicators
import Ranking
import Reporting
import Testing

@Suite("Comparison with the report before")
struct ComparisonTests {
    private func place(_ rank: Int, _ id: String, _ tenths: Int, _ grade: String = "E") -> PreviousRanking.Place {
        PreviousRanking.Place(rank: rank, institutionID: id, scoreTenths: tenths, grade: grade)
    }

    @Test("what was written is read back: places, scores, money, reasons") func readsBack() throws {
        let report = try SampleReport.report()
        let previous = try #require(
            PreviousRanking(reportName: "r1", rankingJSON: Array(TableFiles.rankingJSON(report).utf8)))
        #expect(previous.places.count == report.ranking.institutions.count)
        for (read, place) in zip(previous.places, report.ranking.institutions) {
            #expect(read.rank == place.rank && read.institutionID == place.profile.institutionID)
            #expect(read.name == place.profile.name && read.grade == place.grade.rawValue)
            #expect(read.scoreTenths == place.scoreTenths && read.amountAtIssueCents == place.amountAtIssueCents)
            #expect(read.reasonIDs == place.reasons.map(\.indicatorID))
        }
        #expect(PreviousRanking(reportName: "r", rankingJSON: Array("{}".utf8)) == nil)
        #expect(PreviousRanking(reportName: "r", rankingJSON: Array("[1".utf8)) == nil)
    }

    @Test("each lead of either report has one row that says what became of it") func statuses() throws {
        let ranking = try SampleReport.report().ranking
        let leads = ranking.institutions.filter { $0.scoreTenths > 0 }.map(\.profile.institutionID)
        try #require(leads.count == 4)
        let clean = try #require(ranking.institutions.last?.profile.institutionID)
        let previous = PreviousRanking(
            reportName: "r0",
            places: [
                place(1, leads[1], 900), place(2, leads[0], 800), place(3, leads[2], 700), place(4, clean, 500),
                place(5, "gone", 400), place(6, "also gone", 0, "A"),
            ])
        let comparison = RankingComparison(previous: previous, ranking: ranking, topCount: 50)
        #expect(
            comparison.changes.map { "\($0.status.rawValue) \($0.institutionID)" } == [
                "new \(leads[3])", "risen \(leads[0])", "fallen \(leads[1])", "resolved \(clean)", "resolved gone",
                "unchanged \(leads[2])",
            ])
        #expect(comparison.count(of: .resolved) == 2)
    }

    @Test("only the first places count") func topOnly() throws {
        let ranking = try SampleReport.report().ranking
        let leads = ranking.institutions.filter { $0.scoreTenths > 0 }.map(\.profile.institutionID)
        let previous = PreviousRanking(
            reportName: "r0", places: [place(1, leads[2], 900), place(2, leads[0], 800), place(3, leads[1], 1)])
        let comparison = RankingComparison(previous: previous, ranking: ranking, topCount: 2)
        #expect(
            comparison.changes.map { "\($0.status.rawValue) \($0.institutionID)" } == [
                "new \(leads[1])", "risen \(leads[0])", "fallen \(leads[2])",
            ])
        #expect(comparison.changes[0].before?.rank == 3)
    }

    @Test("a worse grade before and A now is resolved, A before and A now is not") func grades() throws {
        var ranking = try SampleReport.report().ranking
        let id = ranking.institutions[0].profile.institutionID
        ranking.institutions[0].grade = .a
        for (before, status) in [("E", RankingComparison.Status.resolved), ("A", .unchanged)] {
            let previous = PreviousRanking(reportName: "r0", places: [place(1, id, 900, before)])
            let change = RankingComparison(previous: previous, ranking: ranking, topCount: 1).changes.first
            #expect(change?.institutionID == id && change?.status == status)
        }
    }

    @Test("the files and the page say it, with nothing a name could smuggle in") func files() throws {
        var report = try SampleReport.report()
        #expect(!ReportBuilder.files(report).map(\.name).contains("changes.csv"))
        report.comparison = RankingComparison(
            previous: PreviousRanking(reportName: "2025-01-31-c000001", places: [place(1, "gone<b>", 900)]), ranking: report.ranking,
            topCount: 50)
        let files = Dictionary(uniqueKeysWithValues: ReportBuilder.files(report).map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) })
        let csv = try #require(files["changes.csv"]).split(separator: "\n").map(String.init)
        #expect(csv[0].hasPrefix("status,institution_id,name,rank,rank_before,score,score_before"))
        #expect(csv.count == 6 && csv[5].hasPrefix("resolved,gone<b>,,,1,,90.0,,E"))
        let text = try #require(files["changes.json"])
        let json = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect((json["counts"] as? [String: Int])?["new"] == 4)
        #expect((json["changes"] as? [[String: Any]])?.count == 5)
        let page = try #require(files["report.html"])
        #expect(page.contains("2025-01-31-c000001") && page.contains("gone&lt;b&gt;") && !page.contains("gone<b>"))
        #expect(!page.contains(SampleReport.hostileName))
    }
}
