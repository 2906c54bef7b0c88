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
            return readHeads(grid, heads.span, from: head, at: base, into: &target, &mask)
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
        codes.resize(to: forAllRows ? rowLimit : min(rowLimit, max(needed * 8, codes.count * 2)))
    }

    override func finish() -> (values: ParsedValues, validity: Validity) {
        if let reader = identifiers {
            let values = reader.finish()
            identifiers = nil
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

    /// Reads from `head` on; stops at a NULL without a mask to note it in.
    ///
    /// Hashes all heads first and looks them up afterwards, so that the cache misses of the lookups overlap.
    private func readHeads(
        _ grid: FieldGrid, _ heads: Span<UInt32>, from first: Int, at base: Int, into codes: inout MutableSpan<UInt32>,
        _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        precondition(base + heads.count <= codes.count && (mask.isEmpty || base + heads.count <= mask.count))
        var dictionary = ChunkDictionary()
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
        // Bounds: as checked above.
        while head < heads.count {
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
            let key = ChunkDictionary.key(bytes, start, end &- start)
            pending.append(
                PendingLookup(
                    key: key, hash: isAppendOnly ? 0 : ChunkDictionary.hash(key, bytes, start),
                    start: UInt32(truncatingIfNeeded: start), head: UInt32(truncatingIfNeeded: head)))
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
        if isAppendOnly {
            for index in 0..<lookups.count {
                let (head, start) = (Int(lookups[index].head), Int(lookups[index].start))
                codes[base + head] = add(grid.bytes, start, lookups[index].key.length) { reason in
                    fail(head, reason, raw: start..<(start + lookups[index].key.length), grid: grid)
                }
            }
            return
        }
        dictionary.prefetch(lookups)
        for index in 0..<lookups.count {
            let lookup = lookups[index]
            let start = Int(truncatingIfNeeded: lookup.start)
            let place = base &+ Int(truncatingIfNeeded: lookup.head)
            if let known = dictionary.find(lookup.key, hash: lookup.hash, grid.bytes, start) {
                codes[place] = known
            } else {
                codes[place] = insert(lookup.key, lookup.hash, grid.bytes, start, &dictionary) { reason in
                    fail(Int(lookup.head), reason, raw: start..<(start + lookup.key.length), grid: grid)
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
        let key = ChunkDictionary.key(bytes, start, length)
        let hash = ChunkDictionary.hash(key, bytes, start)
        if let known = dictionary.find(key, hash: hash, bytes, start) { return known }
        return insert(key, hash, bytes, start, &dictionary, refuse)
    }

    /// Adds an entry. A faulty string never becomes one: its row is refused and its code means nothing.
    private func insert(
        _ key: ChunkDictionary.Key, _ hash: UInt64, _ bytes: ChunkBytes, _ start: Int,
        _ dictionary: inout ChunkDictionary, _ refuse: (RejectReason) -> Void
    ) -> UInt32 {
        if let reason = fault(bytes, start, key.length) {
            refuse(reason)
            return 0
        }
        return dictionary.insert(key, hash: hash, bytes, start)
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
