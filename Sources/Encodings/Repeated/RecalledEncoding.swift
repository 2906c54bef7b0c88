import CKernels

/// A column whose value mostly is the one that its code had last: the price of a service within an institution.
///
/// Layout: the code column's number (varint), count of new values (varint), flags (part of zeros and ones: a one where the
/// value is not its code's last one), new values (as the column itself, with the references of their rows). Before its first
/// row a code's last value is 0.
package enum RecalledEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 18
    package static let name = "recalled"
    package static let appliesScaling = true

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard input.depth < 3, input.values.count >= 256, input.isPlanned || input.statistics.width > 4 else { return nil }
        var best: (reference: EncodingInput.Reference, newCount: Int)?
        for reference in input.references where reference.kind == .code {
            guard let newCount = input.isPlanned ? 0 : sampleNewCount(input.values, reference.values) else { continue }
            if best == nil || newCount < best!.newCount { best = (reference, newCount) }
        }
        // A flag for each row must be won back.
        guard let best, input.isPlanned || best.newCount * 6 < min(input.values.count, 8192) * 5,
            let flags = flags(input.values, best.reference.values)
        else { return nil }
        let plans = input.plan?.parts ?? []
        let values = FlagKernels.picked(input.values, flags)
        let choice = EncodingChooser.choose(
            input.subset(values, flags: flags, plan: plans.count == 2 ? plans[1] : nil))
        return EncodingCandidate(
            size: 24 + flags.count / 8 + choice.candidate.size(),
            decodeWeight: 150 + choice.candidate.decodeWeight * values.count / flags.count,
            references: [best.reference.column]
        ) { writer in
            writer.appendVarint(best.reference.column)
            writer.appendVarint(values.count)
            EncodingChooser.encodePart(flags, depth: input.depth, into: &writer)
            choice.write(&writer)
        }
    }

    /// New values among up to 8192 rows from the middle; nil if the codes span too much.
    private static func sampleNewCount(_ values: [Int64], _ references: [Int64]) -> Int? {
        let count = min(values.count, 8192)
        let start = (values.count - count) / 2
        let rows = start..<(start + count)
        return flags(Array(values[rows]), Array(references[rows]))?.reduce(0) { $0 + Int($1) }
    }

    /// 1 for each value that is not its code's last one; nil if the codes span too much.
    private static func flags(_ values: [Int64], _ references: [Int64]) -> [Int64]? {
        precondition(values.count == references.count)
        guard var last = LastValues(references) else { return nil }
        return Lanes.filled(count: values.count) { flags in
            let rows = values.span
            let codes = references.span
            for row in 0..<rows.count { flags[row] = last.update(codes[row], rows[row]) ? 1 : 0 }
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        let newCount = try reader.readCount(upTo: count)
        let references = try context.references.values(ofColumn: column)
        guard references.count == count, let last = LastValues(references, initial: context.scaling(0)) else {
            throw EncodingError(
                "column \(column) has \(references.count) values or codes too far apart, \(count) expected")
        }
        let flags = try FlagKernels.decode(&reader, count: count, context: context.forPart)
        guard IndexCheck.areFlags(flags), FlagKernels.sum(flags) == newCount else {
            throw EncodingError("\(FlagKernels.sum(flags)) new values, \(newCount) expected")
        }
        let news = try EncodingChooser.decode(&reader, count: newCount, context: context.forFlagged(flags))
        guard newCount > 0 else { return [Int64](repeating: context.scaling(0), count: count) }
        var table = last.values
        let low = last.low
        precondition(flags.count == count && references.count == count)
        // Bounds: `LastValues` spans the codes; flags are zeros and ones, `newCount` ones among them.
        return unsafe [Int64](unsafeUninitializedCapacity: count) { values, filledCount in
            unsafe ck_recall(flags, references, count, low, news, newCount, &table, values.baseAddress)
            filledCount = count
        }
    }
}

/// The last value of each code.
private struct LastValues {
    let low: Int64
    /// By code less the lowest.
    private(set) var values: [Int64]

    /// nil if the codes span too much.
    init?(_ codes: [Int64], initial: Int64 = 0) {
        guard let span = CodeSpan(codes) else { return nil }
        low = span.low
        values = [Int64](repeating: initial, count: span.count)
    }

    /// Whether `value` is not the code's last one; it is from now on.
    @inline(__always)
    mutating func update(_ code: Int64, _ value: Int64) -> Bool {
        let place = Int(truncatingIfNeeded: code &- low)
        let isNew = values[place] != value
        values[place] = value
        return isNew
    }
}
