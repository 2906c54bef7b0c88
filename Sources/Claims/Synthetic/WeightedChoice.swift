/// Draws indexes with given integer weights in constant time.
///
/// Source: Walker's alias method in Vose's form, in integers only, so that every machine draws alike.
struct WeightedChoice {
    private let thresholds: [UInt64]
    private let aliases: [Int32]
    private let total: UInt64

    /// - Precondition: some weight is positive, and the weights' sum times their count fits 63 bits.
    init(weights: [Int]) {
        let count = weights.count
        let total = UInt64(weights.reduce(0, +))
        precondition(total > 0)
        var scaled = weights.map { UInt64($0) * UInt64(count) }
        var aliases = (0..<count).map(Int32.init)
        var small = scaled.indices.filter { scaled[$0] < total }
        var large = scaled.indices.filter { scaled[$0] >= total }
        while let low = small.last, let high = large.last {
            small.removeLast()
            aliases[low] = Int32(high)
            scaled[high] -= total - scaled[low]
            if scaled[high] < total {
                large.removeLast()
                small.append(high)
            }
        }
        // What is left on either pile is exactly full.
        for index in small + large { scaled[index] = total }
        self.total = total
        thresholds = scaled
        self.aliases = aliases
    }

    /// Weights falling as 1 / (rank + flatness): Zipf's law with a flattened head.
    static func zipf(count: Int, flatness: Int) -> WeightedChoice {
        WeightedChoice(weights: (0..<count).map { 1_000_000 / ($0 + flatness) + 1 })
    }

    func draw(_ random: inout RandomSource) -> Int {
        let slot = random.below(thresholds.count)
        return UInt64(random.below(Int(total))) < thresholds[slot] ? slot : Int(aliases[slot])
    }
}
