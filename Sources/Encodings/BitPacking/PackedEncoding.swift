/// Frame of reference and bit packing: `value = base + number`, every number in `width` bits.
///
/// Layout: base (zigzag varint), width (byte), zeros up to a multiple of 8, words.
package enum PackedEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 2
    package static let name = "packed"
    package static let appliesScaling = true

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
        let base = context.scaling(try reader.readSigned())
        let width = Int(try reader.readByte())
        guard width <= 64 else { throw EncodingError("a width of \(width) bits, at most 64 expected") }
        let start = try reader.skipWords(PackKernels.wordCount(count: count, width: width))
        let words = reader.words
        if let factor = UInt32(exactly: context.scaling.factor) {
            return Lanes.filled(count: count) { values in
                PackKernels.unpack(words, from: start, base: base, factor: factor, width: width, into: &values)
            }
        }
        var values = Lanes.filled(count: count) { values in
            PackKernels.unpack(words, from: start, base: 0, width: width, into: &values)
        }
        Scaling(base: base, factor: context.scaling.factor).apply(to: &values)
        return values
    }

    package static func decodeCodes(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt32]? {
        let base = try reader.readSigned()
        let width = Int(try reader.readByte())
        guard base >= 0, base < NarrowCodes.limit, width < 32, Int(base) + (1 << width) <= NarrowCodes.limit else { return nil }
        let start = try reader.skipWords(PackKernels.wordCount(count: count, width: width))
        return PackKernels.unpackCodes(reader.words, from: start, count: count, base: UInt32(base), width: width)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let base = context.scaling(try reader.readSigned())
        let width = Int(try reader.readByte())
        guard width <= 64 else { throw EncodingError("a width of \(width) bits, at most 64 expected") }
        let start = try reader.skipWords(PackKernels.wordCount(count: count, width: width))
        return PackKernels.unpack(
            reader.words, from: start, count: count, base: base, factor: context.scaling.factor, width: width, at: rows.places)
    }
}
