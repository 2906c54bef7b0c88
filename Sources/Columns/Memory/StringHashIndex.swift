/// Finds strings of a `StringColumn` by their bytes: open addressing over entry numbers.
package struct StringHashIndex: Sendable {
    /// High half of the hash above entry number + 1; 0 = free. The size is a power of two at least twice the entries.
    private var slots: [UInt64]
    private var mask: Int
    private var count = 0

    package init(capacity: Int = 16) {
        var size = 32
        while size < capacity * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        mask = size - 1
    }

    package init(entries: StringColumn) {
        self.init(capacity: entries.count)
        let hashes = StringHashIndex.hashes(of: entries)
        for entry in 0..<entries.count { insertNew(entry: entry, hash: hashes[entry]) }
    }

    /// A 64-bit hash of bytes; the same on every run, and used in memory only.
    package static func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
        // The buffer is read inside the closure only, with its own count.
        let hashed = bytes.withContiguousStorageIfAvailable { unsafe hash(UnsafeRawBufferPointer($0)) }
        return hashed ?? hash(Array(bytes))
    }

    /// The hash of every entry.
    package static func hashes(of entries: StringColumn) -> [UInt64] {
        var result = [UInt64](repeating: 0, count: entries.count)
        // Offsets ascend up to `bytes.count`, so every slice lies inside the buffer.
        unsafe entries.bytes.withUnsafeBytes { bytes in
            var start = Int(entries.offsets[0])
            for entry in 0..<result.count {
                let end = Int(entries.offsets[entry &+ 1])
                result[entry] = unsafe hash(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
        return result
    }

    /// Eight bytes at a time, the last ones overlapping.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count)
        if count >= 8 {
            var offset = 0
            while offset &+ 8 < count {
                hash ^= unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                hash = mix(hash)
                offset &+= 8
            }
            hash ^= unsafe bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            return mix(hash)
        }
        var word: UInt64 = 0
        for index in 0..<count { word |= UInt64(unsafe bytes[index]) << UInt64(index &* 8) }
        return mix(hash ^ word)
    }

    /// Folded 64×64 → 128-bit multiplication.
    @inlinable
    package static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }

    package func find(_ text: [UInt8], in entries: StringColumn) -> UInt32? {
        find(text[...], hash: StringHashIndex.hash(text), in: entries)
    }

    private func find(_ text: ArraySlice<UInt8>, hash: UInt64, in entries: StringColumn) -> UInt32? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash >> 32 {
                let entry = Int(slots[slot] & 0xFFFF_FFFF) - 1
                if StringHashIndex.isEqual(text, entries[bytesAt: entry]) { return UInt32(truncatingIfNeeded: entry) }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The entry of `text`, appended to `entries` if it is new.
    package mutating func intern(_ text: [UInt8], in entries: inout StringColumn) -> UInt32 {
        intern(text[...], hash: StringHashIndex.hash(text), in: &entries)
    }

    /// The entry of each of `texts`; new ones are appended to `entries` in their order.
    package mutating func intern(_ texts: StringColumn, in entries: inout StringColumn) -> [UInt32] {
        let hashes = StringHashIndex.hashes(of: texts)
        reserve(count + texts.count, entries: entries)
        var result = [UInt32](repeating: 0, count: texts.count)
        for index in 0..<texts.count {
            result[index] = intern(texts[bytesAt: index], hash: hashes[index], in: &entries)
        }
        return result
    }

    private mutating func intern(_ text: ArraySlice<UInt8>, hash: UInt64, in entries: inout StringColumn) -> UInt32 {
        if let entry = find(text, hash: hash, in: entries) { return entry }
        let entry = entries.count
        entries.append(contentsOf: text)
        reserve(count + 1, entries: entries, below: entry)
        insertNew(entry: entry, hash: hash)
        return UInt32(entry)
    }

    private static func isEqual(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var index = left.startIndex
        for byte in right {
            if left[index] != byte { return false }
            index &+= 1
        }
        return true
    }

    private mutating func insertNew(entry: Int, hash: UInt64) {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = (hash >> 32) << 32 | UInt64(entry + 1)
        count += 1
    }

    /// Makes room for `wanted` entries, putting the first `below` of `entries` (all by default) into the new slots.
    private mutating func reserve(_ wanted: Int, entries: StringColumn, below end: Int? = nil) {
        guard wanted * 2 > slots.count else { return }
        var size = slots.count
        while size < wanted * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        mask = size - 1
        count = 0
        let hashes = StringHashIndex.hashes(of: entries)
        for entry in 0..<(end ?? entries.count) { insertNew(entry: entry, hash: hashes[entry]) }
    }
}
