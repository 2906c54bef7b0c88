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
            let codes = CodeIndex(best.reference.values)
        else { return nil }
        let table = MappedTable(input.values, codes: codes)
        let streamBits = zip(table.widths, table.counts).reduce(0) { $0 + Int($1.0) * $1.1 }
        let weight = streamBits == 0 ? 150 : 400
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
            table.writeStreams(input.values, codes: codes, into: &writer)
        }
    }

    /// Bits that up to 4096 rows from the middle would take, table included; nil if the codes span too much.
    private static func sampleBits(_ values: [Int64], _ references: [Int64]) -> Int? {
        let count = min(values.count, 4096)
        let start = (values.count - count) / 2
        let rows = Array(values[start..<(start + count)])
        guard let codes = CodeIndex(Array(references[start..<(start + count)])) else { return nil }
        let table = MappedTable(rows, codes: codes)
        let tableBits = 8 * SizeEstimate.byteCount(BlockStatistics(table.bases)) + 4 * table.bases.count
        // The table of the whole block is paid once: its share of the sample is less than the sample's own table.
        let share = min(1, Double(count) / Double(values.count) * 2)
        return zip(table.widths, table.counts).reduce(Int(Double(tableBits) * share)) { $0 + Int($1.0) * $1.1 }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        let references = try context.references.values(ofColumn: column)
        guard references.count == count, let codes = CodeIndex(references) else {
            throw EncodingError(
                "column \(column) has \(references.count) values or codes too far apart, \(count) expected")
        }
        let bases = try EncodingChooser.decodePart(&reader, count: codes.count, context: context)
        let widths = try EncodingChooser.decodePart(&reader, count: codes.count, context: context)
        guard IndexCheck.all(widths, below: 65) else { throw EncodingError("a width of more than 64 bits") }
        var values = [Int64](repeating: 0, count: count)
        if widths.allSatisfy({ $0 == 0 }) {
            for row in 0..<count { values[row] = bases[Int(codes.indexes[row])] }
            return values
        }
        let streams = try MappedStreams(&reader, codes: codes, widths: widths)
        streams.add(bases: bases, codes: codes, to: &values)
        return values
    }
}

/// Each row's code as a number among the codes that occur, in ascending order.
struct CodeIndex {
    let count: Int
    let indexes: [UInt32]

    /// nil if the codes span more than 65536 numbers and more than 16 for each row.
    init?(_ codes: [Int64]) {
        var low = Int64.max
        var high = Int64.min
        for row in 0..<codes.count {
            low = min(low, codes[row])
            high = max(high, codes[row])
        }
        guard !codes.isEmpty, UInt64(bitPattern: high &- low) < UInt64(max(1 << 16, 16 * codes.count)) else {
            return nil
        }
        var place = [UInt32](repeating: 0, count: Int(high - low) + 1)
        for row in 0..<codes.count { place[Int(codes[row] &- low)] = 1 }
        var next: UInt32 = 0
        for slot in 0..<place.count {
            let occurs = place[slot]
            place[slot] = next
            next &+= occurs
        }
        var result = [UInt32](repeating: 0, count: codes.count)
        for row in 0..<codes.count { result[row] = place[Int(codes[row] &- low)] }
        indexes = result
        count = Int(next)
    }
}

/// Smallest value, bits and rows of each code.
struct MappedTable {
    let bases: [Int64]
    let widths: [Int64]
    let counts: [Int]

    init(_ values: [Int64], codes: CodeIndex) {
        var low = [Int64](repeating: .max, count: codes.count)
        var high = [Int64](repeating: .min, count: codes.count)
        var rows = [Int](repeating: 0, count: codes.count)
        for row in 0..<values.count {
            let index = Int(codes.indexes[row])
            low[index] = min(low[index], values[row])
            high[index] = max(high[index], values[row])
            rows[index] &+= 1
        }
        bases = low
        widths = zip(low, high).map { Int64(BlockStatistics.width(from: $0, to: $1)) }
        counts = rows
    }

    func writeStreams(_ values: [Int64], codes: CodeIndex, into writer: inout ByteWriter) {
        var streams = [[Int64]](repeating: [], count: 65)
        for row in 0..<values.count {
            let index = Int(codes.indexes[row])
            let width = Int(widths[index])
            if width > 0 { streams[width].append(values[row] &- bases[index]) }
        }
        for width in 1...64 where !streams[width].isEmpty {
            writer.append(words: PackKernels.pack(streams[width], base: 0, width: width))
        }
    }
}

/// The numbers of all widths one behind the other, with the place of the next one of each width.
private struct MappedStreams {
    private var numbers: [Int64]
    private var starts: [Int]
    private let widths: [Int64]

    init(_ reader: inout BlockReader, codes: CodeIndex, widths: [Int64]) throws(EncodingError) {
        var rowCounts = [Int](repeating: 0, count: 65)
        for row in 0..<codes.indexes.count { rowCounts[Int(widths[Int(codes.indexes[row])])] &+= 1 }
        self.widths = widths
        // Width 0 reads a zero that stays in place: its numbers are one zero, never stepped over.
        numbers = [0]
        starts = [Int](repeating: 0, count: 65)
        for width in 1...64 where rowCounts[width] > 0 {
            let first = try reader.skipWords(PackKernels.wordCount(count: rowCounts[width], width: width))
            let words = reader.words
            let stream = Lanes.filled(count: rowCounts[width]) { stream in
                PackKernels.unpack(words, from: first, base: 0, width: width, into: &stream)
            }
            starts[width] = numbers.count
            numbers += stream
        }
    }

    func add(bases: [Int64], codes: CodeIndex, to values: inout [Int64]) {
        var next = starts
        for row in 0..<values.count {
            let index = Int(codes.indexes[row])
            let width = Int(widths[index])
            let place = next[width]
            values[row] = bases[index] &+ numbers[place]
            next[width] = place &+ min(width, 1)
        }
    }
}
