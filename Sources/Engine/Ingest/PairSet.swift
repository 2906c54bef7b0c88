import Columns

/// A set of pairs of codes.
struct PairSet {
    struct Pair: Hashable {
        var low: UInt64
        var high: UInt64
    }
    /// Pairs low, high + 1; a high half of 0 is free.
    private var slots: [UInt64] = [UInt64](repeating: 0, count: 2048)
    private var count = 0

    var isEmpty: Bool { count == 0 }

    func contains(_ pair: Pair) -> Bool { slots[find(pair.low, pair.high &+ 1, in: slots) + 1] != 0 }

    mutating func insert(_ pair: Pair) {
        // Up to five eighths full.
        if count * 16 >= slots.count * 5 { grow() }
        let slot = find(pair.low, pair.high &+ 1, in: slots)
        if slots[slot + 1] == 0 { count += 1 }
        slots[slot] = pair.low
        slots[slot + 1] = pair.high &+ 1
    }

    /// A word of the place where a pair is or would be: who asks for many at once waits for memory once.
    func touched(_ pair: Pair) -> UInt64 { slots[2 * place(pair.low, pair.high &+ 1, slots.count / 2 - 1)] }

    private func place(_ low: UInt64, _ high: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: StringHashIndex.mix(StringHashIndex.mix(low) ^ high)) & mask
    }

    /// Codes stay far below 2^64 - 1, so that `high` is never 0.
    private func find(_ low: UInt64, _ high: UInt64, in slots: [UInt64]) -> Int {
        let mask = slots.count / 2 - 1
        var slot = place(low, high, mask)
        while slots[2 * slot + 1] != 0 {
            if slots[2 * slot] == low, slots[2 * slot + 1] == high { break }
            slot = (slot + 1) & mask
        }
        return 2 * slot
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for pair in stride(from: 0, to: old.count, by: 2) where old[pair + 1] != 0 {
            let slot = find(old[pair], old[pair + 1], in: slots)
            slots[slot] = old[pair]
            slots[slot + 1] = old[pair + 1]
        }
    }
}
