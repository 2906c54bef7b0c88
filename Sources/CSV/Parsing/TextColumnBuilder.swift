import CKernels
import Columns

/// Text: codes of a dictionary of the chunk.
final class TextColumnBuilder: ColumnBuilder {
    private var dictionary = ChunkDictionary()
    private var codes: [UInt32]
    private var headCodes: [UInt32] = []
    private var headPresent: [UInt8] = []
    private var pending: [PendingLookup] = []
    /// Entries no row may have.
    private var faults: [UInt32: RejectReason] = [:]
    private let scratch = ScratchText()

    override init(_ request: CSVColumnRequest, index: Int, nullTokens: [[UInt8]], rowLimit: Int) {
        codes = [UInt32](repeating: 0, count: rowLimit)
        super.init(request, index: index, nullTokens: nullTokens, rowLimit: rowLimit)
    }

    override func append(_ grid: FieldGrid, _ runs: RowRuns, _ context: ChunkContext) {
        var heads = headCodes
        headCodes = []
        var present = headPresent
        headPresent = []
        if heads.count < runs.heads.count {
            heads = [UInt32](repeating: 0, count: runs.heads.count)
            present = [UInt8](repeating: 1, count: runs.heads.count)
        }
        let nullCount = readHeads(grid, runs, into: &heads, &present)
        storePresence(present.span, nullCount: nullCount, rowCount: grid.rowCount, runs: runs)
        var codes = self.codes
        self.codes = []
        var target = codes.mutableSpan
        expand(heads.span, runs, count: grid.rowCount, into: &target, at: rowCount - grid.rowCount)
        self.codes = codes
        headCodes = heads
        headPresent = present
    }

    override func finish() -> ParsedColumn {
        codes.removeLast(codes.count - rowCount)
        let entries = StringColumn(offsets: dictionary.offsets, bytes: dictionary.bytes)
        return ParsedColumn(
            type: .text,
            values: .text(codes: codes, entries: entries, entriesAreDistinct: !dictionary.isAppendOnly),
            validity: validity())
    }

    /// Returns the number of NULLs.
    ///
    /// Hashes all heads first and looks them up afterwards, so that the cache misses of the lookups overlap.
    private func readHeads(
        _ grid: FieldGrid, _ runs: RowRuns, into codes: inout [UInt32], _ present: inout [UInt8]
    ) -> Int {
        var dictionary = ChunkDictionary()
        swap(&dictionary, &self.dictionary)
        defer { swap(&dictionary, &self.dictionary) }
        dictionary.judge()
        var pending = self.pending
        self.pending = []
        defer { self.pending = pending }
        pending.removeAll(keepingCapacity: true)
        pending.reserveCapacity(runs.heads.count)
        let column = request.fileColumn
        let bytes = grid.bytes
        let isPlain = !grid.mayHaveQuotes && nullTokens.isEmpty
        let isAppendOnly = dictionary.isAppendOnly
        let heads = runs.heads.span
        var targets = codes.mutableSpan
        var presence = present.mutableSpan
        var nullCount = 0
        for head in 0..<heads.count {
            let row = Int(heads[head])
            var start = grid.start(row, column)
            var end = grid.end(row, column)
            presence[head] = 1
            if start == end || (!isPlain && isNull(grid, start, end)) {
                presence[head] = 0
                targets[head] = 0
                nullCount &+= 1
                if request.isRequired { fail(head, .missingValue, raw: start..<end, grid: grid) }
                continue
            }
            if !isPlain, grid.mayHaveQuotes, bytes[start] == grid.quote {
                start &+= 1
                end &-= 1
                if hasQuote(grid, start, end) {
                    // In turn, as codes go by first appearance.
                    lookUp(pending.span, grid, &dictionary, &targets)
                    pending.removeAll(keepingCapacity: true)
                    let content = scratch.content(of: bytes, start, end, quote: grid.quote)
                    let key = ChunkDictionary.key(content.bytes, content.start, content.length)
                    targets[head] = code(key, content.bytes, content.start, &dictionary)
                    refuseFaulty(head, targets[head], start..<end, grid)
                    continue
                }
            }
            let key = ChunkDictionary.key(bytes, start, end &- start)
            pending.append(
                PendingLookup(
                    key: key, hash: isAppendOnly ? 0 : ChunkDictionary.hash(key, bytes, start),
                    start: UInt32(truncatingIfNeeded: start), head: UInt32(truncatingIfNeeded: head)))
        }
        lookUp(pending.span, grid, &dictionary, &targets)
        dictionary.noteLookups(heads.count - nullCount)
        return nullCount
    }

    /// Stores the codes of the strings that wait, adding those that are new.
    private func lookUp(
        _ lookups: Span<PendingLookup>, _ grid: FieldGrid, _ dictionary: inout ChunkDictionary,
        _ targets: inout MutableSpan<UInt32>
    ) {
        dictionary.prefetch(lookups)
        for index in 0..<lookups.count {
            let lookup = lookups[index]
            let head = Int(lookup.head)
            let start = Int(lookup.start)
            if !dictionary.isAppendOnly, let known = dictionary.find(lookup.key, hash: lookup.hash, grid.bytes, start) {
                targets[head] = known
            } else {
                targets[head] = insert(lookup.key, lookup.hash, grid.bytes, start, &dictionary)
            }
            if !faults.isEmpty { refuseFaulty(head, targets[head], start..<(start + lookup.key.length), grid) }
        }
    }

    private func refuseFaulty(_ head: Int, _ code: UInt32, _ range: Range<Int>, _ grid: FieldGrid) {
        if let reason = faults[code] { fail(head, reason, raw: range, grid: grid) }
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

    private func code(
        _ key: ChunkDictionary.Key, _ bytes: ChunkBytes, _ start: Int, _ dictionary: inout ChunkDictionary
    ) -> UInt32 {
        let hash = ChunkDictionary.hash(key, bytes, start)
        if !dictionary.isAppendOnly, let known = dictionary.find(key, hash: hash, bytes, start) { return known }
        return insert(key, hash, bytes, start, &dictionary)
    }

    /// Adds an entry; what is wrong with a string is found once, here, and holds for every row that has it.
    private func insert(
        _ key: ChunkDictionary.Key, _ hash: UInt64, _ bytes: ChunkBytes, _ start: Int,
        _ dictionary: inout ChunkDictionary
    ) -> UInt32 {
        let code = dictionary.insert(key, hash: hash, bytes, start)
        if let reason = fault(bytes, start, key.length) { faults[code] = reason }
        return code
    }

    private func fault(_ bytes: ChunkBytes, _ start: Int, _ length: Int) -> RejectReason? {
        // start..<start + length lies within the chunk or the scratch memory.
        if unsafe ck_first_malformed_utf8(bytes.pointer + start, length) < length { return .invalidEncoding }
        if unsafe ck_count_byte(bytes.pointer + start, length, 0) > 0 { return .nulByte }
        if request.rejectsScientificNotation, length <= 64,
            ScientificNotation.matches(bytes.copy(start..<(start + length)))
        {
            return .scientificNotation
        }
        return nil
    }
}

/// Room for a quoted field whose doubled quotes are made single.
@safe
final class ScratchText {
    private var memory: ChunkMemory?

    /// The content between the quotes: in place, or in scratch memory that is valid until the next call.
    func content(
        of bytes: ChunkBytes, _ start: Int, _ end: Int, quote: UInt8
    ) -> (bytes: ChunkBytes, start: Int, length: Int) {
        var position = start
        while position < end, bytes[position] != quote { position &+= 1 }
        if position == end { return (bytes, start, end - start) }
        if (memory?.capacity ?? 0) < end - start { memory = ChunkMemory(capacity: max(1024, (end - start) * 2)) }
        guard let target = memory else { return (bytes, start, 0) }
        var length = 0
        position = start
        while position < end {
            let byte = bytes[position]
            // length < end - start <= capacity.
            unsafe target.start[length] = byte
            length += 1
            position += byte == quote ? 2 : 1
        }
        return unsafe (ChunkBytes(base: UnsafePointer(target.start), count: length), 0, length)
    }
}
