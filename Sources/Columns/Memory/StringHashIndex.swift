import CKernels

/// Finds strings of a `StringColumn` by their bytes: open addressing over entry numbers.
package struct StringHashIndex: Sendable {
    /// High half of the hash above entry number + 1; 0 = free. The size is a power of two at least twice the entries.
    private var slots: [UInt64]
    private var count = 0

    /// Strings that are added in one go: room is made for all of them before it is known which are new.
    private static let pieceCount = 1024

    package init(capacity: Int = 16) {
        var size = 32
        while size < capacity * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
    }

    /// - Precondition: the entries are distinct.
    package init(entries: StringColumn) {
        self.init(capacity: entries.count)
        count = entries.count
        let hashes = StringHashIndex.hashes(of: entries)
        // There are at least twice as many slots as entries, all free.
        unsafe slots.withUnsafeMutableBufferPointer { table in
            unsafe ck_place_strings(hashes, 0, hashes.count, table.baseAddress!, table.count - 1)
        }
    }

    /// A 64-bit hash of bytes; the same on every run, and used in memory only.
    package static func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
        // The buffer is read inside the closure only, with its own count.
        let hashed = bytes.withContiguousStorageIfAvailable { unsafe ck_hash($0.baseAddress, $0.count) }
        return hashed ?? hash(Array(bytes))
    }

    /// The hash of every entry.
    package static func hashes(of entries: StringColumn) -> [UInt64] {
        // Offsets ascend up to `bytes.count`, so every string lies inside the bytes; each hash is written.
        unsafe [UInt64](unsafeUninitializedCapacity: entries.count) { hashes, count in
            count = entries.count
            if count > 0 { unsafe ck_hash_strings(entries.bytes, entries.offsets, count, hashes.baseAddress!) }
        }
    }

    /// Folded 64×64 → 128-bit multiplication.
    @inlinable
    package static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }

    package func find(_ text: [UInt8], in entries: StringColumn) -> UInt32? {
        let code = find(StringColumn(offsets: [0, UInt32(text.count)], bytes: text), in: entries)[0]
        return code == .max ? nil : code
    }

    /// The entry of each of `texts`; `UInt32.max` where there is none.
    package func find(_ texts: StringColumn, in entries: StringColumn) -> [UInt32] {
        let hashes = StringHashIndex.hashes(of: texts)
        // Offsets lie within their bytes, entry numbers within the offsets, and a slot is always free.
        return unsafe [UInt32](unsafeUninitializedCapacity: texts.count) { codes, count in
            count = texts.count
            guard count > 0 else { return }
            unsafe ck_find_strings(
                texts.bytes, texts.offsets, hashes, count, slots, slots.count - 1, entries.bytes, entries.offsets,
                codes.baseAddress!)
        }
    }

    /// The entry of `text`, appended to `entries` if it is new.
    package mutating func intern(_ text: [UInt8], in entries: inout StringColumn) -> UInt32 {
        intern(StringColumn(offsets: [0, UInt32(text.count)], bytes: text), in: &entries)[0]
    }

    /// The entry of each of `texts`; new ones are appended to `entries` in their order.
    package mutating func intern(_ texts: StringColumn, in entries: inout StringColumn) -> [UInt32] {
        let hashes = StringHashIndex.hashes(of: texts)
        var codes = [UInt32](repeating: 0, count: texts.count)
        var first = 0
        while first < texts.count {
            let end = min(first + StringHashIndex.pieceCount, texts.count)
            intern(texts, hashes, first..<end, into: &codes, in: &entries)
            first = end
        }
        return codes
    }

    private mutating func intern(
        _ texts: StringColumn, _ hashes: [UInt64], _ range: Range<Int>, into codes: inout [UInt32], in entries: inout StringColumn
    ) {
        let byteCount = texts.range(range.upperBound - 1).upperBound - texts.range(range.lowerBound).lowerBound
        let known = entries.count
        reserve(count + range.count)
        precondition(entries.bytes.count + byteCount <= Int(UInt32.max), "A column of strings has at most 4 GiB.")
        // Taken out, so that they can be filled beside each other.
        var (bytes, offsets) = (entries.bytes, entries.offsets)
        entries = StringColumn()
        // Both have room for all strings of the range. What comes before it in both lies right before the room.
        bytes.append(addingCapacity: byteCount) { byteOutput in
            unsafe byteOutput.withUnsafeMutableBufferPointer { byteRoom, addedBytes in
                let oldBytes = Int(offsets[known])
                let start = unsafe byteRoom.baseAddress.map { unsafe $0 - oldBytes }
                offsets.append(addingCapacity: range.count) { offsetOutput in
                    unsafe offsetOutput.withUnsafeMutableBufferPointer { offsetRoom, addedOffsets in
                        let ends = unsafe offsetRoom.baseAddress! - known - 1
                        let total = unsafe slots.withUnsafeMutableBufferPointer { table in
                            unsafe codes.withUnsafeMutableBufferPointer { codes in
                                unsafe texts.offsets.withUnsafeBufferPointer { from in
                                    unsafe hashes.withUnsafeBufferPointer { hashes in
                                        unsafe ck_intern_strings(
                                            texts.bytes, from.baseAddress! + range.lowerBound,
                                            hashes.baseAddress! + range.lowerBound, range.count, table.baseAddress!,
                                            table.count - 1, start, ends, known, codes.baseAddress! + range.lowerBound)
                                    }
                                }
                            }
                        }
                        addedOffsets = total - known
                        addedBytes = unsafe Int(ends[total]) - oldBytes
                    }
                }
            }
        }
        count += offsets.count - 1 - known
        entries = StringColumn(offsets: offsets, bytes: bytes)
    }

    /// Makes room for `wanted` entries.
    private mutating func reserve(_ wanted: Int) {
        guard wanted * 2 > slots.count else { return }
        var size = slots.count
        while size < wanted * 2 { size *= 2 }
        let old = slots
        slots = [UInt64](repeating: 0, count: size)
        // More slots than entries, all free.
        unsafe slots.withUnsafeMutableBufferPointer { table in
            unsafe ck_move_slots(old, old.count, table.baseAddress!, table.count - 1)
        }
    }
}
