/// Differences of neighbours, wrapping: for values that rise slowly.
///
/// Layout: first value (zigzag varint), differences (one less than values).
package enum DeltaEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 5
    package static let name = "delta"

    package static let appliesScaling = true

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 4, statistics.count > 2, input.isPlanned || statistics.deltaWidth <= statistics.width else {
            return nil
        }
        let values = input.values
        let deltas = Lanes.filled(count: values.count - 1) { deltas in
            let rows = values.span
            for row in 0..<deltas.count { deltas[row] = rows[row &+ 1] &- rows[row] }
        }
        let inner = input.isPlanned ? (byteCount: 0, decodeWeight: 0) : SizeEstimate.packedOrFrequent(BlockStatistics(deltas))
        return EncodingCandidate(size: 16 + inner.byteCount, decodeWeight: 60 + inner.decodeWeight) { writer in
            writer.appendSigned(input.values[0])
            EncodingChooser.encodePart(deltas, depth: input.depth, into: &writer)
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        guard count > 0 else { throw EncodingError("differences of no values") }
        let first = context.scaling(try reader.readSigned())
        let deltas = try EncodingChooser.decode(&reader, count: count - 1, context: context.forDifferences)
        return Lanes.filled(count: count) { values in
            let rows = deltas.span
            var value = first
            values[0] = first
            for row in 0..<rows.count {
                value &+= rows[row]
                values[row &+ 1] = value
            }
        }
    }
}
