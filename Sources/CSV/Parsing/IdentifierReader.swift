import CKernels
import Columns

/// Reads fields as codes of an identifier domain, straight from their digits.
///
/// A string of no known format gets a code of the exception format that numbers it among the chunk's misfits.
struct IdentifierReader {
    private struct Shape {
        let prefix: [UInt8]
        /// The prefix's first eight bytes, and which bits of a word they take.
        let word: UInt64
        let mask: UInt64
        let length: Int
        let digitCount: Int
        /// The format's number, in the code's place.
        let tag: UInt64

        /// As the kernel takes it, nil if its prefix is too long for that.
        var kernelFormat: ck_identifier_format? {
            guard prefix.count <= 8 else { return nil }
            return ck_identifier_format(
                prefix: word, prefix_length: Int32(prefix.count), digit_count: Int32(digitCount), tag: tag)
        }
    }

    private let shapes: [Shape]
    /// The shape that fitted last.
    private var latest = 0
    private var codes: [UInt64] = []
    private var misfits = StringColumn()

    init(formats: [IdentifierDomain.Format]) {
        shapes = formats.enumerated().map { place, format in
            var word: UInt64 = 0
            for (index, byte) in format.prefix.prefix(8).enumerated() { word |= UInt64(byte) << UInt64(index * 8) }
            let bits = UInt64(min(8, format.prefix.count) * 8)
            return Shape(
                prefix: format.prefix, word: word, mask: bits == 0 ? 0 : ~0 >> (64 - bits),
                length: format.prefix.count + format.digitCount, digitCount: format.digitCount,
                tag: UInt64(place) << 60)
        }
    }

    /// Reads from `head` on; stops at a NULL without a mask to note it in.
    mutating func read(
        _ grid: FieldGrid, _ heads: Span<UInt32>, from first: Int, at base: Int, into mask: inout MutableSpan<UInt8>,
        builder: TextColumnBuilder
    ) -> Int {
        precondition(mask.isEmpty || base + heads.count <= mask.count)
        let column = builder.request.fileColumn
        let bytes = grid.bytes
        let hasNullTokens = !builder.nullTokens.isEmpty
        let hasMask = !mask.isEmpty
        let mayHaveQuotes = grid.mayHaveQuotes
        let shapes = self.shapes
        var shape = shapes[latest]
        var codes = self.codes
        self.codes = []
        let limit = builder.rowLimit
        makeRoom(&codes, base + heads.count, usual: heads.count == grid.rowCount ? limit : min(limit, base * 2 + heads.count * 8))
        defer { self.codes = codes }
        var target = codes.mutableSpan
        // Whole stretches of fields of one format; given up where they turn out short.
        var shortStretches = hasNullTokens || (hasMask && builder.request.isRequired) ? 8 : 0
        var head = first
        while head < heads.count {
            if shortStretches < 8, let format = shape.kernelFormat {
                let next = grid.readIdentifiers(column, heads, from: head, format: format, into: &target, at: base, &mask)
                if next &- head < 4 { shortStretches &+= 1 }
                head = next
                if head == heads.count { break }
            }
            let row = Int(heads[head])
            let start = grid.start(row, column)
            let end = grid.end(row, column)
            if start == end {
                guard hasMask else { break }
                mask[base &+ head] = 0
                target[base &+ head] = 0
                if builder.request.isRequired { builder.fail(head, .missingValue, raw: start..<end, grid: grid) }
            } else if !hasNullTokens,
                let number = mayHaveQuotes && bytes[start] == grid.quote
                    ? IdentifierReader.number(bytes, start &+ 1, end &- 1, shape)
                    : IdentifierReader.number(bytes, start, end, shape)
            {
                target[base &+ head] = shape.tag | number
            } else if let code = readAnyShape(grid, row, head: head, builder) {
                target[base &+ head] = code
                shape = shapes[latest]
            } else {
                guard hasMask else { break }
                mask[base &+ head] = 0
                target[base &+ head] = 0
            }
            head &+= 1
        }
        return head
    }

    /// Room for `needed` codes; what is new is written before it is read.
    private func makeRoom(_ codes: inout [UInt64], _ needed: Int, usual: Int) {
        guard codes.count < needed else { return }
        let capacity = max(needed, usual)
        let known = codes
        // Any bits are a code; those beyond `known` are overwritten before anybody reads them.
        codes = unsafe [UInt64](unsafeUninitializedCapacity: capacity) { memory, filledCount in
            for row in 0..<known.count { unsafe memory[row] = known[row] }
            filledCount = capacity
        }
    }

    /// - Parameter count: Fields read.
    mutating func finish(count: Int) -> ParsedValues {
        codes.removeLast(codes.count - count)
        return .identifiers(codes: codes, misfits: misfits)
    }

    /// nil for NULL.
    @inline(never)
    private mutating func readAnyShape(
        _ grid: FieldGrid, _ row: Int, head: Int, _ builder: TextColumnBuilder
    ) -> UInt64? {
        guard let content = builder.content(grid, row) else {
            if builder.request.isRequired { builder.fail(head, .missingValue, raw: 0..<0, grid: grid) }
            return nil
        }
        let end = content.start + content.length
        // An empty string fits no format, as one has a digit at least.
        if content.length > 0 {
            for place in shapes.indices {
                guard let number = IdentifierReader.number(content.bytes, content.start, end, shapes[place]) else { continue }
                latest = place
                return shapes[place].tag | number
            }
        }
        if let fault = builder.fault(content.bytes, content.start, content.length) {
            builder.fail(head, fault, raw: content.start..<end, grid: grid)
            return 0
        }
        content.bytes.append(content.start..<end, to: &misfits)
        return IdentifierDomain.exceptionFormat << 60 | UInt64(misfits.count - 1)
    }

    @inline(__always)
    private static func number(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ shape: Shape) -> UInt64? {
        // Words may reach beyond the field, into the padding at worst.
        guard end &- start == shape.length, (bytes.word(at: start) ^ shape.word) & shape.mask == 0 else { return nil }
        if shape.prefix.count > 8 {
            for index in 8..<shape.prefix.count where bytes[start &+ index] != shape.prefix[index] { return nil }
        }
        let count = shape.digitCount
        guard let last = NumberParsing.eightDigits(ofASCII: NumberParsing.digits(bytes, end: end, count: min(8, count)))
        else { return nil }
        if count <= 8 { return UInt64(truncatingIfNeeded: last) }
        guard
            let middle = NumberParsing.eightDigits(
                ofASCII: NumberParsing.digits(bytes, end: end &- 8, count: min(8, count &- 8)))
        else { return nil }
        let low = UInt64(truncatingIfNeeded: middle &* 100_000_000 &+ last)
        if count <= 16 { return low }
        guard
            let first = NumberParsing.eightDigits(
                ofASCII: NumberParsing.digits(bytes, end: end &- 16, count: count &- 16))
        else { return nil }
        return UInt64(truncatingIfNeeded: first) &* 10_000_000_000_000_000 &+ low
    }
}
