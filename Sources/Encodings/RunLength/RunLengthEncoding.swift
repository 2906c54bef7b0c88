/// Runs of equal neighbours: each run's value and length.
///
/// Layout: run count (varint), values, lengths.
package enum RunLengthEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 4
    package static let name = "runlength"
    package static let appliesScaling = true

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 4, statistics.count > 1 else { return nil }
        guard input.isPlanned || (statistics.runCount > 1 && statistics.runCount * 4 < statistics.count) else { return nil }
        let weight = input.isPlanned ? 0 : 20 + 400 * statistics.runCount / statistics.count
        return EncodingCandidate(size: size(statistics), decodeWeight: weight) { writer in
            var values: [Int64] = []
            var lengths: [Int64] = []
            var start = 0
            for row in 1...input.values.count
            where row == input.values.count || input.values[row] != input.values[start] {
                values.append(input.values[start])
                lengths.append(Int64(row - start))
                start = row
            }
            writer.appendVarint(values.count)
            EncodingChooser.encodePart(values, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(lengths, depth: input.depth, into: &writer)
        }
    }

    private static func size(_ statistics: BlockStatistics) -> Int {
        let lengthWidth = 64 - (statistics.count / statistics.runCount * 4).leadingZeroBitCount
        return 24 + statistics.runCount * (statistics.width + lengthWidth) / 8
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let runCount = try reader.readCount(upTo: count)
        let runValues = try EncodingChooser.decodeValues(&reader, count: runCount, context: context)
        let lengths = try EncodingChooser.decodePart(&reader, count: runCount, context: context)
        guard count <= Int(Int32.max), IndexCheck.all(lengths, below: count + 1) else {
            throw EncodingError("runs longer than the block's \(count) values")
        }
        var starts = [Int32](repeating: 0, count: runCount + 1)
        var row = 0
        for run in 0..<runCount {
            row &+= Int(lengths[run])
            guard row <= count else { throw EncodingError("runs longer than the block's \(count) values") }
            starts[run + 1] = Int32(truncatingIfNeeded: row)
        }
        guard row == count else { throw EncodingError("runs of \(row) values, \(count) expected") }
        return RunKernels.expanded(runValues, starts: starts)
    }
}
