import Columns

/// Knows every key (such as claim and line) seen so far and names the rows that repeat one.
///
/// Exact, and small for the usual shapes: a primary key whose secondary keys count `1, 2, 3 …` costs 5 to 24 bytes however many
/// rows it has, and one whose rows stand together costs a list of the other secondary keys, a few bytes each. Only where it comes
/// again are they kept in a set of pairs. Rows are offered in file order, so the first stays.
package struct UniqueKeyGuard {
    /// Primary codes, open addressing; a slot is free while its state is 0.
    private var keys: [UInt64]
    /// Bits 0–28: secondary keys 1…n were all seen, or, with bit 29, the place in `lists` of those seen; bit 30: others are in
    /// `irregular`; bit 31: slot in use.
    private var states: [UInt32]
    private var mask: Int
    private var count = 0
    private var irregular = PairSet()
    private var lists = CodeLists()
    /// Keys that came in ascending order, each above all before it, with their states: most keys of a file do.
    private var ascending = AscendingKeys(
        inUse: UniqueKeyGuard.inUse, common: UniqueKeyGuard.inUse | UniqueKeyGuard.hasIrregular)

    private static let inUse: UInt32 = 1 << 31
    private static let hasIrregular: UInt32 = 1 << 30
    private static let isListed: UInt32 = 1 << 29
    private static let countMask: UInt32 = (1 << 29) - 1

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
    ///   - starts: First row of each stretch of rows with the same primary key, and the row count.
    ///   - primary: The first key column's code of each stretch.
    ///   - secondary: The second key column of each row, nil if the key is one column.
    package mutating func admit(starts: [Int32], primary: [UInt64], secondary: SecondaryKeys?) -> [Int32] {
        precondition(starts.count == primary.count + 1)
        var duplicates: [Int32] = []
        let ordinals = secondary?.ordinals ?? []
        let hasSecondary = secondary != nil
        let stride = 32
        var first = 0
        while first < primary.count {
            let end = min(first + stride, primary.count)
            while (count + stride) * 4 > keys.count * 3 { grow() }
            if primary[end - 1] <= ascending.last { touch(first..<end, starts, primary, secondary) }
            for stretch in first..<end {
                let key = primary[stretch]
                let rows = Int(starts[stretch])..<Int(starts[stretch + 1])
                let isAbove = key > ascending.last || ascending.isEmpty
                if hasSecondary, isAbove, SecondaryKeys.countFromOne(ordinals.span.extracting(rows)) {
                    // As nearly all are: a new key, and behind it 1, 2, 3 ….
                    ascending.append(key, state: UniqueKeyGuard.inUse | UInt32(rows.count))
                    continue
                }
                let place = isAbove ? ascending.append(key, state: UniqueKeyGuard.inUse) : ascending.place(of: key)
                if let place {
                    ascending[place] = admitRun(rows, ascending[place], key: key, secondary: secondary, duplicates: &duplicates)
                } else {
                    let slot = findOrInsert(key)
                    states[slot] = admitRun(rows, states[slot], key: key, secondary: secondary, duplicates: &duplicates)
                }
            }
            first = end
        }
        return duplicates
    }

    /// Reads the slots that some stretches will look at, all at once: one after the other each would wait for memory by itself.
    private func touch(_ stretches: Range<Int>, _ starts: [Int32], _ primary: [UInt64], _ secondary: SecondaryKeys?) {
        var sum: UInt64 = 0
        for stretch in stretches {
            let slot = place(of: primary[stretch])
            sum &+= keys[slot] ^ UInt64(states[slot])
        }
        if let secondary, !irregular.isEmpty {
            // The slots are there now: keys that say so have pairs to look for.
            for stretch in stretches {
                guard let state = state(of: primary[stretch]), state & UniqueKeyGuard.hasIrregular != 0 else { continue }
                let row = Int(starts[stretch])
                sum &+= irregular.touched(PairSet.Pair(low: primary[stretch], high: secondary.codes.values[row]))
            }
        }
        // The compiler must believe that somebody asks for it.
        precondition(sum != 0x9E37_79B9_7F4A_7C15 || keys.count > 0)
    }

    /// What is known of a key, nil for a new one.
    private func state(of key: UInt64) -> UInt32? {
        if let place = ascending.place(of: key) { return ascending[place] }
        var slot = place(of: key)
        while states[slot] != 0 {
            if keys[slot] == key { return states[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func place(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: StringHashIndex.mix(key ^ 0x5851_F42D_4C95_7F2D)) & mask
    }

    /// - Returns: The key's state after these rows.
    private mutating func admitRun(
        _ rows: Range<Int>, _ state: UInt32, key: UInt64, secondary: SecondaryKeys?, duplicates: inout [Int32]
    ) -> UInt32 {
        guard let secondary else {
            let isNew = state & UniqueKeyGuard.countMask == 0
            for repeated in rows.dropFirst(isNew ? 1 : 0) { duplicates.append(Int32(repeated)) }
            return state | 1
        }
        var state = state
        if state == UniqueKeyGuard.inUse {
            let ordinals = secondary.ordinals.span.extracting(rows)
            if SecondaryKeys.countFromOne(ordinals) { return state | UInt32(rows.count) }
            if let list = lists.append(secondary.codes.values[rows]) { return state | UniqueKeyGuard.isListed | list }
        } else if state & UniqueKeyGuard.isListed != 0 {
            // It comes again: its rows do not stand together, and each look into a list would read all of it.
            lists.forEach(at: state & UniqueKeyGuard.countMask) { irregular.insert(PairSet.Pair(low: key, high: $0)) }
            state = UniqueKeyGuard.inUse | UniqueKeyGuard.hasIrregular
        }
        var seen = state & UniqueKeyGuard.countMask
        var isIrregular = state & UniqueKeyGuard.hasIrregular != 0
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
            let pair = PairSet.Pair(low: key, high: secondary.codes.values[row])
            if isIrregular, irregular.contains(pair) {
                duplicates.append(Int32(row))
            } else if ordinal == seen + 1, seen < UniqueKeyGuard.countMask - 1 {
                seen += 1
            } else {
                irregular.insert(pair)
                isIrregular = true
            }
        }
        return UniqueKeyGuard.inUse | (isIrregular ? UniqueKeyGuard.hasIrregular : 0) | seen
    }

    private mutating func findOrInsert(_ key: UInt64) -> Int {
        // Up to three quarters full: 100 million lines are some 17 million claims, and the table must stay small.
        var slot = place(of: key)
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
            var slot = place(of: oldKeys[old])
            while states[slot] != 0 { slot = (slot + 1) & mask }
            keys[slot] = oldKeys[old]
            states[slot] = oldStates[old]
        }
    }
}

/// The second key column of some rows.
package struct SecondaryKeys {
    /// The table's code of each row; equal codes are equal keys.
    let codes: KeyCodes
    /// For each row its number if the key is one in plain form (`1`…, no leading zero), else 0. A function of the code.
    let ordinals: [UInt32]

    package init(codes: [UInt64], ordinals: [UInt32]) { self.init(codes: KeyCodes(codes), ordinals: ordinals) }

    init(codes: KeyCodes, ordinals: [UInt32]) {
        self.codes = codes
        self.ordinals = ordinals
    }

    func ordinal(_ row: Int) -> UInt32 { ordinals[row] }

    /// Whether ordinals are 1, 2, 3 ….
    static func countFromOne(_ ordinals: Span<UInt32>) -> Bool {
        var difference: UInt32 = 0
        for place in 0..<ordinals.count { difference |= ordinals[place] ^ UInt32(truncatingIfNeeded: place &+ 1) }
        return difference == 0
    }
}

/// Codes of a key column, worked out when somebody asks for them: those of the second column hardly ever are.
final class KeyCodes {
    private let make: () -> [UInt64]
    private(set) lazy var values: [UInt64] = make()

    init(_ make: @escaping @autoclosure () -> [UInt64]) { self.make = make }
}
