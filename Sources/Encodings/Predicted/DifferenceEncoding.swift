/// A column near another one: `value = other + part`, wrapping.
///
/// Layout: the other column's number (varint), part.
package enum DifferenceEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 9
    package static let name = "difference"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard input.values.count >= 8 else { return nil }
        if input.isPlanned {
            return input.references.first { $0.kind == input.kind && input.kind != .other }.map { offer(input, $0) }
        }
        guard input.statistics.width > 1 else { return nil }
        let own = SizeEstimate.byteCount(BlockStatistics(sampleRows(input.values)))
        var best: (reference: EncodingInput.Reference, size: Int)?
        for reference in input.references where reference.kind == input.kind && input.kind != .other {
            let rest = zip(sampleRows(input.values), sampleRows(reference.values)).map { $0 &- $1 }
            let size = size(ofSample: rest, input.kind)
            // Neighbouring rows of a file in the order of time are near each other, which all rows are not: the offer itself tells.
            guard input.kind == .time || size * 10 < own * 9 else { continue }
            if best == nil || size < best!.size { best = (reference, size) }
        }
        return best.map { offer(input, $0.reference) }
    }

    private static func offer(_ input: EncodingInput, _ reference: EncodingInput.Reference) -> EncodingCandidate {
        let rest = PartKernels.difference(input.values, reference.values)
        if input.kind == .time {
            // What stands between two times is of whole seconds, as both of them: only a choice for it tells how large it becomes.
            let choice = EncodingChooser.choose(EncodingInput(values: rest, depth: input.depth + 1, plan: input.plan?.parts.first))
            return EncodingCandidate(size: 4 + choice.candidate.size(), decodeWeight: 50, references: [reference.column]) { writer in
                writer.appendVarint(reference.column)
                choice.write(&writer)
            }
        }
        return EncodingCandidate(
            size: 4 + SizeEstimate.byteCount(BlockStatistics(rest)), decodeWeight: 50, references: [reference.column]
        ) { writer in
            writer.appendVarint(reference.column)
            EncodingChooser.encodePart(rest, depth: input.depth, into: &writer)
        }
    }

    /// Bytes that some rows would take; times in whole seconds if they are such.
    private static func size(ofSample values: [Int64], _ kind: ValueKind) -> Int {
        let isOfSeconds = kind == .time && values.allSatisfy { $0 % 1_000_000 == 0 }
        return SizeEstimate.byteCount(BlockStatistics(isOfSeconds ? values.map { $0 / 1_000_000 } : values))
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

    package static func decodeCodes(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt32]? {
        let column = try reader.readCount(upTo: 1 << 20)
        guard let other = try context.references.codes(ofColumn: column), other.count == count,
            let rest = try EncodingChooser.constantPart(&reader)
        else { return nil }
        return other.shifted(by: rest)?.values
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        let other = try context.references.values(ofColumn: column, at: rows, count: count)
        return try PartKernels.sum(other, &reader, count: count, at: rows, context: context)
    }
}
