/// A column near another one: `value = other + part`, wrapping.
///
/// Layout: the other column's number (varint), part.
package enum DifferenceEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 9
    package static let name = "difference"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard input.statistics.width > 1, input.values.count >= 8 else { return nil }
        let own = SizeEstimate.byteCount(BlockStatistics(sampleRows(input.values)))
        var best: (reference: EncodingInput.Reference, size: Int)?
        for reference in input.references where reference.kind == input.kind && input.kind != .other {
            let rest = zip(sampleRows(input.values), sampleRows(reference.values)).map { $0 &- $1 }
            let size = SizeEstimate.byteCount(BlockStatistics(rest))
            if size * 10 < own * 9, best == nil || size < best!.size { best = (reference, size) }
        }
        guard let best else { return nil }
        let other = best.reference.values
        var rest = [Int64](repeating: 0, count: input.values.count)
        for row in 0..<rest.count { rest[row] = input.values[row] &- other[row] }
        let size = 4 + SizeEstimate.byteCount(BlockStatistics(rest))
        return EncodingCandidate(size: size, decodeWeight: 50) { writer in
            writer.appendVarint(best.reference.column)
            EncodingChooser.encodePart(rest, depth: input.depth, into: &writer)
        }
    }

    /// A stretch of rows from the middle, so that neighbours stay neighbours.
    private static func sampleRows(_ values: [Int64]) -> [Int64] {
        let count = min(values.count, 1024)
        let start = (values.count - count) / 2
        return Array(values[start..<(start + count)])
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        let other = try context.references.values(ofColumn: column)
        guard other.count == count else {
            throw EncodingError("column \(column) has \(other.count) values, \(count) expected")
        }
        return try PartKernels.sum(other, &reader, context: context)
    }
}
