/// Finds strings of a `StringColumn` by their bytes: open addressing over entry numbers.
package struct StringHashIndex: Sendable {
    /// Entry number + 1, 0 = free; the size is a power of two at least twice the entries.
    private var slots: [UInt32]
    private var mask: Int
    private var count = 0

    package init(capacity: Int = 16) {
        var size = 32
        while size < capacity * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        mask = size - 1
    }

    package init(entries: StringColumn) {
        self.init(capacity: entries.count)
        for entry in 0..<entries.count { insertNew(entry: entry, in: entries) }
    }

    /// A 64-bit hash of bytes; the same on every run, and used in memory only.
    package static func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        var word: UInt64 = 0
        var filled = 0
        for byte in bytes {
            word |= UInt64(byte) << UInt64(filled * 8)
            filled += 1
            if filled == 8 {
                hash = mix(hash ^ word)
                word = 0
                filled = 0
            }
        }
        return mix(hash ^ word)
    }

    /// Folded 64×64 → 128-bit multiplication.
    @inlinable
    package static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }

    package func find(_ text: [UInt8], in entries: StringColumn) -> UInt32? {
        var slot = Int(truncatingIfNeeded: StringHashIndex.hash(text)) & mask
        while slots[slot] != 0 {
            let entry = Int(slots[slot]) - 1
            if isEqual(text, entry, entries) { return UInt32(entry) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The entry of `text`, appended to `entries` if it is new.
    package mutating func intern(_ text: [UInt8], in entries: inout StringColumn) -> UInt32 {
        if let entry = find(text, in: entries) { return entry }
        let entry = entries.count
        entries.append(contentsOf: text)
        if (count + 1) * 2 > slots.count { grow(entries: entries, upTo: entry) }
        insertNew(entry: entry, in: entries)
        return UInt32(entry)
    }

    private func isEqual(_ text: [UInt8], _ entry: Int, _ entries: StringColumn) -> Bool {
        let range = entries.range(entry)
        guard range.count == text.count else { return false }
        for index in 0..<text.count where text[index] != entries.bytes[range.lowerBound + index] { return false }
        return true
    }

    private mutating func insertNew(entry: Int, in entries: StringColumn) {
        var slot = Int(truncatingIfNeeded: StringHashIndex.hash(entries[bytesAt: entry])) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(entry + 1)
        count += 1
    }

    private mutating func grow(entries: StringColumn, upTo entryCount: Int) {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        mask = slots.count - 1
        count = 0
        for entry in 0..<entryCount { insertNew(entry: entry, in: entries) }
    }
}
