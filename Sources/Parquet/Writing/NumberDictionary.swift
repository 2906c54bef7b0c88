import Columns

/// The distinct values of a column in order of first appearance, and for each row its number among them.
struct NumberDictionary {
    private(set) var entries: [Int64] = []
    private(set) var codes: [UInt32] = []

    /// nil if there are more than `entryLimit` values.
    init?(_ rows: [Int64], entryLimit: Int) {
        var size = 64
        var slots = [UInt32](repeating: 0, count: size)
        codes = [UInt32](repeating: 0, count: rows.count)
        var previous = rows.first.map { ~$0 } ?? 0
        var previousCode: UInt32 = 0
        for row in 0..<rows.count {
            let value = rows[row]
            if value == previous {
                codes[row] = previousCode
                continue
            }
            var slot = NumberDictionary.slot(value, size)
            while slots[slot] != 0, entries[Int(slots[slot]) - 1] != value { slot = (slot + 1) & (size - 1) }
            if slots[slot] == 0 {
                guard entries.count < entryLimit else { return nil }
                entries.append(value)
                slots[slot] = UInt32(entries.count)
                if entries.count * 2 > size {
                    size *= 4
                    slots = NumberDictionary.slots(entries, size)
                    slot = NumberDictionary.slot(value, size)
                    while entries[Int(slots[slot]) - 1] != value { slot = (slot + 1) & (size - 1) }
                }
            }
            (previous, previousCode) = (value, slots[slot] - 1)
            codes[row] = previousCode
        }
    }

    /// Bits of a code.
    var bitWidth: Int { HybridValues.bitWidth(maximum: entries.count - 1) }

    private static func slot(_ value: Int64, _ size: Int) -> Int {
        Int(truncatingIfNeeded: StringHashIndex.mix(UInt64(bitPattern: value) ^ 0x9E37_79B9_7F4A_7C15)) & (size - 1)
    }

    private static func slots(_ entries: [Int64], _ size: Int) -> [UInt32] {
        var slots = [UInt32](repeating: 0, count: size)
        for (index, value) in entries.enumerated() {
            var slot = slot(value, size)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(index + 1)
        }
        return slots
    }
}
