import CKernels
import Columns

/// Text: codes of a dictionary that lasts from chunk to chunk, or of an identifier domain whose formats are known.
final class TextColumnBuilder: ColumnBuilder {
    /// A dictionary of more entries than this does not outlive its chunk.
    private static let lastingEntryLimit = 1 << 18
    private static let lastingByteLimit = 16 << 20

    private var dictionary = ChunkDictionary()
    /// Strings of a column that is nearly unique: from `appendOnlyFirst` on every one got a new code, unlooked.
    private var appended = StringColumn()
    private var isAppendOnly = false
    /// Entries there were when the chunk began.
    private var knownCount = 0
    private var lookupCount = 0
    private var identifiers: IdentifierReader?
    /// The code of each string of one or two bytes, by these bytes; `UInt32.max` if it has none yet.
    private var shortCodes: [UInt32] = []
    /// Columns of a file up to which they have short codes, 64 KiB each.
    private static let shortCodeColumnLimit = 512
    private var codes: [UInt32] = []
    private var pending: [PendingLookup] = []
    private var lookups = FieldLookups()
    private let scratch = ScratchText()

    /// - Parameter formats: Of the column's identifier domain, empty if it has none or is not known yet.
    /// - Returns: Whether the codes given before still mean the same.
    func begin(rowLimit: Int, formats: [IdentifierDomain.Format]) -> Bool {
        super.begin(rowLimit: rowLimit)
        identifiers = formats.isEmpty ? nil : IdentifierReader(formats: formats)
        if isAppendOnly || dictionary.count > TextColumnBuilder.lastingEntryLimit
            || dictionary.entries.bytes.count > TextColumnBuilder.lastingByteLimit || identifiers != nil
        {
            dictionary = ChunkDictionary()
            appended = StringColumn()
            isAppendOnly = false
            shortCodes = []
        }
        knownCount = dictionary.count
        lookupCount = 0
        codes = []
        return knownCount > 0
    }

    /// Whether its values are, as far as seen, codes of a dictionary.
    var isDictionary: Bool { identifiers == nil && !isAppendOnly }

    override func append(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) {
        if var reader = identifiers {
            identifiers = nil
            readWithMask(heads.count) { head, mask in
                reader.read(grid, heads.span, from: head, at: count, into: &mask, builder: self)
            }
            identifiers = reader
            return
        }
        var codes = self.codes
        self.codes = []
        let base = count
        makeRoom(&codes, base + heads.count, forAllRows: heads.count == grid.rowCount)
        judge()
        readWithMask(heads.count) { head, mask in
            var target = codes.mutableSpan
            let next = areLookedUpTogether(grid, heads, from: head)
                ? readTogether(grid, heads.span, from: head, at: base, into: &target, &mask) : head
            return readHeads(grid, heads.span, from: next, at: base, into: &target, &mask)
        }
        self.codes = codes
    }

    /// Makes room for values that a `TextTuple` stores.
    func beginTuple(_ headCount: Int) -> [UInt32] {
        var codes = self.codes
        self.codes = []
        makeRoom(&codes, count + headCount, forAllRows: true)
        return codes
    }

    func endTuple(_ codes: [UInt32]) { self.codes = codes }

    private func makeRoom(_ codes: inout [UInt32], _ needed: Int, forAllRows: Bool) {
        guard codes.count < needed else { return }
        let capacity = forAllRows ? rowLimit : min(rowLimit, max(needed * 8, codes.count * 2))
        let known = codes
        precondition(capacity >= needed, "a chunk has no more rows than lines")
        // Codes beyond those known are written before anybody reads them.
        codes = unsafe [UInt32](unsafeUninitializedCapacity: capacity) { memory, filledCount in
            for row in 0..<known.count { unsafe memory[row] = known[row] }
            filledCount = capacity
        }
    }

    override func finish() -> (values: ParsedValues, validity: Validity) {
        if var reader = identifiers {
            identifiers = nil
            let values = reader.finish(count: count)
            return (values, validity())
        }
        codes.removeLast(codes.count - count)
        let result = codes
        codes = []
        let entries = isAppendOnly ? appended : dictionary.entries
        return (.text(codes: result, entries: entries, knownCount: knownCount), validity())
    }

    /// A column that is nearly unique is not worth looking up.
    private func judge() {
        guard !isAppendOnly, lookupCount >= 2048, (dictionary.count - knownCount) * 10 >= lookupCount * 9 else { return }
        isAppendOnly = true
        appended = dictionary.takeEntries()
    }

    /// The place of one or two ASCII characters among the short codes; nil for other bytes, NUL among them.
    @inline(__always)
    private static func shortPlace(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Int? {
        guard start < end else { return nil }
        let pair = bytes.halfWord(at: start)
        let first = Int(pair & 0xFF)
        // One character alone has a zero as its second, which no sound string of two has.
        let second = end &- start == 2 ? Int(pair &>> 8) : 0
        guard first < 0x80, second < 0x80, end &- start == 1 || second != 0 else { return nil }
        return second &<< 7 | first
    }

    /// Whether the fields look like strings that are neither quoted nor so short that a table knows them.
    private func areLookedUpTogether(_ grid: FieldGrid, _ heads: [UInt32], from head: Int) -> Bool {
        guard !isAppendOnly, nullTokens.isEmpty, heads.count - head >= 16 else { return false }
        let column = request.fileColumn
        return [head, heads.count - 1].contains { place in
            let (start, end) = (grid.start(Int(heads[place]), column), grid.end(Int(heads[place]), column))
            return end - start > 2 && !(grid.mayHaveQuotes && grid.bytes[start] == grid.quote)
        }
    }

    /// Reads from `head` on, all fields at once as far as they are known; stops at a NULL without a mask to note it in.
    private func readTogether(
        _ grid: FieldGrid, _ heads: Span<UInt32>, from first: Int, at base: Int, into codes: inout MutableSpan<UInt32>,
        _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        precondition(base + heads.count <= codes.count && (mask.isEmpty || base + heads.count <= mask.count))
        let column = request.fileColumn
        let count = heads.count - first
        var lookups = self.lookups
        self.lookups = FieldLookups()
        defer { self.lookups = lookups }
        lookups.hash(grid, column...column, rows: heads.extracting(first...))
        dictionary.find(&lookups, count: count, grid.bytes)
        let found = lookups.codes.span
        let mayHaveQuotes = grid.mayHaveQuotes
        var presentCount = 0
        defer { lookupCount += presentCount }
        for index in 0..<count {
            // An empty field is NULL, also where a quoted one has made the empty string known; a quoted field may have the bytes of a
            // string that has quotes.
            if found[index] != .max, lookups.start(index) != lookups.end(index), !mayHaveQuotes || grid.bytes[lookups.start(index)] != grid.quote {
                codes[base &+ first &+ index] = found[index]
                presentCount &+= 1
                continue
            }
            let row = Int(heads[first &+ index])
            guard let content = content(grid, row) else {
                guard !mask.isEmpty else { return first + index }
                mask[base &+ first &+ index] = 0
                codes[base &+ first &+ index] = 0
                if request.isRequired {
                    fail(first + index, .missingValue, raw: grid.start(row, column)..<grid.end(row, column), grid: grid)
                }
                continue
            }
            presentCount &+= 1
            codes[base &+ first &+ index] = code(content.bytes, content.start, content.length, &dictionary) { reason in
                let isQuoted = mayHaveQuotes && grid.bytes[grid.start(row, column)] == grid.quote ? 1 : 0
                let raw = (grid.start(row, column) + isQuoted)..<(grid.end(row, column) - isQuoted)
                fail(first + index, reason, raw: raw, grid: grid)
            }
        }
        return heads.count
    }

    /// Reads from `head` on; stops at a NULL without a mask to note it in.
    ///
    /// Hashes all heads first and looks them up afterwards, so that the cache misses of the lookups overlap.
    private func readHeads(
        _ grid: FieldGrid, _ heads: Span<UInt32>, from first: Int, at base: Int, into codes: inout MutableSpan<UInt32>,
        _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        precondition(base + heads.count <= codes.count && (mask.isEmpty || base + heads.count <= mask.count))
        var dictionary = ChunkDictionary.withoutMemory
        swap(&dictionary, &self.dictionary)
        defer { swap(&dictionary, &self.dictionary) }
        var pending = self.pending
        self.pending = []
        defer { self.pending = pending }
        pending.removeAll(keepingCapacity: true)
        pending.reserveCapacity(heads.count)
        let column = request.fileColumn
        let bytes = grid.bytes
        let isPlain = !grid.mayHaveQuotes && nullTokens.isEmpty
        let isAppendOnly = self.isAppendOnly
        let hasMask = !mask.isEmpty
        var shortCodes = self.shortCodes
        self.shortCodes = []
        defer { self.shortCodes = shortCodes }
        let takesShort = !isAppendOnly && grid.columnCount <= TextColumnBuilder.shortCodeColumnLimit
        var head = first
        // Whole stretches of short strings; given up where they turn out short.
        var shortStretches = takesShort && nullTokens.isEmpty ? 0 : 8
        // Bounds: as checked above.
        while head < heads.count {
            if shortStretches < 8, !shortCodes.isEmpty {
                let next = grid.readShortStrings(column, heads, from: head, table: shortCodes, into: &codes, at: base)
                if next &- head < 4 { shortStretches &+= 1 }
                lookupCount &+= next &- head
                head = next
                if head == heads.count { break }
            }
            let row = unsafe Int(heads[unchecked: head])
            var start = grid.start(row, column)
            var end = grid.end(row, column)
            if start == end || (!isPlain && isNull(grid, start, end)) {
                guard hasMask else { break }
                unsafe mask[unchecked: base &+ head] = 0
                unsafe codes[unchecked: base &+ head] = 0
                if request.isRequired { fail(head, .missingValue, raw: start..<end, grid: grid) }
                head &+= 1
                continue
            }
            if !isPlain, grid.mayHaveQuotes, bytes[start] == grid.quote {
                start &+= 1
                end &-= 1
                if grid.mayHaveDoubledQuotes, hasQuote(grid, start, end) {
                    // In turn, as codes go by first appearance.
                    lookUp(pending.span, grid, at: base, &dictionary, &codes)
                    pending.removeAll(keepingCapacity: true)
                    let content = scratch.content(of: bytes, start, end, quote: grid.quote)
                    codes[base + head] = code(content.bytes, content.start, content.length, &dictionary) { reason in
                        fail(head, reason, raw: start..<end, grid: grid)
                    }
                    head &+= 1
                    continue
                }
            }
            if takesShort, end &- start <= 2, let place = TextColumnBuilder.shortPlace(bytes, start, end) {
                if shortCodes.isEmpty { shortCodes = [UInt32](repeating: .max, count: 1 << 14) }
                if shortCodes[place] == .max {
                    lookUp(pending.span, grid, at: base, &dictionary, &codes)
                    pending.removeAll(keepingCapacity: true)
                    var isSound = true
                    let found = code(bytes, start, end &- start, &dictionary) { reason in
                        isSound = false
                        fail(head, reason, raw: start..<end, grid: grid)
                    }
                    if isSound { shortCodes[place] = found }
                    unsafe codes[unchecked: base &+ head] = found
                } else {
                    unsafe codes[unchecked: base &+ head] = shortCodes[place]
                }
                lookupCount &+= 1
                head &+= 1
                continue
            }
            pending.append(
                PendingLookup(
                    hash: isAppendOnly ? 0 : ChunkDictionary.hash(bytes, start, end &- start),
                    start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: end &- start),
                    head: UInt32(truncatingIfNeeded: head)))
            head &+= 1
        }
        lookUp(pending.span, grid, at: base, &dictionary, &codes)
        return head
    }

    /// Stores the codes of the strings that wait, adding those that are new.
    private func lookUp(
        _ lookups: Span<PendingLookup>, _ grid: FieldGrid, at base: Int, _ dictionary: inout ChunkDictionary,
        _ codes: inout MutableSpan<UInt32>
    ) {
        lookupCount += lookups.count
        if !isAppendOnly { dictionary.prefetch(lookups) }
        for index in 0..<lookups.count {
            let lookup = lookups[index]
            let (start, length) = (Int(truncatingIfNeeded: lookup.start), Int(truncatingIfNeeded: lookup.length))
            let place = base &+ Int(truncatingIfNeeded: lookup.head)
            if isAppendOnly {
                codes[place] = add(grid.bytes, start, length) { reason in
                    fail(Int(lookup.head), reason, raw: start..<(start + length), grid: grid)
                }
            } else if let known = dictionary.find(hash: lookup.hash, grid.bytes, start, length) {
                codes[place] = known
            } else {
                codes[place] = insert(lookup.hash, grid.bytes, start, length, &dictionary) { reason in
                    fail(Int(lookup.head), reason, raw: start..<(start + length), grid: grid)
                }
            }
        }
    }

    /// The code of a string that is not among those that wait.
    private func code(
        _ bytes: ChunkBytes, _ start: Int, _ length: Int, _ dictionary: inout ChunkDictionary,
        _ refuse: (RejectReason) -> Void
    ) -> UInt32 {
        if isAppendOnly { return add(bytes, start, length, refuse) }
        let hash = ChunkDictionary.hash(bytes, start, length)
        if let known = dictionary.find(hash: hash, bytes, start, length) { return known }
        return insert(hash, bytes, start, length, &dictionary, refuse)
    }

    /// Adds an entry. A faulty string never becomes one: its row is refused and its code means nothing.
    private func insert(
        _ hash: UInt64, _ bytes: ChunkBytes, _ start: Int, _ length: Int,
        _ dictionary: inout ChunkDictionary, _ refuse: (RejectReason) -> Void
    ) -> UInt32 {
        if let reason = fault(bytes, start, length) {
            refuse(reason)
            return 0
        }
        return dictionary.insert(hash: hash, bytes, start, length)
    }

    private func add(
        _ bytes: ChunkBytes, _ start: Int, _ length: Int, _ refuse: (RejectReason) -> Void
    ) -> UInt32 {
        if let reason = fault(bytes, start, length) {
            refuse(reason)
            return 0
        }
        bytes.append(start..<(start + length), to: &appended)
        return UInt32(truncatingIfNeeded: appended.count - 1)
    }

    /// The content of a field, without its quotes; nil for NULL.
    func content(_ grid: FieldGrid, _ row: Int) -> (bytes: ChunkBytes, start: Int, length: Int)? {
        var start = grid.start(row, request.fileColumn)
        var end = grid.end(row, request.fileColumn)
        if start == end || isNull(grid, start, end) { return nil }
        var content = (bytes: grid.bytes, start: start, length: end - start)
        if grid.mayHaveQuotes, grid.bytes[start] == grid.quote {
            start += 1
            end -= 1
            content = scratch.content(of: grid.bytes, start, end, quote: grid.quote)
        }
        return content
    }

    /// The code of one field for a `TextTuple`; nil for NULL. A faulty field is refused.
    func tupleCode(_ grid: FieldGrid, _ row: Int, head: Int) -> (code: UInt32?, isSound: Bool) {
        lookupCount += 1
        guard let content = content(grid, row) else {
            if request.isRequired { fail(head, .missingValue, raw: 0..<0, grid: grid) }
            return (nil, !request.isRequired)
        }
        if let fault = fault(content.bytes, content.start, content.length) {
            fail(head, fault, raw: content.start..<(content.start + content.length), grid: grid)
            return (0, false)
        }
        return (code(content.bytes, content.start, content.length, &dictionary) { _ in }, true)
    }

    private func hasQuote(_ grid: FieldGrid, _ start: Int, _ end: Int) -> Bool {
        for position in start..<end where grid.bytes[position] == grid.quote { return true }
        return false
    }

    @inline(__always)
    private func isNull(_ grid: FieldGrid, _ start: Int, _ end: Int) -> Bool {
        !nullTokens.isEmpty && !(grid.mayHaveQuotes && grid.bytes[start] == grid.quote)
            && isNullToken(grid.bytes, start, end)
    }

    func fault(_ bytes: ChunkBytes, _ start: Int, _ length: Int) -> RejectReason? {
        // start..<start + length lies within the chunk or the scratch memory.
        if unsafe ck_first_malformed_utf8(bytes.pointer + start, length) < length { return .invalidEncoding }
        if unsafe ck_count_byte(bytes.pointer + start, length, 0) > 0 { return .nulByte }
        if request.rejectsScientificNotation, length <= 64, ScientificNotation.matches(bytes, start, start + length) {
            return .scientificNotation
        }
        return nil
    }
}
