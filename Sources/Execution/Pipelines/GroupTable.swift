import CKernels

/// Gives each distinct key a number, in order of first appearance: an open-addressing table over fixed-size keys, or,
/// for one-word keys of few bits, an array indexed by the key itself.
struct GroupTable {
    let stride: Int
    /// The keys by group number, `stride` words each.
    private(set) var keys: [UInt64] = []
    /// Where each group was first seen: morsel in the upper, row in the lower 32 bits.
    private(set) var positions: [UInt64] = []
    /// Group number + 1 in the lower half, upper half of the hash in the upper half; 0 = free.
    private var slots: [UInt64] = []
    private var mask = 0
    /// Group number + 1 by key, in the direct form.
    private var direct: [UInt32] = []
    /// The key that the first place of `direct` is for.
    private var lowestKey: UInt64 = 0
    /// Whether all keys of the last batch had groups before: then those of the next one are looked up without a thought of new ones.
    private var broughtNothingNew = false
    private let keepsPositions: Bool
    private(set) var count = 0
    /// A bit for each of many hash values, set where a key may have it: most keys of a probe against a small table are
    /// turned away by a cache line that is always at hand. Empty until `prepareForFinding`.
    private var presence: [UInt64] = []
    /// Whether the bits of `presence` are for the keys from `lowestPresent` on themselves, without a hash.
    private var isPresenceExact = false
    private var lowestPresent: UInt64 = 0

    static let directBitLimit = 20
    private static let smallestSize = 2048
    private static let chunkRowCount = 512

    /// - Parameters:
    ///   - denseBitCount: Bits that one-word keys take, where that is known.
    ///   - capacity: Groups expected.
    ///   - keepsPositions: Whether `positions` is wanted.
    init(stride: Int, denseBitCount: Int?, capacity: Int = 0, keepsPositions: Bool = true) {
        self.stride = stride
        self.keepsPositions = keepsPositions
        if stride == 1, let bits = denseBitCount, bits <= GroupTable.directBitLimit {
            direct = [UInt32](repeating: 0, count: 1 << bits)
        } else {
            var size = GroupTable.smallestSize
            while size < capacity &* 2 { size *= 2 }
            slots = [UInt64](repeating: 0, count: size)
            mask = slots.count - 1
            if capacity > 0 { keys.reserveCapacity(capacity * stride) }
        }
    }

    /// A table of one-word keys that lie close together, each found at its own place.
    ///
    /// - Returns: nil if the keys are too far apart for their number.
    init?(closeKeys keys: [UInt64], keepsPositions: Bool) {
        guard var low = keys.first else { return nil }
        var high = low
        for key in keys {
            low = min(low, key)
            high = max(high, key)
        }
        // Many places for a key where the table stays small, few where it does not.
        let count = UInt64(keys.count)
        let limit = min(max(count * 32, 1 << 18), max(count * 8, 1 << 22), 1 << 28)
        guard high - low < limit else { return nil }
        self.init(stride: 1, denseBitCount: 0, keepsPositions: keepsPositions)
        direct = [UInt32](repeating: 0, count: Int(high - low) + 1)
        lowestKey = low
        self.keys.reserveCapacity(keys.count)
    }

    /// Bytes its groups take; what every table takes however few they are is not counted.
    var byteCount: Int {
        let slotByteCount = slots.count > GroupTable.smallestSize ? slots.count * 8 : count * 16
        return keys.count * 8 + positions.count * 8 + slotByteCount + (lowestKey > 0 ? direct.count * 4 : 0)
    }

    @inline(__always)
    static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }

    static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    static func hash(_ words: borrowing [UInt64], _ start: Int, _ stride: Int) -> UInt64 {
        var hash = seed
        for word in 0..<stride { hash = mix(hash, words[start &+ word]) }
        return hash
    }

    /// The group of each key; new keys get new groups.
    ///
    /// - Parameter firstPosition: Position of the first key; those that follow count up.
    mutating func assign(_ words: [UInt64], count rowCount: Int, firstPosition: UInt64) -> [UInt32] {
        var groups = [UInt32](repeating: 0, count: rowCount)
        if !direct.isEmpty {
            assignDirect(words, firstPosition, &groups)
        } else if stride == 1 {
            assignOneWord(words, firstPosition, &groups)
        } else {
            assignWide(words, firstPosition, &groups)
        }
        return groups
    }

    private mutating func assignDirect(_ words: [UInt64], _ firstPosition: UInt64, _ groups: inout [UInt32]) {
        if broughtNothingNew, areKnown(words, &groups) { return }
        let known = count
        for row in 0..<groups.count {
            let key = Int(truncatingIfNeeded: words[row] &- lowestKey)
            var group = direct[key]
            if group == 0 {
                keys.append(words[row])
                if keepsPositions { positions.append(firstPosition &+ UInt64(row)) }
                count &+= 1
                group = UInt32(truncatingIfNeeded: count)
                direct[key] = group
            }
            groups[row] = group &- 1
        }
        broughtNothingNew = count == known
    }

    /// Looks the groups up; false if a key has none yet, and what is written then means nothing.
    private func areKnown(_ words: [UInt64], _ groups: inout [UInt32]) -> Bool {
        precondition(words.count == groups.count)
        var bounds: (low: UInt32, high: UInt32) = (0, 0)
        // Bounds: a group is written for each key; one outside of the table has none.
        unsafe ck_find_direct(words, words.count, lowestKey, direct, direct.count, &groups)
        unsafe ck_code_bounds(ck_level(), groups, groups.count, &bounds.low, &bounds.high)
        return groups.isEmpty || bounds.high != .max
    }

    private mutating func assignOneWord(_ words: [UInt64], _ firstPosition: UInt64, _ groups: inout [UInt32]) {
        var hashes = [UInt64](repeating: 0, count: GroupTable.chunkRowCount)
        var candidates = hashes
        var start = 0
        while start < groups.count {
            let end = min(groups.count, start &+ GroupTable.chunkRowCount)
            // Slots are fetched for a whole chunk first, so that the misses of the cache overlap.
            for row in start..<end {
                let hash = GroupTable.mix(GroupTable.seed, words[row])
                hashes[row &- start] = hash
                candidates[row &- start] = slots[Int(truncatingIfNeeded: hash) & mask]
            }
            for row in start..<end {
                let key = words[row]
                if row > 0, words[row &- 1] == key {
                    groups[row] = groups[row &- 1]
                    continue
                }
                let candidate = candidates[row &- start]
                let hash = hashes[row &- start]
                if candidate != 0, candidate &>> 32 == hash &>> 32 {
                    let group = Int(truncatingIfNeeded: candidate & 0xFFFF_FFFF) &- 1
                    if keys[group] == key {
                        groups[row] = UInt32(truncatingIfNeeded: group)
                        continue
                    }
                }
                groups[row] = findOrInsert(words, row, hash, firstPosition &+ UInt64(row))
            }
            start = end
        }
    }

    private mutating func assignWide(_ words: [UInt64], _ firstPosition: UInt64, _ groups: inout [UInt32]) {
        let stride = stride
        var hashes = [UInt64](repeating: 0, count: GroupTable.chunkRowCount)
        var candidates = hashes
        var start = 0
        while start < groups.count {
            let end = min(groups.count, start &+ GroupTable.chunkRowCount)
            for row in start..<end {
                let hash = GroupTable.hash(words, row &* stride, stride)
                hashes[row &- start] = hash
                candidates[row &- start] = slots[Int(truncatingIfNeeded: hash) & mask]
            }
            for row in start..<end {
                let hash = hashes[row &- start]
                let position = row &* stride
                if row > 0, GroupTable.isEqual(words, position, words, position &- stride, stride) {
                    groups[row] = groups[row &- 1]
                    continue
                }
                let candidate = candidates[row &- start]
                if candidate != 0, candidate &>> 32 == hash &>> 32 {
                    let group = Int(truncatingIfNeeded: candidate & 0xFFFF_FFFF) &- 1
                    if GroupTable.isEqual(words, position, keys, group &* stride, stride) {
                        groups[row] = UInt32(truncatingIfNeeded: group)
                        continue
                    }
                }
                groups[row] = findOrInsert(words, position, hash, firstPosition &+ UInt64(row))
            }
            start = end
        }
    }

    @inline(__always)
    private static func isEqual(
        _ left: borrowing [UInt64], _ leftStart: Int, _ right: borrowing [UInt64], _ rightStart: Int, _ stride: Int
    ) -> Bool {
        if left[leftStart] != right[rightStart] || left[leftStart &+ 1] != right[rightStart &+ 1] { return false }
        var word = 2
        while word < stride {
            if left[leftStart &+ word] != right[rightStart &+ word] { return false }
            word &+= 1
        }
        return true
    }

    @inline(never)
    private mutating func findOrInsert(_ words: [UInt64], _ start: Int, _ hash: UInt64, _ position: UInt64) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] &>> 32 == hash &>> 32 {
                let group = Int(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF) &- 1
                if isKey(group, words, start) { return UInt32(truncatingIfNeeded: group) }
            }
            slot = (slot &+ 1) & mask
        }
        let group = count
        for word in 0..<stride { keys.append(words[start &+ word]) }
        if keepsPositions { positions.append(position) }
        count &+= 1
        slots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | UInt64(group &+ 1)
        if count &* 5 > slots.count &* 3 { grow() }
        return UInt32(truncatingIfNeeded: group)
    }

    @inline(__always)
    private func isKey(_ group: Int, _ words: [UInt64], _ start: Int) -> Bool {
        if stride == 1 { return keys[group] == words[start] }
        return GroupTable.isEqual(words, start, keys, group &* stride, stride)
    }

    private mutating func grow() {
        let size = slots.count < 1 << 18 ? slots.count &* 4 : slots.count &* 2
        var newSlots = [UInt64](repeating: 0, count: size)
        mask = size &- 1
        for group in 0..<count {
            let hash = GroupTable.hash(keys, group &* stride, stride)
            var slot = Int(truncatingIfNeeded: hash) & mask
            while newSlots[slot] != 0 { slot = (slot &+ 1) & mask }
            newSlots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | UInt64(group &+ 1)
        }
        slots = newSlots
    }

    /// Call once, after the last key, where most of the keys to be found have no group.
    mutating func prepareForFinding() {
        guard direct.isEmpty, count > 0, count <= GroupTable.presenceLimit else { return }
        var bitCount = 4096
        while bitCount < count &* 16 { bitCount *= 2 }
        let exactLimit = min(
            max(UInt64(bitCount) &* GroupTable.exactPresenceFactor, GroupTable.smallestExactPresence), GroupTable.largestExactPresence)
        if stride == 1, let low = keys.min(), let high = keys.max(), high - low < exactLimit {
            isPresenceExact = true
            lowestPresent = low
            presence = [UInt64](repeating: 0, count: Int(high - low) / 64 + 1)
            for key in keys {
                let bit = Int(truncatingIfNeeded: key &- low)
                presence[bit &>> 6] |= 1 &<< UInt64(bit & 63)
            }
            return
        }
        presence = [UInt64](repeating: 0, count: bitCount / 64)
        for group in 0..<count {
            let bit = Int(truncatingIfNeeded: GroupTable.hash(keys, group &* stride, stride) &>> 20) & (bitCount &- 1)
            presence[bit &>> 6] |= 1 &<< UInt64(bit & 63)
        }
    }

    private static let presenceLimit = 1 << 18
    /// How many times more bits than by hash there may be with one for each possible key: they must stay in the cache.
    private static let exactPresenceFactor: UInt64 = 16
    /// So many, 32 KiB, there may always be.
    private static let smallestExactPresence: UInt64 = 1 << 18
    /// More than so many, 2 MiB, there never are.
    private static let largestExactPresence: UInt64 = 1 << 24

    /// No group: what `find` answers for a key that has none.
    static let none = UInt32.max

    /// The group of each key, or `none`; neighbours with the same key are looked up once.
    func find(_ words: [UInt64], count rowCount: Int) -> [UInt32] {
        if !direct.isEmpty {
            precondition(words.count >= rowCount)
            // Bounds: the kernel reads `rowCount` keys, and of the table only places that it has.
            return unsafe [UInt32](unsafeUninitializedCapacity: rowCount) { groups, filledCount in
                unsafe ck_find_direct(words, rowCount, lowestKey, direct, direct.count, groups.baseAddress)
                filledCount = rowCount
            }
        }
        var groups = [UInt32](repeating: GroupTable.none, count: rowCount)
        if !presence.isEmpty {
            findPresent(words, &groups)
            return groups
        }
        var hashes = [UInt64](repeating: 0, count: GroupTable.chunkRowCount)
        var candidates = hashes
        var start = 0
        while start < rowCount {
            let end = min(rowCount, start &+ GroupTable.chunkRowCount)
            for row in start..<end {
                let hash = GroupTable.hash(words, row &* stride, stride)
                hashes[row &- start] = hash
                candidates[row &- start] = slots[Int(truncatingIfNeeded: hash) & mask]
            }
            for row in start..<end where candidates[row &- start] != 0 {
                groups[row] = findOne(words, row &* stride, hashes[row &- start])
            }
            start = end
        }
        return groups
    }

    /// As above for keys of 32 bits; nil if keys do not lie close together.
    func find(_ keys: [UInt32]) -> [UInt32]? {
        if direct.isEmpty { return nil }
        // Bounds: a group is written for each key, and of the table only places are read that it has.
        return unsafe [UInt32](unsafeUninitializedCapacity: keys.count) { groups, filledCount in
            unsafe ck_find_direct_32(keys, keys.count, lowestKey, direct, direct.count, groups.baseAddress)
            filledCount = keys.count
        }
    }

    private func findPresent(_ words: [UInt64], _ groups: inout [UInt32]) {
        if isPresenceExact {
            let bitCount = UInt64(presence.count) &* 64
            for row in 0..<groups.count {
                // Neighbours of a probe mostly ascend: their bits are in one cache line.
                let bit = words[row] &- lowestPresent
                guard bit < bitCount, (presence[Int(truncatingIfNeeded: bit &>> 6)] &>> (bit & 63)) & 1 != 0 else { continue }
                groups[row] = findOne(words, row, GroupTable.mix(GroupTable.seed, words[row]))
            }
            return
        }
        let mask = presence.count &* 64 &- 1
        for row in 0..<groups.count {
            let hash = GroupTable.hash(words, row &* stride, stride)
            let bit = Int(truncatingIfNeeded: hash &>> 20) & mask
            if (presence[bit &>> 6] &>> UInt64(bit & 63)) & 1 != 0 { groups[row] = findOne(words, row &* stride, hash) }
        }
    }

    @inline(__always)
    private func findOne(_ words: [UInt64], _ start: Int, _ hash: UInt64) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] &>> 32 == hash &>> 32 {
                let group = Int(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF) &- 1
                if isKey(group, words, start) { return UInt32(truncatingIfNeeded: group) }
            }
            slot = (slot &+ 1) & mask
        }
        return GroupTable.none
    }

    /// Upper bits of a key's hash, for dividing groups between tasks.
    static func partition(_ words: [UInt64], group: Int, stride: Int, bits: Int) -> Int {
        if bits == 0 { return 0 }
        return Int(truncatingIfNeeded: hash(words, group &* stride, stride) &>> UInt64(64 &- bits))
    }
}
