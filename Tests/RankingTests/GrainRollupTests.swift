import Indicators
import Testing

@testable import Ranking

extension SplitMix64: RandomNumberGenerator {}

@Suite("Grains")
struct GrainRollupTests {
    @Test("words for grains") func words() {
        #expect(Grain("region") == .region(digits: 6) && Grain("region:2") == .region(digits: 2) && Grain("doctor") == .doctor)
        for word in ["", "institution", "Region", "region:", "region:0", "region:7", "region:x", "ward"] { #expect(Grain(word) == nil) }
        for name in Grain.names { #expect(Grain(name) != nil) }
    }

    /// Doctors with a figure for each indicator and zero events where there are none are ranked as so many institutions would be.
    @Test("practitioners are ranked as institutions are, those without events among their peers", arguments: [1, 2, 3] as [UInt64])
    func practitioners(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let levels = ["H1": "tertiary", "H2": "primary"]
        var members: [GrainMember] = []
        for number in 0..<60 {
            members.append(
                GrainMember(
                    key: ["D\(100 + number)"], institutionID: number % 3 == 0 ? "H1" : number == 7 ? "H9" : "H2", department: ["A03", "A05", nil][number % 3],
                    institutionCount: 1, claimCount: Int64.random(in: 1...400, using: &random), fundCents: 1000))
        }
        var figures: [String: [GrainFigure]] = [:]
        var whole: [(indicatorID: String, figures: [IndicatorFigure])] = []
        for id in ["a", "b", "c"] {
            var all: [IndicatorFigure] = []
            for member in members {
                let isHigh = member.key[0].hasSuffix("7")
                let events = Int64.random(in: 0...(isHigh ? member.claimCount : member.claimCount / 40), using: &random)
                all.append(
                    IndicatorFigure(
                        institutionID: member.key[0], events: events, exposure: member.claimCount, amountCents: Int128(events) * 70_000))
                if events > 0 {
                    figures[id, default: []].append(
                        GrainFigure(
                            key: member.key, claimCount: events, lineCount: events, patientCount: 1, institutionCount: 1,
                            amountCents: Int128(events) * 70_000))
                }
            }
            whole.append((id, all))
        }
        let amounts: [[String]: Int128] = [["D107"]: 5_000_00, ["D117"]: 4_000_00]
        let parameters = RankingParameters()
        let found = GrainRollups.practitioners(
            members, levels: levels, indicatorIDs: ["a", "b", "c", "none"], figures: figures, amounts: amounts, parameters: parameters)
        let expected = InstitutionRanking(
            profiles: members.map {
                InstitutionProfile(institutionID: $0.key[0], level: levels[$0.institutionID], kind: $0.department, claimCount: $0.claimCount, fundCents: $0.fundCents)
            }, figures: whole, amountsAtIssueCents: ["D107": 5_000_00, "D117": 4_000_00], parameters: parameters)
        #expect(found.map(\.profile) == expected.institutions.map(\.profile))
        #expect(found.map(\.scoreTenths) == expected.institutions.map(\.scoreTenths) && found[0].scoreTenths > 0)
        #expect(found.map(\.amountAtIssueCents) == expected.institutions.map(\.amountAtIssueCents))
        for (own, other) in zip(found, expected.institutions) { #expect(own.figures == other.figures.filter { $0.figure.events > 0 }) }
    }

    @Test("regions by their first digits, those without one last; all indicators count each line once") func regions() {
        let profiles = [("H1", "970101"), ("H2", "970102"), ("H3", "970201"), ("H4", nil), ("H5", "")].map {
            InstitutionProfile(institutionID: $0.0, region: $0.1, claimCount: 10)
        }
        let figures = [
            ("x", ["H1": (1, 10), "H2": (2, 20), "H3": (0, 5), "H4": (3, 30)]), ("y", ["H3": (4, 40), "H5": (1, 2)]),
        ].map { id, own in
            (
                indicatorID: id,
                figures: own.sorted { $0.key < $1.key }.map {
                    IndicatorFigure(institutionID: $0.key, events: Int64($0.value.0), exposure: Int64($0.value.1), amountCents: Int128($0.value.0) * 100)
                }
            )
        }
        let ranking = InstitutionRanking(profiles: profiles, figures: figures, amountsAtIssueCents: ["H1": 50, "H3": 60, "H4": 70])
        func text(_ figure: RegionFigure) -> String {
            "\(figure.indicatorID ?? "all") \(figure.region ?? "-") \(figure.institutionCount) \(figure.events)/\(figure.exposure) \(figure.amountCents)"
        }
        #expect(GrainRollups.regions(ranking, digits: 4).map(text) == [
            "x 9701 2 3/30 300", "x 9702 1 0/5 0", "x - 1 3/30 300", "y 9702 1 4/40 400", "y - 1 1/2 100", "all 9701 2 0/20 50", "all 9702 1 0/10 60",
            "all - 2 0/20 70",
        ])
        #expect(GrainRollups.regions(ranking, digits: 6).filter { $0.indicatorID == nil }.map(text) == [
            "all 970101 1 0/10 50", "all 970102 1 0/10 0", "all 970201 1 0/10 60", "all - 2 0/20 70",
        ])
    }

    @Test("a theme's score is that of its indicators alone") func themes() {
        let profiles = (0..<30).map { InstitutionProfile(institutionID: "H\(100 + $0)", level: "primary", kind: "hospital") }
        func figures(_ high: Int64) -> [IndicatorFigure] {
            profiles.enumerated().map { number, profile in
                IndicatorFigure(
                    institutionID: profile.institutionID, events: number == 4 ? high : Int64(number % 3), exposure: 1000,
                    amountCents: number == 4 ? 2_000_000_00 : 100)
            }
        }
        let ranking = InstitutionRanking(
            profiles: profiles, figures: [("x", figures(300)), ("y", figures(1)), ("z", figures(200))], amountsAtIssueCents: [:])
        let alone = InstitutionRanking(profiles: profiles, figures: [("x", figures(300)), ("y", figures(1))], amountsAtIssueCents: [:])
        let found = GrainRollups.themes(ranking, themeOf: ["x": 0, "y": 0, "z": 1], amounts: [["0", "H104"]: 777])
        let first = found.first
        #expect(first?.theme == 0 && first?.institutionID == "H104" && first?.events == 301 && first?.indicatorCount == 2 && first?.amountCents == 777)
        #expect(first?.scoreTenths == alone.institutions[0].scoreTenths && (first?.scoreTenths ?? 0) > 0)
        #expect(found.contains { $0.theme == 1 && $0.institutionID == "H104" && $0.events == 200 })
        #expect(!found.contains { $0.events == 0 })
    }
}
