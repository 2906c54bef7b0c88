/// Few distinct values over a wide range: the values in ascending order, and each row's rank among them.
///
/// Layout: value count (varint), values, ranks.
package enum DictionaryEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 7
    package static let name = "dictionary"
    package static let appliesScaling = true

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 3, statistics.count >= 64, statistics.width > 2 else { return nil }
        guard input.isPlanned || statistics.sampleDistinctCount * 3 < statistics.sample.count * 2 else { return nil }
        let limit = min(statistics.count / 4, 1 << min(16, statistics.width - 1))
        guard let distinct = DistinctValues(input.values, limit: limit) else { return nil }
        let width = 64 - max(0, distinct.values.count - 1).leadingZeroBitCount
        let size = 24 + (statistics.count * width + distinct.values.count * statistics.width) / 8
        return EncodingCandidate(size: size, decodeWeight: 60) { writer in
            let ranked = distinct.ranked()
            writer.appendVarint(ranked.values.count)
            EncodingChooser.encodePart(ranked.values, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(ranked.codes, depth: input.depth, into: &writer)
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let valueCount = try reader.readCount(upTo: count)
        let entries = try EncodingChooser.decodeValues(&reader, count: valueCount, context: context)
        var values = try EncodingChooser.decodePart(&reader, count: count, context: context)
        guard IndexCheck.all(values, below: valueCount) else {
            throw EncodingError("a rank behind the \(valueCount) values")
        }
        let source = entries.span
        var rows = values.mutableSpan
        // Bounds: every rank was checked against the count of entries.
        for row in 0..<rows.count {
            unsafe rows[unchecked: row] = source[unchecked: Int(truncatingIfNeeded: rows[unchecked: row])]
        }
        return values
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let valueCount = try reader.readCount(upTo: count)
        let entries = try EncodingChooser.decodeValues(&reader, count: valueCount, context: context)
        let ranks = try EncodingChooser.decodePart(&reader, count: count, at: rows, context: context)
        guard IndexCheck.all(ranks, below: valueCount) else {
            throw EncodingError("a rank behind the \(valueCount) values")
        }
        return ranks.map { entries[Int($0)] }
    }
}

/// Whether numbers may be used as indexes.
enum IndexCheck {
    /// Whether every value is in `0..<limit`. One vectorized pass: a value outside has its highest bit set, or its distance
    /// to the last one has.
    static func all(_ values: [Int64], below limit: Int) -> Bool {
        let last = Int64(limit) &- 1
        let rows = values.span
        var bits: Int64 = 0
        for row in 0..<rows.count { bits |= rows[row] | (last &- rows[row]) }
        return bits >= 0
    }
}
