import Foundation
import Indicators
import Ranking
import Testing

@Suite("Steps of the ranking")
struct StepTests {
    private let parameters = RankingParameters()

    private func profiles(_ groups: [(level: String, kind: String, count: Int)]) -> [InstitutionProfile] {
        groups.flatMap { group in
            (0..<group.count).map {
                InstitutionProfile(institutionID: "\(group.level)-\(group.kind)-\($0)", level: group.level, kind: group.kind)
            }
        }
    }

    @Test("peers are level × kind from ten, else the kind from ten, else all") func peers() {
        let listed = profiles([("tertiary", "hospital", 10), ("secondary", "hospital", 9), ("none", "clinic", 9)])
        let groups = PeerGrouping.groups(of: listed, minimumPeers: 10)
        #expect(groups.map(\.basis) == [
            .levelAndKind(level: "tertiary", kind: "hospital"), .kind("hospital"), .everyone,
        ])
        #expect(groups.map(\.members.count) == [10, 19, 28])
        #expect(groups.map(\.evaluated) == [Array(0..<10), Array(10..<19), Array(19..<28)])
    }

    @Test("the distance is the signed root of the binomial deviance", arguments: [
        (0, 10, 0.1, -(2 * 10 * log(1 / 0.9)).squareRoot()), (10, 10, 0.1, (2 * 10 * log(10.0)).squareRoot()),
        (1, 10, 0.1, 0), (5, 10, 0.1, (2 * (5 * log(5.0) + 5 * log(5.0 / 9))).squareRoot()),
    ] as [(Int64, Int64, Double, Double)])
    func distance(events: Int64, exposure: Int64, rate: Double, expected: Double) {
        let distance = FunnelComparison.distance(events: events, exposure: exposure, expectedRate: rate)
        #expect(abs(distance - expected) < 1e-12)
        #expect(distance.sign == .plus || distance < 0, "no negative zero")
    }

    @Test("the overdispersion pulls in a tenth, rounded up, at each end, and is at least 1", arguments: [
        ([], 1), ([9], 81), ([1, 5], 13), ([0, 0, 100], 1), ([-9, 2, 3, 50], 6.5),
        ([-100, 2, 2, 2, 2, 2, 2, 2, 3, 100], 5), ([0.1, 0.1, 0.1], 1),
    ] as [([Double], Double)])
    func overdispersion(distances: [Double], expected: Double) {
        #expect(abs(FunnelComparison.overdispersion(of: distances, winsorPercent: 10) - expected) < 1e-12)
    }

    @Test("those that stand out leave the sums, unless more than half would") func secondPass() {
        let events = [Int64](repeating: 1, count: 11) + [80]
        let exposures = [Int64](repeating: 100, count: 12)
        let funnel = FunnelComparison.compare(events: events, exposures: exposures, parameters: parameters)
        #expect(funnel.isKept == [Bool](repeating: true, count: 11) + [false])
        #expect(abs(funnel.expectedRates[0] - 10.5 / 1001) < 1e-15)
        #expect(abs(funnel.expectedRates[11] - 11.5 / 1101) < 1e-15)
    }

    @Test("excess money is the amount beyond what the expected rate explains", arguments: [
        (10, 100, 0.05, 1000_00, 500.0), (10, 100, 0.2, 1000_00, 0), (0, 100, 0.1, 1000_00, 0), (10, 100, 0.05, -5, 0),
    ] as [(Int64, Int64, Double, Int128, Double)])
    func excess(events: Int64, exposure: Int64, rate: Double, amountCents: Int128, yuan: Double) {
        let figure = IndicatorFigure(institutionID: "H", events: events, exposure: exposure, amountCents: amountCents)
        #expect(abs(IndicatorScoring.excessYuan(figure, expectedRate: rate) - yuan) < 1e-9)
    }

    @Test("a finding grows with distance and money and stays below its limit", arguments: [
        (2.0, 1e9, 0.0), (4.0, 0, 0), (4.0, 900, 0.125), (4.0, 999_900, 0.5), (4.0, 1e12, 0.5), (1e9, 1e12, 0.999),
    ] as [(Double, Double, Double)])
    func finding(z: Double, excess: Double, value: Double) {
        #expect(
            abs(IndicatorScoring.finding(adjustedDistance: z, excessYuan: excess, parameters: parameters) - value) < 1e-8)
    }

    @Test("Benjamini–Hochberg marks all up to the largest p below its line") func marks() {
        // p = 0.001, 0.02, 0.03, 0.5: lines 0.0125, 0.025, 0.0375, 0.05.
        let values = [3.0902323, 2.0537489, 1.8807936, 0]
        #expect(SignificanceMarks.marks(values, falseDiscoveryRate: 0.05) == [true, true, true, false])
        #expect(SignificanceMarks.marks([1.8807936, 0, 0, 0], falseDiscoveryRate: 0.05) == [false, false, false, false])
        #expect(SignificanceMarks.marks([], falseDiscoveryRate: 0.05) == [])
        #expect(SignificanceMarks.marks([50, 60], falseDiscoveryRate: 0.05) == [true, true])
    }

    @Test("shrinkage keeps large institutions, draws small ones to the mean, and stays within 0 and 1") func shrinkage() {
        let rates = ShrunkenRates.rates(events: [300, 1, 10, 100], exposures: [1000, 1, 1000, 1000])
        let mean = 411.0 / 3001
        #expect(abs(rates[0] - 0.3) < 0.01 && abs(rates[2] - 0.01) < 0.01)
        #expect(rates[1] < 0.6 && rates[1] > mean)
        #expect(ShrunkenRates.rates(events: [5, 5], exposures: [50, 50]) == [0.1, 0.1])
        #expect(ShrunkenRates.rates(events: [0, 0], exposures: [50, 1]) == [0, 0])
        #expect(ShrunkenRates.rates(events: [1], exposures: [2]) == [0.5])
    }

    @Test("the draw takes the smallest keys of each grade and is the same again") func draw() {
        let all = profiles([("primary", "hospital", 40)])
        let ranking = InstitutionRanking(profiles: all, figures: [], amountsAtIssueCents: [:])
        // Any function of the bytes will do to test the choice.
        let digest: ([UInt8]) -> [UInt8] = { bytes in [UInt8(truncatingIfNeeded: bytes.reduce(7) { $0 &* 31 &+ Int($1) })] }
        let choices = InspectionDraw.draw(from: ranking, seed: "2025-1", percents: [.a: 11], digest: digest)
        #expect(choices.count == 5)
        let keys = all.map { digest(Array("2025-1".utf8) + Array($0.institutionID.utf8))[0] }.sorted()
        #expect(choices.map(\.key) == keys.prefix(5).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) })
        #expect(choices == InspectionDraw.draw(from: ranking, seed: "2025-1", percents: [.a: 11], digest: digest))
        #expect(InspectionDraw.draw(from: ranking, seed: "s", percents: [.e: 100], digest: digest).isEmpty)
    }
}
