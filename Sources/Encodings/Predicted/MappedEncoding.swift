import CKernels
import Columns

/// A column that depends on a code column: `value = base[code] + number`, the number in `width[code]` bits.
///
/// A true function (an item's name) has width 0 for every code and costs its table only; a price has the few bits it
/// varies by around its item. The codes that occur are known from the code column itself and are not stored again.
///
/// Layout: the code column's number (varint), bases and widths of the occurring codes in ascending order (parts), then for
/// each width from 1 to 64 that occurs, in ascending order, the numbers of that width as a bit-packed stream.
package enum MappedEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 11
    package static let name = "mapped"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        // Narrow numbers are read faster than they are predicted.
        guard input.values.count >= 64, input.isPlanned || input.statistics.width > 0 else { return nil }
        var best: (reference: EncodingInput.Reference, bits: Int)?
        for reference in input.references where reference.kind == .code {
            guard let bits = input.isPlanned ? 0 : sampleBits(input.values, reference.values) else { continue }
            if best == nil || bits < best!.bits { best = (reference, bits) }
        }
        guard let best else { return nil }
        guard input.isPlanned || best.bits < min(input.values.count, 4096) * input.statistics.width,
            let codes = CodeCounts(best.reference.values)
        else { return nil }
        let table = MappedTable(input.values, best.reference.values, codes: codes)
        let streamBits = table.streamBits
        let weight = streamBits == 0 ? 130 : 260
        // Narrow numbers are read faster than they are predicted, unless nothing is left of them.
        guard input.isPlanned || streamBits == 0 || input.statistics.width > 3 else { return nil }
        return EncodingCandidate(
            size: 16 + SizeEstimate.byteCount(BlockStatistics(table.bases))
                + SizeEstimate.byteCount(BlockStatistics(table.widths)) + streamBits / 8,
            decodeWeight: weight, references: [best.reference.column]
        ) { writer in
            writer.appendVarint(best.reference.column)
            EncodingChooser.encodePart(table.bases, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(table.widths, depth: input.depth, into: &writer)
            if streamBits > 0 { table.writeStreams(input.values, best.reference.values, codes: codes, into: &writer) }
        }
    }

    /// Bits that up to 4096 rows from the middle would take, table included; nil if the codes span too much.
    private static func sampleBits(_ values: [Int64], _ references: [Int64]) -> Int? {
        let count = min(values.count, 4096)
        let start = (values.count - count) / 2
        let rows = Array(values[start..<(start + count)])
        let others = Array(references[start..<(start + count)])
        guard let codes = CodeCounts(others) else { return nil }
        let table = MappedTable(rows, others, codes: codes)
        let tableBits = 8 * SizeEstimate.byteCount(BlockStatistics(table.bases)) + 4 * table.bases.count
        // The table of the whole block is paid once: its share of the sample is less than the sample's own table.
        let share = min(1, Double(count) / Double(values.count) * 2)
        return Int(Double(tableBits) * share) + table.streamBits
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        guard let references = try context.references.codePlaces(ofColumn: column), references.count == count else {
            throw EncodingError("column \(column) has codes too far apart, or not \(count) values")
        }
        let codes = OccurringCodes(references)
        let scaling = context.scaling
        let part = context.forPart
        var bases = try EncodingChooser.decode(&reader, count: codes.count, context: part)
        let widths = try EncodingChooser.decode(&reader, count: codes.count, context: part)
        guard IndexCheck.all(widths, below: 65) else { throw EncodingError("a width of more than 64 bits") }
        scaling.apply(to: &bases)
        let occurs = occurringWidths(widths)
        if !occurs.contains(true) { return codes.spread(bases) }
        let widthOfRow = codes.bytes(widths)
        var rowCounts = [Int](repeating: 0, count: 65)
        for width in 1...64 where occurs[width] {
            rowCounts[width] = FlagKernels.count(widthOfRow, of: UInt8(width))
        }
        let streams = try MappedStreams(&reader, rowCounts: rowCounts, factor: scaling.factor)
        return streams.values(above: codes.table(bases), references, widthOfRow)
    }

    package static func decodeCodes(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt32]? {
        let column = try reader.readCount(upTo: 1 << 20)
        guard let references = try context.references.codePlaces(ofColumn: column), references.count == count else { return nil }
        let codes = OccurringCodes(references)
        let bases = try EncodingChooser.decode(&reader, count: codes.count, context: context.forPart)
        let widths = try EncodingChooser.decode(&reader, count: codes.count, context: context.forPart)
        // A function of the codes alone.
        guard widths.allSatisfy({ $0 == 0 }) else { return nil }
        return codes.codes(bases)
    }

    /// For each width whether a code has it; false for 0.
    private static func occurringWidths(_ widths: [Int64]) -> [Bool] {
        // A bit for each of the widths 0 to 63.
        var bits: UInt64 = 0
        var has64 = false
        for width in widths {
            bits |= 1 &<< UInt64(truncatingIfNeeded: width)
            has64 = has64 || width == 64
        }
        return (0...64).map { width in
            switch width {
            case 0: false
            case 64: has64
            default: bits >> UInt64(width) & 1 == 1
            }
        }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        guard let references = try context.references.codePlaces(ofColumn: column), references.count == count else {
            throw EncodingError("column \(column) has codes too far apart, or not \(count) values")
        }
        let codes = OccurringCodes(references)
        let part = context.forPart
        let bases = try EncodingChooser.decode(&reader, count: codes.count, context: part)
        let widths = try EncodingChooser.decode(&reader, count: codes.count, context: part)
        guard IndexCheck.all(widths, below: 65) else { throw EncodingError("a width of more than 64 bits") }
        let scaling = context.scaling
        var values = codes.spread(bases, at: rows.places).map { scaling($0) }
        let occurs = occurringWidths(widths)
        if !occurs.contains(true) { return values }
        let widthOfRow = codes.bytes(widths)
        let ownWidths = gather(widthOfRow, rows.places)
        let itemsOfWidth = itemsOfWidths(ownWidths)
        for width: UInt8 in 1...64 where occurs[Int(width)] {
            let rowCount = FlagKernels.count(widthOfRow, of: width)
            let start = try reader.skipWords(PackKernels.wordCount(count: rowCount, width: Int(width)))
            let items = itemsOfWidth[Int(width)]
            if items.isEmpty { continue }
            let places = FlagKernels.ranks(widthOfRow, of: width, at: gather(rows.places, items))
            let numbers = PackKernels.unpack(
                reader.words, from: start, count: rowCount, base: 0, factor: scaling.factor, width: Int(width), at: places)
            for (index, item) in items.enumerated() { values[Int(item)] = values[Int(item)] &+ numbers[index] }
        }
        return values
    }

    package static let appliesScaling = true

    /// For each width from 0 to 64 the rows that have it.
    private static func itemsOfWidths(_ widths: [UInt8]) -> [[Int32]] {
        var starts = [Int](repeating: 0, count: 66)
        for width in widths { starts[Int(width) + 1] += 1 }
        for width in 0..<65 { starts[width + 1] += starts[width] }
        var next = starts
        var items = [Int32](repeating: 0, count: widths.count)
        for item in 0..<widths.count {
            let width = Int(widths[item])
            items[next[width]] = Int32(truncatingIfNeeded: item)
            next[width] += 1
        }
        return (0..<65).map { Array(items[starts[$0]..<starts[$0 + 1]]) }
    }
}

/// How often each code of a column occurs.
struct CodeCounts {
    let low: Int64
    /// By code less the lowest.
    let counts: [UInt32]
    /// nil if the codes span too much.
    init?(_ codes: [Int64]) {
        guard let span = CodeSpan(codes) else { return nil }
        low = span.low
        var counts = [UInt32](repeating: 0, count: span.count)
        let rows = codes.span
        var target = counts.mutableSpan
        // Bounds: every code lies between the two.
        for row in 0..<rows.count { unsafe target[unchecked: Int(truncatingIfNeeded: rows[row] &- low)] &+= 1 }
        self.counts = counts
    }
}

/// Smallest value and bits of each code that occurs, in the order of the codes.
struct MappedTable {
    private(set) var bases: [Int64] = []
    private(set) var widths: [Int64] = []
    private(set) var streamBits = 0
    /// By code less the lowest.
    private var entries: [MappedEntry]

    init(_ values: [Int64], _ references: [Int64], codes: CodeCounts) {
        precondition(values.count == references.count)
        var ranges = [(low: Int64, high: Int64)](repeating: (.max, .min), count: codes.counts.count)
        let rows = values.span
        let others = references.span
        var target = ranges.mutableSpan
        for row in 0..<rows.count {
            // Bounds: `codes` were counted in the same references.
            let place = unsafe Int(truncatingIfNeeded: others[unchecked: row] &- codes.low)
            let value = rows[row]
            let range = unsafe target[unchecked: place]
            unsafe target[unchecked: place] = (min(range.low, value), max(range.high, value))
        }
        entries = [MappedEntry](repeating: MappedEntry(base: 0, width: 0), count: codes.counts.count)
        for place in 0..<codes.counts.count where codes.counts[place] > 0 {
            let width = BlockStatistics.width(from: ranges[place].low, to: ranges[place].high)
            bases.append(ranges[place].low)
            widths.append(Int64(width))
            streamBits += width * Int(codes.counts[place])
            entries[place] = MappedEntry(base: ranges[place].low, width: width)
        }
    }

    func writeStreams(_ values: [Int64], _ references: [Int64], codes: CodeCounts, into writer: inout ByteWriter) {
        var rowCounts = [Int](repeating: 0, count: 65)
        for place in 0..<entries.count { rowCounts[entries[place].width] += Int(codes.counts[place]) }
        var next = [Int](repeating: 0, count: 65)
        for width in 1...64 { next[width] = width == 1 ? 0 : next[width - 1] + rowCounts[width - 1] }
        let starts = next
        // Width 0 goes to a place of its own behind all others.
        next[0] = starts[64] + rowCounts[64]
        var numbers = [Int64](repeating: 0, count: next[0] + 1)
        let rows = values.span
        let others = references.span
        let table = entries.span
        var target = numbers.mutableSpan
        var places = next.mutableSpan
        for row in 0..<rows.count {
            let entry = table[Int(truncatingIfNeeded: others[row] &- codes.low)]
            let place = places[entry.width]
            target[place] = rows[row] &- entry.base
            places[entry.width] = place &+ (entry.width == 0 ? 0 : 1)
        }
        for width in 1...64 where rowCounts[width] > 0 {
            let stream = Array(numbers[starts[width]..<(starts[width] + rowCounts[width])])
            writer.append(words: PackKernels.pack(stream, base: 0, width: width))
        }
    }
}

/// What is known of one code.
struct MappedEntry: BitwiseCopyable {
    var base: Int64
    var width: Int
}

/// The numbers of all widths one behind the other, with the place of the first one of each width.
private struct MappedStreams {
    let numbers: [Int64]
    let starts: [Int]

    init(_ reader: inout BlockReader, rowCounts: [Int], factor: Int64) throws(EncodingError) {
        // Width 0 reads a zero that stays in place.
        var starts = [Int](repeating: 0, count: 65)
        var total = 1
        var firstWords = [Int](repeating: 0, count: 65)
        for width in 1...64 where rowCounts[width] > 0 {
            firstWords[width] = try reader.skipWords(PackKernels.wordCount(count: rowCounts[width], width: width))
            starts[width] = total
            total += rowCounts[width]
        }
        let words = reader.words
        let narrow = UInt32(exactly: factor)
        var numbers = Lanes.filled(count: total) { numbers in
            numbers[0] = 0
            for width in 1...64 where rowCounts[width] > 0 {
                var stream = numbers._mutatingExtracting(starts[width]..<(starts[width] + rowCounts[width]))
                PackKernels.unpack(words, from: firstWords[width], base: 0, factor: narrow ?? 1, width: width, into: &stream)
            }
        }
        if narrow == nil {
            var rows = numbers.mutableSpan
            for row in 0..<rows.count { rows[row] = rows[row] &* factor }
        }
        self.numbers = numbers
        self.starts = starts
    }

    /// The base of each row's code and the next number of its width.
    ///
    /// - Parameters:
    ///   - bases: By place.
    ///   - references: The rows' codes.
    ///   - widthOfRow: As many rows of each width as it has numbers.
    func values(above bases: [Int64], _ references: CodePlaces, _ widthOfRow: [UInt8]) -> [Int64] {
        var next = starts.map { Int64($0) }
        let count = references.count
        precondition(widthOfRow.count == count && bases.count == references.span)
        // Bounds: every place has a base; widths are at most 64; a width's numbers are as many as its rows.
        return unsafe [Int64](unsafeUninitializedCapacity: count) { values, filledCount in
            unsafe ck_map(references.places, widthOfRow, count, bases, numbers, &next, values.baseAddress)
            filledCount = count
        }
    }
}
