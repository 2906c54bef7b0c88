package import Columns

/// Knows every key (such as claim and line) seen so far and names the rows that repeat one.
///
/// Exact, and small for the usual shape: a primary key whose secondary keys count `1, 2, 3 …` costs 12 bytes however many
/// rows it has; other secondary keys are kept as 128-bit hashes. Rows are offered in file order, so the first stays.
package struct UniqueKeyGuard {
    /// Primary codes, open addressing; a slot is free while its state is 0.
    private var keys: [UInt64]
    /// Bits 0–29: secondary keys 1…n were all seen; bit 30: others are in `irregular`; bit 31: slot in use.
    private var states: [UInt32]
    private var mask: Int
    private var count = 0
    private var irregular = HashSet128()

    private static let inUse: UInt32 = 1 << 31
    private static let hasIrregular: UInt32 = 1 << 30
    private static let countMask: UInt32 = (1 << 30) - 1

    package init(expectedCount: Int = 1 << 10) {
        var size = 1 << 10
        while size < expectedCount * 2 { size *= 2 }
        keys = [UInt64](repeating: 0, count: size)
        states = [UInt32](repeating: 0, count: size)
        mask = size - 1
    }

    /// Offers rows in order and returns those whose key was seen before, ascending.
    ///
    /// - Parameters:
    ///   - primary: The first key column's code of each row.
    ///   - secondary: The second key column, nil if the key is one column.
    package mutating func admit(primary: [UInt64], secondary: SecondaryKeys?) -> [Int32] {
        var duplicates: [Int32] = []
        var row = 0
        while row < primary.count {
            let key = primary[row]
            var end = row + 1
            while end < primary.count, primary[end] == key { end += 1 }
            let slot = findOrInsert(key)
            if let secondary {
                admitRun(row..<end, slot: slot, key: key, secondary: secondary, duplicates: &duplicates)
            } else {
                let first = states[slot] & UniqueKeyGuard.countMask == 0 ? row + 1 : row
                states[slot] |= 1
                for repeated in first..<max(first, end) { duplicates.append(Int32(repeated)) }
            }
            row = end
        }
        return duplicates
    }

    private mutating func admitRun(
        _ rows: Range<Int>, slot: Int, key: UInt64, secondary: SecondaryKeys, duplicates: inout [Int32]
    ) {
        var seen = states[slot] & UniqueKeyGuard.countMask
        var isIrregular = states[slot] & UniqueKeyGuard.hasIrregular != 0
        for row in rows {
            let ordinal = secondary.ordinal(row)
            if ordinal > 0, ordinal <= seen {
                duplicates.append(Int32(row))
                continue
            }
            if ordinal == seen + 1, !isIrregular, seen < UniqueKeyGuard.countMask - 1 {
                seen += 1
                continue
            }
            let hash = secondary.hash(row, key: key)
            if isIrregular, irregular.contains(hash) {
                duplicates.append(Int32(row))
            } else if ordinal == seen + 1, seen < UniqueKeyGuard.countMask - 1 {
                seen += 1
            } else {
                irregular.insert(hash)
                isIrregular = true
            }
        }
        states[slot] = UniqueKeyGuard.inUse | (isIrregular ? UniqueKeyGuard.hasIrregular : 0) | seen
    }

    private mutating func findOrInsert(_ key: UInt64) -> Int {
        // Up to three quarters full: 100 million lines are some 17 million claims, and the table must stay small.
        if count * 4 >= keys.count * 3 { grow() }
        var slot = Int(truncatingIfNeeded: StringHashIndex.mix(key ^ 0x5851_F42D_4C95_7F2D)) & mask
        while states[slot] != 0 {
            if keys[slot] == key { return slot }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        states[slot] = UniqueKeyGuard.inUse
        count += 1
        return slot
    }

    private mutating func grow() {
        let oldKeys = keys
        let oldStates = states
        keys = [UInt64](repeating: 0, count: oldKeys.count * 2)
        states = [UInt32](repeating: 0, count: oldKeys.count * 2)
        mask = keys.count - 1
        for old in 0..<oldKeys.count where oldStates[old] != 0 {
            var slot = Int(truncatingIfNeeded: StringHashIndex.mix(oldKeys[old] ^ 0x5851_F42D_4C95_7F2D)) & mask
            while states[slot] != 0 { slot = (slot + 1) & mask }
            keys[slot] = oldKeys[old]
            states[slot] = oldStates[old]
        }
    }
}

/// The second key column of a chunk of rows: codes into distinct strings.
package struct SecondaryKeys {
    let codes: [UInt32]
    let entries: StringColumn
    /// For each entry its number if it is one in plain form (`1`…, no leading zero, at most 8 digits), else 0.
    private let ordinals: [UInt32]

    package init(codes: [UInt32], entries: StringColumn) {
        self.codes = codes
        self.entries = entries
        var ordinals = [UInt32](repeating: 0, count: entries.count)
        for entry in 0..<entries.count {
            let text = entries[bytesAt: entry]
            guard !text.isEmpty, text.count <= 8, text.first != 0x30 else { continue }
            var number: UInt32 = 0
            for byte in text {
                let digit = byte &- 0x30
                if digit > 9 {
                    number = 0
                    break
                }
                number = number * 10 + UInt32(digit)
            }
            ordinals[entry] = number
        }
        self.ordinals = ordinals
    }

    func ordinal(_ row: Int) -> UInt32 { ordinals[Int(codes[row])] }

    func hash(_ row: Int, key: UInt64) -> HashSet128.Key {
        let bytes = entries[bytesAt: Int(codes[row])]
        let low = StringHashIndex.mix(StringHashIndex.hash(bytes) ^ StringHashIndex.mix(key))
        // A second, independent polynomial over the same bytes gives the upper half.
        var high: UInt64 = key &* 0xD6E8_FEB8_6659_FD93
        for byte in bytes { high = (high ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return HashSet128.Key(low: low, high: StringHashIndex.mix(high ^ 0xE703_7ED1_A0B4_28DB))
    }
}

/// A set of 128-bit hashes.
struct HashSet128 {
    struct Key: Hashable {
        var low: UInt64
        var high: UInt64
    }
    /// Pairs low, high; (0, 0) is free, which a hash is once in 2^128.
    private var slots: [UInt64] = [UInt64](repeating: 0, count: 2048)
    private var count = 0

    func contains(_ key: Key) -> Bool {
        let slot = find(key, in: slots)
        return slots[slot] != 0 || slots[slot + 1] != 0
    }

    mutating func insert(_ key: Key) {
        if count * 4 >= slots.count { grow() }
        let slot = find(key, in: slots)
        if slots[slot] == 0, slots[slot + 1] == 0 { count += 1 }
        slots[slot] = key.low
        slots[slot + 1] = key.high
    }

    private func find(_ key: Key, in slots: [UInt64]) -> Int {
        let mask = slots.count / 2 - 1
        var slot = Int(truncatingIfNeeded: key.low) & mask
        while slots[2 * slot] != 0 || slots[2 * slot + 1] != 0 {
            if slots[2 * slot] == key.low, slots[2 * slot + 1] == key.high { break }
            slot = (slot + 1) & mask
        }
        return 2 * slot
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for pair in stride(from: 0, to: old.count, by: 2) where old[pair] != 0 || old[pair + 1] != 0 {
            let slot = find(Key(low: old[pair], high: old[pair + 1]), in: slots)
            slots[slot] = old[pair]
            slots[slot + 1] = old[pair + 1]
        }
    }
}
