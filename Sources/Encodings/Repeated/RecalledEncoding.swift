import CKernels
import Columns

/// A column whose value mostly is the one that its code had last: the price of a service within an institution.
///
/// Layout: the code column's number (varint), count of new values (varint), flags (zeros and ones, with the references of all rows: a
/// one where the value is not its code's last one), new values (as the column itself, with the references of their rows). Before its first
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
        let values = LaneKernels.picked(input.values, flags)
        let choice = EncodingChooser.choose(
            input.subset(values, flags: flags, plan: plans.count == 2 ? plans[1] : nil))
        return EncodingCandidate(
            size: 24 + flags.count / 8 + choice.candidate.size(),
            decodeWeight: 150 + choice.candidate.decodeWeight * values.count / flags.count,
            references: [best.reference.column]
        ) { writer in
            writer.appendVarint(best.reference.column)
            writer.appendVarint(values.count)
            EncodingChooser.encode(
                EncodingInput(
                    values: flags, depth: input.depth + 1, kind: .code, references: [best.reference], plan: writer.trail.nextGuide),
                into: &writer)
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
        let references = try RecalledEncoding.references(column, count: count, context: context)
        let flags = try newFlags(&reader, count: count, newCount: newCount, context: context)
        let news = try EncodingChooser.decode(&reader, count: newCount, context: context.forFlagged(flags))
        guard newCount > 0 else { return [Int64](repeating: context.scaling(0), count: count) }
        return recalled(news, flags, references.places, span: references.span, initial: context.scaling(0))
    }

    private static func references(
        _ column: Int, count: Int, context: DecodingContext
    ) throws(EncodingError) -> CodePlaces {
        guard let references = try context.references.codePlaces(ofColumn: column), references.count == count else {
            throw EncodingError("column \(column) has codes too far apart, or not \(count) values")
        }
        return references
    }

    /// The next new value where the flag is 1, else the last one of the row's code.
    ///
    /// - Parameters:
    ///   - news: As many as flags are 1; all others are 0.
    ///   - places: The rows' codes, below `span`.
    private static func recalled(
        _ news: [Int64], _ flags: FlagBits, _ places: [UInt32], span: Int, initial: Int64
    ) -> [Int64] {
        var table = [Int64](repeating: initial, count: span)
        precondition(flags.count == places.count && flags.sum == news.count)
        // Bounds: every place is below the span; `news.count` flags are ones.
        return unsafe [Int64](unsafeUninitializedCapacity: places.count) { values, filledCount in
            unsafe ck_recall(flags.words, places, places.count, news, news.count, &table, values.baseAddress)
            filledCount = places.count
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        let newCount = try reader.readCount(upTo: count)
        let references = try RecalledEncoding.references(column, count: count, context: context)
        let flags = try newFlags(&reader, count: count, newCount: newCount, context: context)
        let initial = context.scaling(0)
        // Only rows of the chosen rows' codes count, mostly few where rows were chosen by code.
        let marks = marksOfCodes(at: rows.places, references)
        if marks.sum == rows.count, !rows.haveRepeats {
            // All rows of some codes: their new values are read in order, and recalled among these rows.
            let ownFlags = flags.gathered(rows.places)
            let newRows = gather(rows.places, FlagKernels.rows(ownFlags))
            let news = try EncodingChooser.decode(
                &reader, count: newCount, at: rows.others(at: flags.ranks(at: newRows)),
                context: context.forFlagged(flags))
            return recalled(
                news, FlagBits(ownFlags), gather(references.places, rows.places), span: references.span, initial: initial)
        }
        let numbers = numbers(rows.places, among: marks.sum * 4 < count ? marks.rows : nil, flags, references)
        // A code recalls what may lie far before, so numbers do not ascend: each is read once.
        var isWanted = [UInt8](repeating: 0, count: newCount + 1)
        for number in numbers { isWanted[Int(number)] = 1 }
        isWanted[0] = 0
        let wanted = FlagKernels.rows(isWanted)
        let news = try EncodingChooser.decode(
            &reader, count: newCount, at: rows.others(at: wanted.map { $0 - 1 }), context: context.forFlagged(flags))
        var itemOfNumber = [Int32](repeating: 0, count: newCount + 1)
        for (item, number) in wanted.enumerated() { itemOfNumber[Int(number)] = Int32(truncatingIfNeeded: item) }
        return numbers.map { $0 == 0 ? initial : news[Int(itemOfNumber[Int($0)])] }
    }

    /// 1 for the rows of all codes that the rows at these places have.
    private static func marksOfCodes(at places: [Int32], _ references: CodePlaces) -> FlagBits {
        var isAsked = [UInt8](repeating: 0, count: references.span)
        for place in places { isAsked[Int(references.places[Int(place)])] = 1 }
        return FlagBits(marking: references, in: isAsked)
    }

    /// For each of the rows the number of its new value, from 1; 0 if its code has had none.
    ///
    /// - Parameter codeRows: All rows of the rows' codes, or nil for all rows.
    private static func numbers(
        _ places: [Int32], among codeRows: [Int32]?, _ flags: FlagBits, _ references: CodePlaces
    ) -> [Int32] {
        guard let last = places.last else { return [] }
        precondition(Int(last) < flags.count && flags.count == references.count)
        var known = [Int32](repeating: 0, count: references.span)
        if let codeRows { return numbers(places, among: codeRows, flags, references, &known) }
        // Bounds: every code's place is below the span; places ascend and the last one is a row; a number is written for each.
        return unsafe [Int32](unsafeUninitializedCapacity: places.count) { numbers, filledCount in
            unsafe ck_recalled_numbers(
                flags.words, references.places, places, places.count, &known, numbers.baseAddress)
            filledCount = places.count
        }
    }

    /// As above, looking at these rows only.
    private static func numbers(
        _ places: [Int32], among rows: [Int32], _ flags: FlagBits, _ references: CodePlaces, _ known: inout [Int32]
    ) -> [Int32] {
        let ranks = flags.ranks(at: rows)
        var numbers: [Int32] = []
        numbers.reserveCapacity(places.count)
        for (item, row) in rows.enumerated() {
            let code = Int(references.places[Int(row)])
            if flags[Int(row)] != 0 { known[code] = ranks[item] &+ 1 }
            while numbers.count < places.count, places[numbers.count] == row { numbers.append(known[code]) }
        }
        return numbers
    }

    private static func newFlags(
        _ reader: inout BlockReader, count: Int, newCount: Int, context: DecodingContext
    ) throws(EncodingError) -> FlagBits {
        let flags = try FlagBits.decode(&reader, count: count, context: context.forFlags)
        guard flags.sum == newCount else {
            throw EncodingError("\(flags.sum) new values, \(newCount) expected")
        }
        return flags
    }
}

/// The last value of each code.
private struct LastValues {
    private let low: Int64
    /// By code less the lowest.
    private var values: [Int64]

    /// nil if the codes span too much.
    init?(_ codes: [Int64]) {
        guard let span = CodeSpan(codes) else { return nil }
        low = span.low
        values = [Int64](repeating: 0, count: span.count)
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
