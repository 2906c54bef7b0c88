/// Short runs of equal neighbours: a flag for each row that begins one, and each run's value. Unlike run lengths it is read
/// without a branch that depends on the data.
///
/// Layout: run count (varint), flags (part of zeros and ones, the first a one), values (part).
package enum RepeatedEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 15
    package static let name = "repeated"
    package static let appliesScaling = true

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 4, statistics.width > 2, statistics.runCount > 1, statistics.count >= 64,
            statistics.runCount * 4 < statistics.count * 3
        else { return nil }
        let values = starts(of: input.values)
        let size = 24 + statistics.count / 8 + SizeEstimate.byteCount(BlockStatistics(values))
        return EncodingCandidate(size: size, decodeWeight: 60) { writer in
            writer.appendVarint(values.count)
            var flags = [Int64](repeating: 1, count: input.values.count)
            for row in 1..<flags.count { flags[row] = input.values[row] == input.values[row - 1] ? 0 : 1 }
            EncodingChooser.encodePart(flags, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(values, depth: input.depth, into: &writer)
        }
    }

    /// The first value of each run.
    private static func starts(of values: [Int64]) -> [Int64] {
        var result = [Int64](repeating: values[0], count: values.count)
        var count = 1
        for row in 1..<values.count {
            result[count] = values[row]
            if values[row] != values[row &- 1] { count &+= 1 }
            if count == values.count { break }
        }
        result.removeLast(values.count - count)
        return result
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let (flags, values) = try runs(&reader, count: count, context: context)
        return Lanes.filled(count: count) { rows in
            let source = values.span
            let begins = flags.span
            precondition(begins.count == rows.count)
            // Bounds: as `runs` says, `run` stays in 0..<source.count.
            var run = -1
            for row in 0..<rows.count {
                unsafe run &+= Int(begins[unchecked: row])
                unsafe rows[unchecked: row] = source[unchecked: run]
            }
        }
    }

    /// A flag for each row and a value for each 1 among them, of which the first row's is one.
    static func runs(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> (flags: [UInt8], values: [Int64]) {
        let runCount = try reader.readCount(upTo: count)
        let flags = try FlagKernels.decode(&reader, count: count, context: context.forPart)
        let values = try EncodingChooser.decodeValues(&reader, count: runCount, context: context)
        guard FlagKernels.sum(flags) == runCount, flags.first ?? 1 == 1 else {
            throw EncodingError("\(FlagKernels.sum(flags)) rows begin a run, \(runCount) expected")
        }
        return (flags, values)
    }
}
