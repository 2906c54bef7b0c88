package import Columns

/// Many strings: their lengths as a node, then their bytes, raw or zstd.
///
/// Layout: lengths, mode (0 raw, 1 zstd), size (varint), bytes.
package enum StringEncoding {
    /// Bytes all strings of a block may have together.
    package static let maximumSize = 1 << 30

    package static func encode(_ strings: StringColumn, into writer: inout ByteWriter) {
        var lengths = [Int64](repeating: 0, count: strings.count)
        for index in 0..<strings.count { lengths[index] = Int64(strings.offsets[index + 1] - strings.offsets[index]) }
        EncodingChooser.encode(EncodingInput(values: lengths), into: &writer)
        let packed = Zstandard.compress(strings.bytes)
        let isSmaller = packed.count * 20 < strings.bytes.count * 19
        let bytes = isSmaller ? packed : strings.bytes
        writer.append(isSmaller ? 1 : 0)
        writer.appendVarint(bytes.count)
        writer.append(contentsOf: bytes)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int
    ) throws(EncodingError) -> StringColumn {
        let context = DecodingContext(references: NoReferences())
        let lengths = try EncodingChooser.decode(&reader, count: count, context: context)
        var offsets = [UInt32](repeating: 0, count: count + 1)
        var total: Int64 = 0
        for index in 0..<count {
            guard lengths[index] >= 0, lengths[index] <= Int64(maximumSize) - total else {
                throw EncodingError("strings of more than \(maximumSize) bytes")
            }
            total += lengths[index]
            offsets[index + 1] = UInt32(total)
        }
        let mode = try reader.readByte()
        let size = try reader.readCount(upTo: reader.remaining)
        let stored = try reader.readBytes(size)
        let bytes = mode == 0 ? stored : try Zstandard.decompress(stored, size: Int(total))
        guard mode <= 1, bytes.count == Int(total) else {
            throw EncodingError("\(bytes.count) bytes of text, \(total) expected")
        }
        return StringColumn(offsets: offsets, bytes: bytes)
    }
}
