/// One value nearly everywhere: the value, and the rows that differ with theirs.
///
/// Layout: common value (zigzag varint), exception count (varint), gaps before each exception, exceptions' values.
package enum SparseEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 6
    package static let name = "sparse"
    package static let appliesScaling = true

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 4, statistics.count >= 16, statistics.width > 0 else { return nil }
        let common = majority(statistics.sample)
        guard statistics.sample.count(where: { $0 == common }) * 5 > statistics.sample.count * 3 else { return nil }
        let exceptionCount = LaneKernels.countUnlike(input.values, common)
        guard exceptionCount * 5 < statistics.count * 2 else { return nil }
        let gapWidth = exceptionCount == 0 ? 0 : 66 - (statistics.count / exceptionCount).leadingZeroBitCount
        let weight = 10 + 200 * exceptionCount / statistics.count
        return EncodingCandidate(
            size: 24 + exceptionCount * (statistics.width + gapWidth) / 8, decodeWeight: weight
        ) { writer in
            let (gaps, exceptions) = LaneKernels.exceptions(input.values, common, count: exceptionCount)
            writer.appendSigned(common)
            writer.appendVarint(exceptions.count)
            EncodingChooser.encodePart(gaps, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(exceptions, depth: input.depth, into: &writer)
        }
    }

    /// The value more than half of the sample has, if there is one (Boyer–Moore).
    private static func majority(_ sample: [Int64]) -> Int64 {
        var value: Int64 = 0
        var votes = 0
        for other in sample {
            if votes == 0 {
                value = other
                votes = 1
            } else {
                votes += other == value ? 1 : -1
            }
        }
        return value
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let (common, places, exceptions) = try parts(&reader, count: count, context: context)
        var values = [Int64](repeating: common, count: count)
        var rows = values.mutableSpan
        for index in 0..<places.count { rows[Int(places[index])] = exceptions[index] }
        return values
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let (common, places, exceptions) = try parts(&reader, count: count, context: context)
        var values = [Int64](repeating: common, count: rows.count)
        var index = 0
        for (item, row) in rows.places.enumerated() {
            while index < places.count, places[index] < Int64(row) { index += 1 }
            if index == places.count { break }
            if places[index] == Int64(row) { values[item] = exceptions[index] }
        }
        return values
    }

    /// Adds the node's values to others.
    static func add(
        to values: inout [Int64], _ reader: inout BlockReader, context: DecodingContext
    ) throws(EncodingError) {
        let (common, places, exceptions) = try parts(&reader, count: values.count, context: context)
        if common != 0 { Scaling(base: common, factor: 1).apply(to: &values) }
        var rows = values.mutableSpan
        for index in 0..<places.count {
            let row = Int(places[index])
            rows[row] = rows[row] &+ exceptions[index] &- common
        }
    }

    /// As `decode`, the lowest bits only.
    static func decodeFlags(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt8] {
        let (common, places, exceptions) = try parts(&reader, count: count, context: context)
        var flags = [UInt8](repeating: UInt8(truncatingIfNeeded: common & 1), count: count)
        var rows = flags.mutableSpan
        for index in 0..<places.count {
            rows[Int(places[index])] = UInt8(truncatingIfNeeded: exceptions[index] & 1)
        }
        return flags
    }

    /// As `decodeFlags`, row r as bit r mod 64 of word r / 64; the words are zeros before.
    static func decodeBits(
        _ reader: inout BlockReader, count: Int, context: DecodingContext, into words: inout [UInt64]
    ) throws(EncodingError) {
        let (common, places, exceptions) = try parts(&reader, count: count, context: context)
        if common & 1 == 1 {
            for word in 0..<(count / 64) { words[word] = .max }
            if count % 64 > 0 { words[count / 64] = UInt64.max >> UInt64(64 - count % 64) }
        }
        for index in 0..<places.count where (exceptions[index] ^ common) & 1 == 1 {
            let row = Int(places[index])
            words[row >> 6] ^= 1 &<< UInt64(row & 63)
        }
    }

    /// The common value, the rows that differ and their values.
    private static func parts(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> (common: Int64, places: [Int64], exceptions: [Int64]) {
        let common = context.scaling(try reader.readSigned())
        let exceptionCount = try reader.readCount(upTo: count)
        var places = try EncodingChooser.decodePart(&reader, count: exceptionCount, context: context)
        let exceptions = try EncodingChooser.decodeValues(&reader, count: exceptionCount, context: context)
        guard IndexCheck.all(places, below: max(1, count)) else {
            throw EncodingError("an exception behind the block's \(count) values")
        }
        // Gaps below the count: their sum stays far from 64 bits.
        var rows = places.mutableSpan
        var row: Int64 = -1
        for index in 0..<rows.count {
            row &+= rows[index] &+ 1
            rows[index] = row
        }
        guard row < Int64(count) else { throw EncodingError("an exception behind the block's \(count) values") }
        return (common, places, exceptions)
    }
}
