import Foundation

/// Steps 1 to 8 of the ranking, computed from figures with plain loops.
struct ReferenceRanking {
    struct Comparison {
        var expectedRate: Double
        /// z′.
        var distance: Double
    }

    private(set) var comparisons: [String: [String: Comparison]] = [:]
    /// Unrounded, 0 to 100.
    private(set) var scores: [String: Double] = [:]
    private let data: ReferenceData

    /// Ranks figures by indicator, in the order of the contract's table, and institution.
    init(_ figures: [(id: String, figures: [String: ReferenceFigure])], _ data: ReferenceData) {
        self.data = data
        var clean: [String: Double] = [:]
        for (id, ofIndicator) in figures {
            for (institution, figure) in ofIndicator {
                clean[institution, default: 1] *= 1 - finding(id, institution, figure, ofIndicator)
            }
        }
        scores = clean.mapValues { 100 * (1 - $0) }
    }

    private mutating func finding(
        _ id: String, _ institution: String, _ figure: ReferenceFigure, _ all: [String: ReferenceFigure]
    ) -> Double {
        let members = peers(of: institution, among: Array(all.keys))
        guard members.count > 1 else { return 0 }
        let group = members.map { (id: $0, figure: all[$0] ?? ReferenceFigure()) }
        var isKept = [String: Bool]()
        var rates: [String: Double] = [:]
        var adjusted: [String: Double] = [:]
        for _ in 0..<2 {
            let kept = group.filter { isKept[$0.id] ?? true }
            var distances: [String: Double] = [:]
            for member in group {
                let others = kept.filter { $0.id != member.id }
                let events = others.reduce(0) { $0 + $1.figure.events }
                let exposure = others.reduce(0) { $0 + $1.figure.exposure }
                let rate = (Double(events) + 0.5) / (Double(exposure) + 1)
                rates[member.id] = rate
                distances[member.id] = ReferenceRanking.distance(member.figure, rate)
            }
            let spread = ReferenceRanking.overdispersion(Array(distances.values)).squareRoot()
            adjusted = distances.mapValues { $0 / spread }
            for member in group { isKept[member.id] = (adjusted[member.id] ?? 0) <= 2 }
            if isKept.values.count(where: { !$0 }) * 2 > group.count { isKept = [:] }
        }
        let z = adjusted[institution] ?? 0
        let rate = rates[institution] ?? 0
        comparisons[id, default: [:]][institution] = Comparison(expectedRate: rate, distance: z)
        guard z > 2, figure.events > 0 else { return 0 }
        let share = 1 - Double(figure.exposure) * rate / Double(figure.events)
        let excess = max(0, Double(figure.amountCents) / 100) * max(0, share)
        return min(0.999, (1 - 2 / z) * min(1, log10(1 + excess / 100) / 4))
    }

    private func peers(of institution: String, among all: [String]) -> [String] {
        let ofKind = all.filter { data.kind($0) == data.kind(institution) }
        let ofLevel = ofKind.filter { data.level($0) == data.level(institution) }
        return ofLevel.count >= 10 ? ofLevel : ofKind.count >= 10 ? ofKind : all
    }

    private static func distance(_ figure: ReferenceFigure, _ rate: Double) -> Double {
        let events = Double(figure.events)
        let exposure = Double(figure.exposure)
        let expected = exposure * rate
        let hits = events > 0 ? events * log(events / expected) : 0
        let misses = exposure > events ? (exposure - events) * log((exposure - events) / (exposure - expected)) : 0
        let root = max(0, 2 * (hits + misses)).squareRoot()
        return events > expected ? root : events < expected ? -root : 0
    }

    private static func overdispersion(_ distances: [Double]) -> Double {
        let sorted = distances.sorted()
        let count = sorted.count
        let pulled = min((count + 9) / 10, (count - 1) / 2)
        let squares = sorted.indices.map { index in
            let value = sorted[min(max(index, pulled), count - 1 - pulled)]
            return value * value
        }
        return max(1, squares.reduce(0, +) / Double(count))
    }
}
