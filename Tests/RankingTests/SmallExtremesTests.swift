import Foundation
import Indicators
import Ranking
import Testing

@Suite("Small but extreme")
struct SmallExtremesTests {
    /// The tail straight from products of Γ(x + k)/Γ(x) = x(x+1)…(x+k−1).
    private func tail(_ events: Int, _ exposure: Int, _ rate: Double, _ correlation: Double) -> Double {
        let weight = correlation > 0 ? (1 - correlation) / correlation : 0
        func rising(_ x: Double, _ count: Int) -> Double { (0..<count).reduce(1) { $0 * (x + Double($1)) } }
        return (events...exposure).reduce(0) { sum, k in
            let choices = (0..<k).reduce(1.0) { $0 * Double(exposure - $1) / Double(k - $1) }
            let chance =
                correlation > 0
                ? rising(rate * weight, k) * rising((1 - rate) * weight, exposure - k) / rising(weight, exposure)
                : pow(rate, Double(k)) * pow(1 - rate, Double(exposure - k))
            return sum + choices * chance
        }
    }

    @Test("the tail is that of the binomial without, and of the Beta-binomial with a spread of rates", arguments: [
        (3, 10, 0.1, 0.0), (3, 10, 0.1, 0.05), (10, 10, 0.3, 0.2), (1, 40, 0.001, 0), (25, 40, 0.3, 0.6), (7, 60, 0.02, 0.01), (5, 12, 0.6, 0.9),
    ] as [(Int, Int, Double, Double)])
    func upperTail(events: Int, exposure: Int, rate: Double, correlation: Double) {
        let found = BetaBinomial.upperTail(events: Int64(events), exposure: Int64(exposure), rate: rate, correlation: correlation)
        let expected = tail(events, exposure, rate, correlation)
        #expect(abs(found / expected - 1) < 1e-9, "\(found) \(expected)")
    }

    @Test("known values and ends") func known() {
        #expect(abs(BetaBinomial.upperTail(events: 3, exposure: 10, rate: 0.1, correlation: 0) - 0.0701908264) < 1e-10)
        #expect(BetaBinomial.upperTail(events: 0, exposure: 10, rate: 0.1, correlation: 0.3) == 1)
        #expect(BetaBinomial.upperTail(events: 4, exposure: 10, rate: 0.25, correlation: 1) == 0.25)
        let (none, little) = (0.0, 1e-7)
        let (first, second) = (
            BetaBinomial.upperTail(events: 40, exposure: 2000, rate: 0.01, correlation: none),
            BetaBinomial.upperTail(events: 40, exposure: 2000, rate: 0.01, correlation: little)
        )
        #expect(first < second && second < first * 1.02, "a little correlation changes little")
    }

    /// Thirty peers of 1,000 units with 1 % events (of which `spread` moves the rate up and down), and one clinic.
    private func listed(
        events: Int64, exposure: Int64 = 8, yuan: Int = 60, spread: Int64 = 0, parameters: RankingParameters = RankingParameters()
    ) -> [SmallExtreme] {
        var figures = (0..<30).map { number in
            IndicatorFigure(
                institutionID: "H\(100 + number)", events: 10 + (number % 2 == 0 ? spread : -spread), exposure: 1000,
                amountCents: 100_00)
        }
        figures.append(
            IndicatorFigure(institutionID: "SMALL", events: events, exposure: exposure, amountCents: Int128(yuan) * 100))
        let profiles = figures.map { InstitutionProfile(institutionID: $0.institutionID, level: "primary", kind: "clinic") }
        return SmallExtremes.find(
            in: InstitutionRanking(
                profiles: profiles, figures: [("x", figures)], amountsAtIssueCents: ["SMALL": Int128(yuan) * 100], parameters: parameters))
    }

    @Test("lists what is extreme with little money, and says by how much") func lists() throws {
        let found = listed(events: 4)
        #expect(found.map(\.place.profile.institutionID) == ["SMALL"])
        let extreme = try #require(found.first)
        #expect(extreme.place.grade == .a || extreme.place.grade == .b)
        #expect(extreme.correlation == 0)
        #expect(abs(extreme.chance / tail(4, 8, 300.5 / 30_001, 0) - 1) < 1e-9)
    }

    @Test("too few events, much money, many units, or a grade that carries it: not in the list") func leavesOut() {
        #expect(listed(events: 2).isEmpty, "two events")
        #expect(listed(events: 4, yuan: 10_001).isEmpty, "money, and a grade of its own")
        #expect(listed(events: 60, exposure: 2000, yuan: 1).isEmpty, "larger than its peers")
        var parameters = RankingParameters()
        parameters.gradeLimitsTenths = [4, 3, 2, 1]
        #expect(listed(events: 4, parameters: parameters).isEmpty, "graded E")
        parameters = RankingParameters()
        parameters.smallMinimumEvents = 5
        #expect(listed(events: 4, parameters: parameters).isEmpty, "five events asked for")
        parameters.smallMinimumEvents = 3
        parameters.smallAmountLimitYuan = 59
        #expect(listed(events: 4, parameters: parameters).isEmpty, "59 yuan allowed")
    }

    @Test("where the peers differ among themselves the same figure is less of a surprise") func spread() throws {
        let alike = try #require(listed(events: 4).first)
        let parameters = {
            var parameters = RankingParameters()
            parameters.smallFalseDiscoveryRate = 0.999
            return parameters
        }()
        let unlike = try #require(listed(events: 4, spread: 10, parameters: parameters).first { $0.place.profile.institutionID == "SMALL" })
        #expect(unlike.correlation > 0.005)
        #expect(unlike.chance > alike.chance * 2)
        #expect(abs(unlike.chance / tail(4, 8, unlike.scored.comparison?.expectedRate ?? 0, unlike.correlation) - 1) < 1e-9)
    }

    @Test("institutions that differ by chance alone are not listed", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func chanceAlone(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        var figures: [IndicatorFigure] = []
        for number in 0..<600 {
            let exposure = Int64.random(in: 5...300, using: &random)
            let events = (0..<exposure).count { _ in Double.random(in: 0..<1, using: &random) < 0.04 }
            figures.append(
                IndicatorFigure(institutionID: "H\(1000 + number)", events: Int64(events), exposure: exposure, amountCents: Int128(events) * 500))
        }
        let profiles = figures.map { InstitutionProfile(institutionID: $0.institutionID, level: "primary", kind: "clinic") }
        let found = SmallExtremes.find(in: InstitutionRanking(profiles: profiles, figures: [("x", figures)], amountsAtIssueCents: [:]))
        #expect(found.count <= 1, "seed \(seed): \(found.map { ($0.scored.figure.events, $0.scored.figure.exposure, $0.chance) })")
    }
}
