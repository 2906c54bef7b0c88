import CKernels

/// Many strings in one piece of memory: `bytes[offsets[i]..<offsets[i + 1]]` is string `i`, UTF-8.
package struct StringColumn: Hashable, Sendable {
    package var offsets: [UInt32]
    package var bytes: [UInt8]

    package init() {
        offsets = [0]
        bytes = []
    }

    /// - Precondition: `offsets` ascends from 0 to `bytes.count`.
    package init(offsets: [UInt32], bytes: [UInt8]) {
        precondition(offsets.first == 0 && Int(offsets[offsets.count - 1]) == bytes.count)
        self.offsets = offsets
        self.bytes = bytes
    }

    @inlinable package var count: Int { offsets.count - 1 }

    package mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        offsets.append(UInt32(bytes.count))
    }

    package mutating func append(contentsOf slice: some Collection<UInt8>) {
        bytes.append(contentsOf: slice)
        offsets.append(UInt32(bytes.count))
    }

    @inlinable
    package func range(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

    @inlinable
    package subscript(bytesAt index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

    package subscript(index: Int) -> String { String(decoding: bytes[range(index)], as: UTF8.self) }

    /// The strings with these numbers, in that order; a number may repeat, and one that there is no string of traps.
    package func gathered(_ places: [Int32]) -> StringColumn {
        let total = unsafe ck_gathered_length(offsets, count, places, places.count)
        precondition(total >= 0 && total <= Int(UInt32.max), "A string there is not, or more than 4 GiB of strings.")
        var newOffsets: [UInt32] = []
        // Both are made as large as what is written: an offset more than strings, and the bytes counted above.
        let newBytes = unsafe [UInt8](unsafeUninitializedCapacity: total) { bytes, byteCount in
            newOffsets = unsafe [UInt32](unsafeUninitializedCapacity: places.count + 1) { offsets, offsetCount in
                unsafe ck_gather_strings(
                    self.bytes, self.offsets, places, places.count, offsets.baseAddress!, bytes.baseAddress)
                offsetCount = places.count + 1
            }
            byteCount = total
        }
        return StringColumn(offsets: newOffsets, bytes: newBytes)
    }
}
