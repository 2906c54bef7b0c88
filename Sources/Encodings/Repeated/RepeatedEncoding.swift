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
        guard input.depth < 4, statistics.count >= 64 else { return nil }
        guard
            input.isPlanned
                || (statistics.width > 2 && statistics.runCount > 1 && statistics.runCount * 4 < statistics.count * 3)
        else { return nil }
        let flags = LaneKernels.runFlags(input.values)
        let values = LaneKernels.picked(input.values, flags)
        // With codes around, what the values become with them is worth a look; without, an estimate does.
        if input.references.contains(where: { $0.kind == .code }) {
            let plans = input.plan?.parts ?? []
            let choice = EncodingChooser.choose(
                input.subset(values, flags: flags, plan: plans.count == 2 ? plans[1] : nil))
            return EncodingCandidate(
                size: 24 + statistics.count / 8 + choice.candidate.size(),
                decodeWeight: 60 + choice.candidate.decodeWeight * values.count / input.values.count
            ) { writer in
                writer.appendVarint(values.count)
                EncodingChooser.encodePart(flags, depth: input.depth, into: &writer)
                choice.write(&writer)
            }
        }
        return EncodingCandidate(
            size: 24 + statistics.count / 8 + SizeEstimate.byteCount(BlockStatistics(values)), decodeWeight: 60
        ) { writer in
            writer.appendVarint(values.count)
            EncodingChooser.encodePart(flags, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(values, depth: input.depth, into: &writer)
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let (flags, values) = try runs(&reader, count: count, context: context)
        return SpreadKernels.repeated(values, flags)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let runCount = try reader.readCount(upTo: count)
        let flags = try beginnings(&reader, count: count, runCount: runCount, context: context)
        let runs = flags.ranks(at: rows.places.map { $0 + 1 }).map { $0 - 1 }
        return try EncodingChooser.decode(
            &reader, count: runCount, at: rows.others(at: runs), context: context.forFlagged(flags))
    }

    /// A flag for each row and a value for each 1 among them, of which the first row's is one.
    static func runs(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> (flags: FlagBits, values: [Int64]) {
        let runCount = try reader.readCount(upTo: count)
        let flags = try beginnings(&reader, count: count, runCount: runCount, context: context)
        let values = try EncodingChooser.decode(&reader, count: runCount, context: context.forFlagged(flags))
        return (flags, values)
    }

    /// A 1 for each row that begins a run.
    private static func beginnings(
        _ reader: inout BlockReader, count: Int, runCount: Int, context: DecodingContext
    ) throws(EncodingError) -> FlagBits {
        let flags = try FlagBits.decode(&reader, count: count, context: context.forPart)
        guard flags.sum == runCount, count == 0 || flags[0] == 1 else {
            throw EncodingError("\(flags.sum) rows begin a run, \(runCount) expected")
        }
        return flags
    }
}
