/// Frame of reference and bit packing: `value = base + number`, every number in `width` bits.
///
/// Layout: base (zigzag varint), width (byte), zeros up to a multiple of 8, words.
package enum PackedEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 2
    package static let name = "packed"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let width = input.statistics.width
        let base = input.statistics.minimum
        let size = 8 + PackKernels.wordCount(count: input.values.count, width: width) * 8
        return EncodingCandidate(size: size, decodeWeight: 0) { writer in
            writer.appendSigned(base)
            writer.append(UInt8(width))
            writer.append(words: PackKernels.pack(input.values, base: base, width: width))
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let base = try reader.readSigned()
        let width = Int(try reader.readByte())
        guard width <= 64 else { throw EncodingError("a width of \(width) bits, at most 64 expected") }
        let start = try reader.skipWords(PackKernels.wordCount(count: count, width: width))
        var values = [Int64](repeating: 0, count: count)
        PackKernels.unpack(reader.words, from: start, base: base, width: width, into: &values)
        return values
    }
}
