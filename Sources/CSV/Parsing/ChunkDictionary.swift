import CKernels
import Columns

/// A string to be looked up, and the head it is of.
struct PendingLookup {
    var key: ChunkDictionary.Key
    var hash: UInt64
    var start: UInt32
    var head: UInt32
}

/// The distinct strings of one column, with codes in order of first appearance. It may serve chunk after chunk.
struct ChunkDictionary {
    /// A string's first 16 bytes as two words, and its length: all there is of a short string.
    struct Key {
        var first: UInt64
        var second: UInt64
        var length: Int
    }

    /// What is known of an entry: its key, and where its bytes begin.
    private struct Known {
        var first: UInt64
        var second: UInt64
        var length: UInt32
        var offset: UInt32
    }

    private(set) var entries = StringColumn()
    private var keys: [Known] = []
    private var hasLongEntries = false
    /// High half of the hash, then code + 1; 0 = free. At most half full.
    private var slots: [UInt64] = [UInt64](repeating: 0, count: 1024)

    var count: Int { entries.count }

    @inline(__always)
    static func key(_ source: ChunkBytes, _ start: Int, _ length: Int) -> Key {
        // Word loads past the field's end fall into the padding; the masks drop what is not the field's.
        if length >= 16 {
            return Key(first: source.word(at: start), second: source.word(at: start &+ 8), length: length)
        }
        if length >= 8 {
            let second = length == 8 ? 0 : source.word(at: start &+ 8) & mask(length &- 8)
            return Key(first: source.word(at: start), second: second, length: length)
        }
        return Key(first: length == 0 ? 0 : source.word(at: start) & mask(length), second: 0, length: length)
    }

    /// The lowest `length` bytes, 1…7.
    @inline(__always)
    private static func mask(_ length: Int) -> UInt64 { ~0 &>> UInt64(truncatingIfNeeded: (8 &- length) &* 8) }

    @inline(__always)
    static func hash(_ key: Key, _ source: ChunkBytes, _ start: Int) -> UInt64 {
        var hash = hash(short: key)
        if key.length > 16 {
            // Two words a step, each with a product of its own.
            var position = 16
            while position &+ 16 < key.length {
                hash =
                    fold(hash ^ source.word(at: start &+ position), 0x8EBC_6AF0_9C88_C6E3)
                    ^ fold(source.word(at: start &+ position &+ 8) ^ 0x1D8E_4E27_C47D_124F, 0x9FB2_1C65_1E98_DF25)
                position &+= 16
            }
            hash = fold(
                hash ^ source.word(at: start &+ key.length &- 16) &* 0x9E37_79B9_7F4A_7C15
                    ^ source.word(at: start &+ key.length &- 8), 0x5899_65CC_7537_4CC3)
        }
        return hash
    }

    /// The hash of a string of at most 16 bytes.
    @inline(__always)
    private static func hash(short key: Key) -> UInt64 {
        fold(
            key.first ^ 0xA076_1D64_78BD_642F,
            key.second ^ 0xE703_7ED1_A0B4_28DB ^ UInt64(truncatingIfNeeded: key.length))
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// The code of a string, or nil if it is not there yet.
    @inline(__always)
    func find(_ key: Key, hash: UInt64, _ source: ChunkBytes, _ start: Int) -> UInt32? {
        let mask = slots.count &- 1
        let tag = hash & 0xFFFF_FFFF_0000_0000
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return nil }
            if entry & 0xFFFF_FFFF_0000_0000 == tag {
                let code = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
                let known = keys[code]
                if known.first == key.first, known.second == key.second, Int(known.length) == key.length,
                    key.length <= 16 || isRestEqual(Int(known.offset), source, start, key.length)
                {
                    return UInt32(truncatingIfNeeded: code)
                }
            }
            slot = (slot &+ 1) & mask
        }
    }

    /// The codes of many strings; `UInt32.max` for those that are not there yet.
    func find(_ lookups: Span<PendingLookup>, _ source: ChunkBytes, into codes: inout MutableSpan<UInt32>) {
        precondition(codes.count >= lookups.count)
        for index in 0..<lookups.count {
            let lookup = lookups[index]
            codes[index] = find(lookup.key, hash: lookup.hash, source, Int(truncatingIfNeeded: lookup.start)) ?? .max
        }
    }

    /// Brings the slots and keys that some lookups will touch into the cache, all at once instead of one by one.
    func prefetch(_ lookups: Span<PendingLookup>) {
        // A small table is in the cache anyway.
        guard slots.count > 2048 else { return }
        let mask = slots.count - 1
        unsafe slots.withUnsafeBufferPointer { table in
            // The mask keeps every slot number below the table's size.
            for index in 0..<lookups.count {
                unsafe ck_prefetch(table.baseAddress! + (Int(truncatingIfNeeded: lookups[index].hash) & mask))
            }
            unsafe keys.withUnsafeBufferPointer { known in
                for index in 0..<lookups.count {
                    let entry = unsafe table[Int(truncatingIfNeeded: lookups[index].hash) & mask] & 0xFFFF_FFFF
                    // A code is below keys.count; 0 means free, and its address is not read.
                    unsafe ck_prefetch(known.baseAddress! + (Int(truncatingIfNeeded: entry) &- 1))
                }
                guard hasLongEntries else { return }
                unsafe entries.bytes.withUnsafeBufferPointer { bytes in
                    for index in 0..<lookups.count {
                        let entry = unsafe table[Int(truncatingIfNeeded: lookups[index].hash) & mask] & 0xFFFF_FFFF
                        if entry == 0 { continue }
                        let offset = unsafe Int(known[Int(entry) &- 1].offset)
                        unsafe ck_prefetch(bytes.baseAddress! + (offset &+ 16))
                    }
                }
            }
        }
    }

    /// Adds a string that is not there yet.
    mutating func insert(_ key: Key, hash: UInt64, _ source: ChunkBytes, _ start: Int) -> UInt32 {
        let code = count
        keys.append(
            Known(
                first: key.first, second: key.second, length: UInt32(key.length), offset: UInt32(entries.bytes.count)))
        hasLongEntries = hasLongEntries || key.length > 24
        source.append(start..<(start + key.length), to: &entries)
        if keys.count * 2 > slots.count { grow() }
        place(code: code, hash: hash)
        return UInt32(truncatingIfNeeded: code)
    }

    /// The entries, taken out; the dictionary is then empty.
    mutating func takeEntries() -> StringColumn {
        let taken = entries
        self = ChunkDictionary()
        return taken
    }

    private mutating func place(code: Int, hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | UInt64(code + 1)
    }

    private func isRestEqual(_ entry: Int, _ source: ChunkBytes, _ start: Int, _ length: Int) -> Bool {
        // The entry has `length` bytes too: its key says so.
        return unsafe entries.bytes.withUnsafeBufferPointer { bytes in
            unsafe source.isTailEqual(start, bytes.baseAddress! + entry, length: length)
        }
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 4)
        // The last key is placed by the caller.
        unsafe entries.bytes.withUnsafeBufferPointer { buffer in
            for code in 0..<(keys.count - 1) {
                let start = Int(entries.offsets[code])
                let key = Key(first: keys[code].first, second: keys[code].second, length: Int(keys[code].length))
                let hash: UInt64
                if key.length <= 16 {
                    hash = ChunkDictionary.hash(short: key)
                } else {
                    // The words of a string of more than 16 bytes lie within it.
                    let source = unsafe ChunkBytes(base: buffer.baseAddress!, count: buffer.count)
                    hash = ChunkDictionary.hash(key, source, start)
                }
                place(code: code, hash: hash)
            }
        }
    }
}
