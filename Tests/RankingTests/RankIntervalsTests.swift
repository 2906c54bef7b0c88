import Foundation
import Indicators
import Ranking
import Testing

@Suite("Rank intervals")
struct RankIntervalsTests {
    @Test("draws have the mean, the spread and the bounds of the binomial", arguments: [
        (1, 0.5), (12, 0.1), (200, 0.03), (25, 0.97), (50, 0.4), (1000, 0.5), (100_000, 0.0002), (5_000_000, 0.3), (400, 0.995),
    ] as [(Int64, Double)])
    func moments(trials: Int64, share: Double) {
        let count = 40_000
        for seed in [1, 99] as [UInt64] {
            var draws = BinomialDraws(trials: trials, share: share, seed: seed)
            var (sum, squares) = (0.0, 0.0)
            for _ in 0..<count {
                let drawn = draws.next()
                if drawn < 0 || drawn > trials { Issue.record("\(drawn) of \(trials)") }
                let away = Double(drawn) - Double(trials) * share
                sum += away
                squares += away * away
            }
            let variance = Double(trials) * share * (1 - share)
            // Five standard errors of the mean, and of the variance of a binomial (kurtosis 3 + (1 − 6pq)/npq).
            #expect(abs(sum / Double(count)) < 5 * (variance / Double(count)).squareRoot(), "mean, seed \(seed)")
            let kurtosis = 2 + (1 - 6 * share * (1 - share)) / variance
            #expect(abs(squares / Double(count) / variance - 1) < 5 * (max(0, kurtosis) / Double(count)).squareRoot() + 1e-3, "variance, seed \(seed)")
        }
    }

    @Test("draws are spread as the binomial says, value by value", arguments: [(40, 0.2), (60, 0.5), (80, 0.2), (300, 0.9)] as [(Int64, Double)])
    func chances(trials: Int64, share: Double) {
        var draws = BinomialDraws(trials: trials, share: share, seed: 5)
        var counts = [Int](repeating: 0, count: Int(trials) + 1)
        let drawCount = 200_000
        for _ in 0..<drawCount { counts[Int(draws.next())] += 1 }
        var chance = pow(1 - share, Double(trials))
        for (value, count) in counts.enumerated() {
            let error = (Double(drawCount) * chance).squareRoot()
            #expect(abs(Double(count) - Double(drawCount) * chance) < 5 * error + 4, "\(value): \(count)")
            chance *= Double(trials - Int64(value)) / Double(value + 1) * share / (1 - share)
        }
    }

    @Test("no events and nothing but events stay what they are") func ends() {
        for (share, expected) in [(0.0, 0), (1.0, 70)] as [(Double, Int64)] {
            var draws = BinomialDraws(trials: 70, share: share, seed: 3)
            for _ in 0..<1000 where draws.next() != expected { Issue.record("not \(expected)") }
        }
    }

    /// Institutions of one group with these events and exposures, a yuan at issue for each event unless said otherwise.
    private func ranking(_ rows: [(events: Int64, exposure: Int64)], yuanPerEvent: Int128 = 200, draws: Int = 200) -> InstitutionRanking {
        let figures = rows.enumerated().map { number, row in
            IndicatorFigure(
                institutionID: "H\(1000 + number)", events: row.events, exposure: row.exposure,
                amountCents: Int128(row.events) * yuanPerEvent * 100)
        }
        var parameters = RankingParameters()
        parameters.intervalDrawCount = draws
        return InstitutionRanking(
            profiles: figures.map { InstitutionProfile(institutionID: $0.institutionID, level: "primary", kind: "clinic") },
            figures: [("x", figures)], amountsAtIssueCents: [:], parameters: parameters)
    }

    private func intervals(_ ranking: InstitutionRanking) -> [String: ClosedRange<Int>] {
        Dictionary(uniqueKeysWithValues: zip(ranking.institutions.map(\.profile.institutionID), RankIntervals.measure(ranking)))
    }

    private static let quiet = [(events: Int64, exposure: Int64)](repeating: (10, 1000), count: 40)

    @Test("one far ahead keeps its place, two alike change theirs, and few events say less than many") func meaning() throws {
        let few: [(events: Int64, exposure: Int64)] = (0..<12).map { (6 + Int64($0 % 2), 60) }
        let many: [(events: Int64, exposure: Int64)] = (0..<12).map { (12_000 + 1_000 * Int64($0), 200_000) }
        let one = intervals(ranking([(900, 1000), (60, 1000), (62, 1000)] + Self.quiet))
        #expect(one["H1000"] == 1...1)
        let (second, third) = try (#require(one["H1001"]), #require(one["H1002"]))
        #expect(second.overlaps(third) && second.count > 1 && third.count > 1)
        let small = intervals(ranking(few + Self.quiet)).filter { $0.key < "H1012" }
        let large = intervals(ranking(many + Self.quiet)).filter { $0.key < "H1012" }
        #expect(large.values.allSatisfy { $0.count <= 3 }, "\(large)")
        #expect(small.values.allSatisfy { $0.count >= 6 }, "\(small)")
    }

    @Test("an interval holds the rank, and all lie within the ranking") func holdsTheRank() {
        var random = SeededGenerator(state: 7)
        let rows = (0..<300).map { _ in
            let exposure = Int64(pow(10, Double.random(in: 0...4, using: &random)))
            return (events: Int64.random(in: 0...max(1, exposure / 5), using: &random), exposure: exposure)
        }
        let ranking = ranking(rows)
        let measured = RankIntervals.measure(ranking)
        #expect(measured.count == 300)
        for (place, interval) in zip(ranking.institutions, measured) {
            #expect(interval.contains(place.rank) && interval.lowerBound >= 1 && interval.upperBound <= 300)
        }
        #expect(measured.contains { $0.count > 5 })
        #expect(RankIntervals.measure(ranking) == measured, "drawn again")
        #expect(RankIntervals.measure(self.ranking(rows, draws: 0)).isEmpty)
        var other = ranking
        other.parameters.intervalSeed = 2
        #expect(RankIntervals.measure(other) != measured)
    }

    @Test("agrees with a bootstrap that draws every unit and ranks anew") func reference() throws {
        let rows: [(events: Int64, exposure: Int64)] = [(30, 400), (25, 300), (20, 350), (9, 60), (45, 900), (8, 90)] + Self.quiet
        let ranking = ranking(rows, draws: 2000)
        let found = intervals(ranking)
        var random = SeededGenerator(state: 21)
        var ranks: [String: [Int]] = [:]
        for _ in 0..<600 {
            var scores: [(score: Double, id: String)] = []
            for place in ranking.institutions {
                let figure = place.figures[0].figure
                let comparison = try #require(place.figures[0].comparison)
                let events = (0..<figure.exposure).count { _ in Double.random(in: 0..<1, using: &random) < figure.rate }
                let drawn = RankingReference.Unit(
                    id: figure.institutionID, level: "", kind: "", e: Double(events), n: Double(figure.exposure), a: Double(events) * 200)
                let z = FunnelComparison.distance(
                    events: Int64(events), exposure: figure.exposure, expectedRate: comparison.expectedRate) / sqrt(comparison.overdispersion)
                let score = 100 * RankingReference.finding(drawn, (comparison.expectedRate, z))
                scores.append(((score * 10).rounded(), figure.institutionID))
            }
            scores.sort { ($1.score, $0.id) < ($0.score, $1.id) }
            for (index, entry) in scores.enumerated() { ranks[entry.id, default: []].append(index + 1) }
        }
        for (id, drawn) in ranks where id < "H1006" {
            let sorted = drawn.sorted()
            let interval = try #require(found[id])
            #expect(abs(sorted[30] - interval.lowerBound) <= 1 && abs(sorted[569] - interval.upperBound) <= 1, "\(id): \(sorted[30]) \(sorted[569]) \(interval)")
        }
    }
}
