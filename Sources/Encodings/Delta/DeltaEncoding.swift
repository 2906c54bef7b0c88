/// Differences of neighbours, wrapping: for values that rise slowly.
///
/// Layout: first value (zigzag varint), differences (one less than values).
package enum DeltaEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 5
    package static let name = "delta"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 4, statistics.count > 2, input.isPlanned || statistics.deltaWidth < statistics.width else {
            return nil
        }
        return EncodingCandidate(size: 16 + (statistics.count * statistics.deltaWidth + 7) / 8, decodeWeight: 60) {
            writer in
            var deltas = [Int64](repeating: 0, count: input.values.count - 1)
            for row in 0..<deltas.count { deltas[row] = input.values[row + 1] &- input.values[row] }
            writer.appendSigned(input.values[0])
            EncodingChooser.encodePart(deltas, depth: input.depth, into: &writer)
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        guard count > 0 else { throw EncodingError("differences of no values") }
        var value = try reader.readSigned()
        let deltas = try EncodingChooser.decodePart(&reader, count: count - 1, context: context)
        var values = [Int64](repeating: value, count: count)
        for row in 0..<deltas.count {
            value &+= deltas[row]
            values[row + 1] = value
        }
        return values
    }
}
