/// Numbers of very few bits, such as flags and classes, one behind the other in one stream of bits that zstd packs: worth it where
/// they are uneven, or like their neighbours.
///
/// Layout: base (zigzag varint), width (byte: 1, 2 or 4), mode (byte: 0 raw, 1 zstd), size (varint), bytes: the stream, lowest bit
/// first, in whole 64-bit words.
package enum BitstreamEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 19
    package static let name = "bitstream"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard statistics.count >= 1024, (1...4).contains(statistics.width) else { return nil }
        let width = statistics.width == 3 ? 4 : statistics.width
        let base = statistics.minimum
        var known: (mode: UInt8, bytes: [UInt8])?
        func packed() -> (mode: UInt8, bytes: [UInt8]) {
            if let known { return known }
            let stream = BitStream.bytes(of: input.values, base: base, width: width)
            // Short repetitions save little and are slow to read.
            let small = Zstandard.compress(stream, minimumMatch: 7)
            let found: (mode: UInt8, bytes: [UInt8]) = small.count < stream.count ? (1, small) : (0, stream)
            known = found
            return found
        }
        return EncodingCandidate(size: 16 + packed().bytes.count, decodeWeight: 32 * width) { writer in
            let (mode, bytes) = packed()
            writer.appendSigned(base)
            writer.append(UInt8(width))
            writer.append(mode)
            writer.appendVarint(bytes.count)
            writer.append(contentsOf: bytes)
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        try BitStream(&reader, count: count).lanes
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let stream = try BitStream(&reader, count: count)
        return stream.gathered(rows.places).map { stream.base &+ Int64($0) }
    }

    package static func decodeCodes(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt32]? {
        let stream = try BitStream(&reader, count: count)
        guard stream.base >= 0, stream.base < NarrowCodes.limit - 16 else { return nil }
        let base = UInt32(stream.base)
        return stream.bytes.map { base + UInt32($0) }
    }
}
