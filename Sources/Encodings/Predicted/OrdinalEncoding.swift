/// Rows numbered within their run: `value = row in run + part`; the part is constant where the numbering holds.
///
/// Layout: part.
package enum OrdinalEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 8
    package static let name = "ordinal"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard let rowsInRun = input.rowsInRun, input.statistics.width > 0, input.values.count >= 8 else { return nil }
        let rest = PartKernels.difference(input.values, rowsInRun)
        let statistics = BlockStatistics(rest)
        guard input.isPlanned || statistics.width < input.statistics.width else { return nil }
        return EncodingCandidate(size: 4 + SizeEstimate.byteCount(statistics), decodeWeight: 50) { writer in
            EncodingChooser.encodePart(rest, depth: input.depth, into: &writer)
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        if let first = try EncodingChooser.constantPart(&reader) {
            return try context.references.rowsInRun(from: first)
        }
        let rows = try context.references.rowsInRun(from: 0)
        guard rows.count == count else { throw EncodingError("\(rows.count) rows in runs, \(count) expected") }
        return try PartKernels.sum(rows, &reader, context: context)
    }
}
