import CKernels
import Columns

/// Flags that mostly follow from a code column: whether a line has a trace code from its item. What no code tells is told for the rows of
/// the codes that have both flags: whether a row's flag is not the one most rows of its code have.
///
/// Layout: the code column's number (varint), kinds of the occurring codes in ascending order (part: 0 and 1 = all rows have this flag,
/// 2 and 3 = most rows have 0 or 1), count of rows of kinds 2 and 3 (varint), their differences (part of zeros and ones).
package enum MarkedEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 20
    package static let name = "marked"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 4, statistics.count >= 1024, statistics.minimum == 0, statistics.maximum == 1 else { return nil }
        var best: (reference: EncodingInput.Reference, kinds: CodeKinds)?
        for reference in input.references where reference.kind == .code {
            guard let kinds = CodeKinds(input.values, reference.values) else { continue }
            // Codes as many as rows tell nothing.
            guard input.isPlanned || kinds.kinds.count * 4 + kinds.differenceBits < statistics.count else { continue }
            if best == nil || kinds.cost < best!.kinds.cost { best = (reference, kinds) }
        }
        guard let best else { return nil }
        let kinds = best.kinds
        return EncodingCandidate(
            size: 16 + kinds.cost / 8,
            decodeWeight: 50 + 30 * kinds.unsureCount / statistics.count, references: [best.reference.column]
        ) { writer in
            writer.appendVarint(best.reference.column)
            EncodingChooser.encodePart(kinds.kinds, depth: input.depth, into: &writer)
            writer.appendVarint(kinds.unsureCount)
            if kinds.unsureCount > 0 {
                EncodingChooser.encodePart(
                    kinds.differences(input.values, best.reference.values), depth: input.depth, into: &writer)
            }
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let flags = try decodeBits(&reader, count: count, context: context).bytes
        return flags.map { Int64($0) }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let flags = try decodeBits(&reader, count: count, context: context)
        return rows.places.map { Int64(flags[Int($0)]) }
    }

    /// Reads what follows a node's identifier.
    static func decodeBits(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> FlagBits {
        let column = try reader.readCount(upTo: 1 << 20)
        guard let references = try context.references.codePlaces(ofColumn: column), references.count == count else {
            throw EncodingError("column \(column) has codes too far apart, or not \(count) values")
        }
        let codes = OccurringCodes(references)
        let kinds = try EncodingChooser.decode(&reader, count: codes.count, context: context.forPart)
        guard IndexCheck.all(kinds, below: 4) else { throw EncodingError("a kind of codes above 3") }
        let ofPlaces = codes.table(kinds)
        let flags = FlagBits(marking: references, in: ofPlaces.map { UInt8(truncatingIfNeeded: $0) & 1 })
        let unsureCount = try reader.readCount(upTo: count)
        guard unsureCount > 0 else { return flags }
        let unsure = FlagBits(marking: references, in: ofPlaces.map { UInt8(truncatingIfNeeded: $0) >> 1 })
        guard unsure.sum == unsureCount else { throw EncodingError("\(unsure.sum) rows that no code tells, \(unsureCount) expected") }
        let differences = try FlagBits.decode(&reader, count: unsureCount, context: context.forPart)
        return flags.differing(by: differences, at: unsure)
    }
}

/// What each code of a column tells of flags.
private struct CodeKinds {
    /// Of each code that occurs, ascending.
    private(set) var kinds: [Int64] = []
    /// Rows of codes with both flags.
    private(set) var unsureCount = 0
    /// What the differences of these take at least, by how uneven each code is.
    private(set) var differenceBits = 0
    private let low: Int64
    /// By code less the lowest.
    private var ofPlaces: [UInt8]

    /// Bits of the kinds and the differences.
    var cost: Int { kinds.count * 2 + differenceBits }

    /// nil if the codes span too much.
    init?(_ flags: [Int64], _ codes: [Int64]) {
        precondition(flags.count == codes.count)
        guard let span = CodeSpan(codes) else { return nil }
        low = span.low
        // A code's rows below, those whose flag is 1 above: one addition counts both.
        var counts = [UInt64](repeating: 0, count: span.count)
        let rows = flags.span
        let places = codes.span
        var target = counts.mutableSpan
        for row in 0..<rows.count {
            let place = Int(truncatingIfNeeded: places[row] &- span.low)
            target[place] &+= UInt64(truncatingIfNeeded: rows[row]) &<< 32 | 1
        }
        ofPlaces = [UInt8](repeating: 0, count: span.count)
        var unevenness = 0.0
        for place in 0..<span.count where counts[place] > 0 {
            let (all, ones) = (Int(counts[place] & 0xFFFF_FFFF), Int(counts[place] >> 32))
            let kind: UInt8 = ones == 0 ? 0 : ones == all ? 1 : ones * 2 < all ? 2 : 3
            ofPlaces[place] = kind
            kinds.append(Int64(kind))
            guard kind > 1 else { continue }
            unsureCount += all
            // A stream of bits is packed by the byte: no bit takes less than an eighth.
            let share = Double(min(ones, all - ones)) / Double(all)
            unevenness += Double(all) * max(0.15, min(1, 4 * share * (1 - share)))
        }
        differenceBits = Int(unevenness)
    }

    /// For each row of a code with both flags whether its flag is not the one most rows of the code have.
    func differences(_ flags: [Int64], _ codes: [Int64]) -> [Int64] {
        let rows = flags.span
        let places = codes.span
        let table = ofPlaces.span
        // A place more, for what rows behind the last one write: no branch depends on the data.
        var differences = [Int64](repeating: 0, count: unsureCount + 1)
        var target = differences.mutableSpan
        var item = 0
        for row in 0..<rows.count {
            let kind = table[Int(truncatingIfNeeded: places[row] &- low)]
            target[item] = rows[row] ^ Int64(kind & 1)
            item &+= Int(kind &>> 1)
        }
        differences.removeLast()
        return differences
    }
}
