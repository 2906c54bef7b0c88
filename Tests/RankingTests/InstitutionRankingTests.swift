import Foundation
import Indicators
import Ranking
import Testing

@Suite("Institution ranking")
struct InstitutionRankingTests {
    private struct Case {
        var profiles: [InstitutionProfile] = []
        var figures: [(indicatorID: String, figures: [IndicatorFigure])] = []
        var amounts: [String: Int128] = [:]
    }

    private func sample(seed: UInt64, count: Int) -> Case {
        var random = SeededGenerator(state: seed)
        var sample = Case()
        for number in 0..<count {
            let id = "H" + String(1000 + number)
            let level = ["tertiary", "secondary", "primary", "none"][Int.random(in: 0...3, using: &random)]
            let kind = Int.random(in: 0...9, using: &random) < 7 ? "hospital" : "clinic"
            sample.profiles.append(InstitutionProfile(institutionID: id, level: level, kind: kind))
            sample.amounts[id] = Int128(Int.random(in: 0...900_000, using: &random))
        }
        for indicator in ["b_indicator", "a_indicator", "c_indicator"] {
            var figures: [IndicatorFigure] = []
            for profile in sample.profiles where Int.random(in: 0...9, using: &random) > 1 {
                let exposure = Int64(pow(10, Double.random(in: 0...4, using: &random)))
                let top = Int.random(in: 0...9, using: &random) == 0 ? exposure : exposure / 20
                figures.append(
                    IndicatorFigure(
                        institutionID: profile.institutionID, events: Int64.random(in: 0...top, using: &random),
                        exposure: exposure, amountCents: Int128(Int.random(in: -1000...50_000_000, using: &random))))
            }
            sample.figures.append((indicator, figures))
        }
        return sample
    }

    @Test("agrees with an independent reading of the formulas", arguments: [
        (1, 1), (2, 2), (3, 3), (4, 8), (5, 12), (6, 40), (7, 150), (8, 400),
    ] as [(UInt64, Int)])
    func reference(seed: UInt64, count: Int) throws {
        let sample = sample(seed: seed, count: count)
        let ranking = InstitutionRanking(
            profiles: sample.profiles, figures: sample.figures, amountsAtIssueCents: sample.amounts)
        let profileOf = Dictionary(uniqueKeysWithValues: sample.profiles.map { ($0.institutionID, $0) })
        var survival: [String: Double] = [:]
        for (index, entry) in sample.figures.enumerated() {
            let units = try entry.figures.map { figure in
                let profile = try #require(profileOf[figure.institutionID])
                return RankingReference.Unit(
                    id: figure.institutionID, level: profile.level, kind: profile.kind, e: Double(figure.events),
                    n: Double(figure.exposure), a: Double(figure.amountCents) / 100)
            }
            let expected = RankingReference.compare(units)
            let scored = ranking.indicators[index].figures
            #expect(scored.map(\.figure) == entry.figures)
            for (unit, (expected, scored)) in zip(units, zip(expected, scored)) {
                #expect((expected == nil) == (scored.comparison == nil))
                if let expected, let comparison = scored.comparison {
                    #expect(abs(expected.z - comparison.adjustedDistance) < 1e-6, "seed \(seed), \(unit.id)")
                    #expect(abs(expected.p - comparison.expectedRate) < 1e-12)
                }
                survival[unit.id, default: 1] *= 1 - RankingReference.finding(unit, expected)
            }
        }
        #expect(ranking.institutions.count == count)
        for place in ranking.institutions {
            let score = 100 * (1 - survival[place.profile.institutionID, default: 1])
            #expect(abs(score - Double(place.scoreTenths) / 10) <= 0.0501)
        }
    }

    @Test("orders by score, amount at issue and id, the second order by amount") func order() {
        let sample = sample(seed: 11, count: 200)
        let ranking = InstitutionRanking(
            profiles: sample.profiles.reversed(), figures: sample.figures, amountsAtIssueCents: sample.amounts)
        let places = ranking.institutions
        #expect(places.map(\.rank) == Array(1...200))
        #expect(places.map(\.amountRank).sorted() == Array(1...200))
        for (left, right) in zip(places, places.dropFirst()) {
            #expect(
                (-left.scoreTenths, -left.amountAtIssueCents, left.profile.institutionID)
                    < (-right.scoreTenths, -right.amountAtIssueCents, right.profile.institutionID))
        }
        let byAmount = places.sorted { $0.amountRank < $1.amountRank }
        for (left, right) in zip(byAmount, byAmount.dropFirst()) {
            #expect(left.amountAtIssueCents >= right.amountAtIssueCents)
        }
    }

    @Test("shares of the reasons add up to one, largest first, ties by id") func reasons() {
        let ranking = InstitutionRanking(
            profiles: sample(seed: 12, count: 120).profiles, figures: sample(seed: 12, count: 120).figures,
            amountsAtIssueCents: [:])
        for place in ranking.institutions where !place.reasons.isEmpty {
            #expect(abs(place.reasons.reduce(0) { $0 + $1.share } - 1) < 1e-12)
            for (left, right) in zip(place.reasons, place.reasons.dropFirst()) {
                #expect(left.share > right.share || left.share == right.share && left.indicatorID < right.indicatorID)
            }
        }
    }

    @Test("an institution without peers is not scored") func alone() {
        let ranking = InstitutionRanking(
            profiles: [InstitutionProfile(institutionID: "H1")],
            figures: [("x", [IndicatorFigure(institutionID: "H1", events: 5, exposure: 5, amountCents: 900_000)])],
            amountsAtIssueCents: ["H1": 900_000])
        #expect(ranking.institutions[0].scoreTenths == 0)
        #expect(ranking.institutions[0].grade == .a)
        #expect(ranking.institutions[0].figures[0].comparison == nil)
    }

    @Test("an institution that only a figure knows is ranked as one without level and kind") func unknown() {
        let ranking = InstitutionRanking(
            profiles: [], figures: [("x", [IndicatorFigure(institutionID: "H9", events: 0, exposure: 5, amountCents: 0)])],
            amountsAtIssueCents: [:])
        #expect(ranking.institutions.map(\.profile.level) == ["none"])
        #expect(ranking.institutions.map(\.profile.kind) == ["none"])
    }

    @Test("grades begin at their limits", arguments: [
        (0, "A"), (29, "A"), (30, "B"), (99, "B"), (100, "C"), (199, "C"), (200, "D"), (399, "D"), (400, "E"), (1000, "E"),
    ])
    func grades(tenths: Int, grade: String) {
        #expect(Grade(scoreTenths: tenths, limitsTenths: RankingParameters().gradeLimitsTenths).rawValue == grade)
    }

    @Test("the worked example of docs/ranking.md holds") func workedExample() throws {
        let events: [Int64] = [42, 3, 5, 2, 4, 6, 1, 3, 2, 5, 4, 3]
        let exposures: [Int64] = [310, 280, 410, 190, 350, 520, 120, 260, 205, 430, 330, 300]
        let profiles = events.indices.map {
            InstitutionProfile(institutionID: "H" + String(10 + $0), level: "primary", kind: "hospital")
        }
        let figures = events.indices.map {
            IndicatorFigure(
                institutionID: profiles[$0].institutionID, events: events[$0], exposure: exposures[$0],
                amountCents: $0 == 0 ? 12_345_67 : 0)
        }
        let ranking = InstitutionRanking(
            profiles: profiles, figures: [("prescription_size", figures)], amountsAtIssueCents: [:])
        let first = ranking.institutions[0]
        #expect(first.profile.institutionID == "H10" && first.scoreTenths == 426 && first.grade == .e)
        let comparison = try #require(first.figures[0].comparison)
        #expect(abs(comparison.expectedRate - 38.5 / 3396) < 1e-15)
        #expect(abs(comparison.adjustedDistance - 11.6818) < 1e-4 && comparison.overdispersion == 1)
        #expect(abs(comparison.excessYuan - 11_312.62) < 0.01)
        #expect(abs(first.figures[0].finding - 0.42629) < 1e-5)
        let second = try #require(ranking.institutions.first { $0.profile.institutionID == "H11" }?.figures[0].comparison)
        #expect(abs(second.expectedRate - 35.5 / 3116) < 1e-15 && abs(second.distance + 0.1081) < 1e-4)
    }
}
