import CKernels
import Glibc

/// Cuts decoded bytes into chunks at record ends.
///
/// A cut depends on the bytes alone: the last record end within `chunkSize` bytes and `lineLimit` lines, judged with
/// enough bytes after it to know whether a quote is closed.
final class ChunkStreamState {
    /// A record that is longer than this is no record.
    static let longestRecord = 64 << 20
    /// Lines a chunk holds at most, unless one record has more; bounds what is kept for each row or reject.
    static let lineLimit = 1 << 18
    private static let lookahead = Int(CK_QUOTED_FIELD_LIMIT) + 64
    /// Bytes behind a chunk that are read in any case: as good as every quote before it is closed within them.
    private var usualLookahead: Int { min(64 << 10, chunkSize / 4 + 16) }
    private let path: String
    private let input: DecodedInput
    private let chunkSize: Int
    private let quote: UInt8
    private var swapsLineEnds = false
    private let pool = ChunkMemoryPool()
    private var memory: ChunkMemory
    /// Bytes not handed out yet: `memory[..<filled]`, or `memory[handedOut...][..<filled]`.
    private var filled = 0
    /// Bytes at the front of the memory that belong to the chunk handed out last: whoever asks for the next chunk takes memory
    /// for it, which then often is what another has just given back.
    private var handedOut = 0
    /// Stretches of the memory, counted when they were read and still in the processor's cache.
    private var stretches: [(end: Int, lineFeeds: Int, hasQuote: Bool)] = []
    /// How far what was read is known to have quotes around fields only, for the next cut; not beyond where a chunk may end.
    private var cutPlace = ck_cut_place()
    /// The dialect once chunks are handed out.
    private var dialect: CSVDialect?
    private var isOver = false
    /// Whether the input did not end with a line feed, so that one was added.
    private var isLineFeedAdded = false
    private var nextLine = 1
    private var nextIndex = 0

    /// - Parameter quote: The file's quote, which the dialect must have too. With `CSVDialect.noQuote` that byte must not
    ///   occur in chunks.
    init(path: String, input: DecodedInput, chunkSize: Int, quote: UInt8) {
        self.path = path
        self.quote = quote
        self.input = input
        self.chunkSize = chunkSize
        memory = pool.take(capacity: chunkSize + ChunkStreamState.lookahead)
    }

    var encoding: TextEncoding { input.encoding ?? .utf8 }
    var diskByteCount: Int { input.diskByteCount }

    /// The first bytes of the file, for header and dialect: at most 4 MiB, less only if the file or a chunk is shorter.
    func beginning() throws(CSVError) -> FileBeginning {
        try fill(upTo: FileBeginning.byteLimit + usualLookahead)
        let count = min(filled, FileBeginning.byteLimit)
        // count <= filled, and memory[..<filled] is initialized.
        let bytes = unsafe Array(UnsafeBufferPointer(start: memory.start, count: count))
        let isWhole = isOver && count == filled
        return FileBeginning(bytes: bytes, isWhole: isWhole, isLineFeedAdded: isWhole && isLineFeedAdded)
    }

    /// Leaves out bytes that `beginning` gave.
    func skip(byteCount: Int, lineCount: Int) {
        precondition(byteCount <= filled)
        // To the front, so that there is room for as many bytes after a cut as before any other chunk.
        unsafe memory.start.update(from: memory.start + byteCount, count: filled - byteCount)
        filled -= byteCount
        nextLine += lineCount
        stretches = []
        cutPlace = ck_cut_place()
        count(upTo: filled)
    }

    /// Leaves out the first lines of what `beginning` gave.
    func skip(lineCount: Int) throws(CSVError) {
        let count = min(filled, FileBeginning.byteLimit)
        // ..<count is initialized.
        guard unsafe ck_count_byte(memory.start, count, 0x0A) >= lineCount else {
            throw .tooFewLines(path: path, skipped: lineCount)
        }
        skip(byteCount: position(ofLineFeed: lineCount, in: 0..<count) + 1, lineCount: lineCount)
    }

    /// Swaps CR and LF in everything not handed out yet and in all that follows: lines that end with CR alone are then
    /// cut and split as all others are, and readers of content swap them back.
    func swapLineEnds() {
        if isLineFeedAdded {
            filled -= 1
            isLineFeedAdded = false
        }
        swapsLineEnds = true
        rewrite(0..<filled)
        stretches = []
        cutPlace = ck_cut_place()
        count(upTo: filled)
        if isOver { endLastLine() }
    }

    func next(shape: FileShape) throws(CSVError) -> RawChunk? {
        dialect = shape.dialect
        moveOn()
        try fill(upTo: chunkSize + usualLookahead)
        if filled == 0 { return nil }
        var target = chunkSize
        var lineLimit = ChunkStreamState.lineLimit
        while true {
            let window = min(target, filled)
            let (lineCount, cut) = lines(within: window, limit: lineLimit)
            if let cut {
                let end = try recordEnd(target: cut, dialect: shape.dialect)
                if end > 0 { return handOut(byteCount: end, lineCount: lineLimit - lineFeeds(end..<cut), shape: shape) }
                lineLimit *= 2
                continue
            }
            let end = try recordEnd(target: target, dialect: shape.dialect)
            if end > 0 { return handOut(byteCount: end, lineCount: lineCount - lineFeeds(end..<window), shape: shape) }
            guard target < ChunkStreamState.longestRecord else {
                throw .recordTooLong(path: path, line: nextLine, limitBytes: target)
            }
            target *= 2
            try grow(capacity: target + ChunkStreamState.lookahead)
        }
    }

    /// The line feeds in the first `byteCount` bytes; if there are `limit` or more, the offset behind that one.
    private func lines(within byteCount: Int, limit: Int) -> (count: Int, cut: Int?) {
        var lineCount = 0
        var start = 0
        for stretch in stretches where start < byteCount {
            let end = min(stretch.end, byteCount)
            let found = end == stretch.end ? stretch.lineFeeds : lineFeeds(start..<end)
            if lineCount + found >= limit {
                return (limit, position(ofLineFeed: limit - lineCount, in: start..<end) + 1)
            }
            lineCount += found
            start = end
        }
        precondition(start == byteCount, "Everything read is counted.")
        return (lineCount, nil)
    }

    /// Counts what was read since the last time.
    private func count(upTo end: Int) {
        var start = stretches.last?.end ?? 0
        while start < end {
            // Small enough to be in the first cache when it is looked at a second time.
            let stop = min(start + (16 << 10), end)
            var hasQuote: Int32 = 0
            // start..<stop lies in the memory that is filled.
            let count = unsafe ck_count_lines(ck_level(), memory.start + start, stop - start, quote, &hasQuote)
            stretches.append((stop, count, hasQuote != 0))
            if let dialect, dialect.quote == quote {
                let target = min(stop, chunkSize)
                if hasQuote != 0 || start >= target || !passWithoutQuotes(start..<target) {
                    // Bytes up to `stop` are there, and padding behind them.
                    unsafe ck_pass_regular(
                        ck_level(), memory.start, &cutPlace, target, stop, dialect.delimiter, dialect.quote)
                }
            }
            start = stop
        }
    }

    /// Moves the place of the cut to the end of bytes that have no quote; false if there may be one before them.
    private func passWithoutQuotes(_ range: Range<Int>) -> Bool {
        let known = cutPlace.position
        if known >= range.upperBound { return true }
        // The bytes just before were left out, or a quote among them is open.
        guard known + 256 >= range.lowerBound else { return false }
        for position in known..<max(known, range.lowerBound) where unsafe memory.start[position] == quote { return false }
        var end = range.upperBound
        while end > known, unsafe memory.start[end - 1] != 0x0A { end -= 1 }
        if end > known { cutPlace.record_start = end }
        cutPlace.position = range.upperBound
        return true
    }

    private func lineFeeds(_ range: Range<Int>) -> Int {
        precondition(range.upperBound <= memory.capacity)
        return unsafe ck_count_byte(memory.start + range.lowerBound, range.count, 0x0A)
    }

    /// - Precondition: the range of the memory holds at least `number` line feeds.
    private func position(ofLineFeed number: Int, in range: Range<Int>) -> Int {
        var left = number
        for position in range where unsafe memory.start[position] == 0x0A {
            left -= 1
            if left == 0 { return position }
        }
        preconditionFailure("fewer line feeds than counted")
    }

    private func recordEnd(target: Int, dialect: CSVDialect) throws(CSVError) -> Int {
        if isOver, filled <= target { return filled }
        // Without a quote before the target every line ends a record.
        if dialect.quote == quote, !stretches.contains(where: { $0.hasQuote }) {
            var end = min(target, filled)
            while end > 0, unsafe memory.start[end - 1] != 0x0A { end -= 1 }
            return end
        }
        while true {
            var isOpen: Int32 = 0
            let end = min(target, filled)
            let place = cutPlace.position <= end && dialect.quote == quote ? cutPlace : ck_cut_place()
            // ..<filled is initialized, and followed by padding.
            let found = unsafe ck_last_record_end(
                ck_level(), memory.start, place, end, filled, dialect.delimiter, dialect.quote, &isOpen)
            let known = filled
            if isOpen != 0 { try fill() }
            if filled == known { return found }
        }
    }

    private func handOut(byteCount: Int, lineCount: Int, shape: FileShape) -> RawChunk {
        defer {
            handedOut = byteCount
            filled -= byteCount
            nextLine += lineCount
            nextIndex += 1
        }
        return RawChunk(
            index: nextIndex, firstLine: nextLine, lineCount: lineCount, memory: memory,
            byteCount: byteCount, file: shape, pool: pool, usualCapacity: usualCapacity)
    }

    /// Leaves the memory of the chunk handed out last, with what it holds beyond that chunk.
    private func moveOn() {
        guard handedOut > 0, filled > 0 || !isOver else { return }
        let free = pool.take(capacity: usualCapacity)
        let next = filled <= free.capacity ? free : ChunkMemory(capacity: filled + ChunkStreamState.lookahead)
        // filled <= next.capacity. If it is the same memory, given back by now, the bytes move to its front.
        unsafe next.start.update(from: memory.start + handedOut, count: filled)
        memory = next
        handedOut = 0
        stretches = []
        cutPlace = ck_cut_place()
        count(upTo: filled)
    }

    private var usualCapacity: Int { chunkSize + ChunkStreamState.lookahead }

    /// Reads until `limit` bytes are there, the memory is full or the input is over; the last line gets a line feed if it has none.
    private func fill(upTo limit: Int = .max) throws(CSVError) {
        // Room for that line feed, and for the smallest piece that the decoder asks for.
        while !isOver, filled < limit, filled + 16 <= memory.capacity {
            let room = unsafe memory.room(from: filled)
            let wanted = min(room.count, max(16, limit - filled))
            let received = unsafe try input.read(into: UnsafeMutableRawBufferPointer(rebasing: room[..<wanted]))
            if received > 0 {
                rewrite(filled..<(filled + received))
                filled += received
                count(upTo: filled)
                continue
            }
            isOver = true
            endLastLine()
        }
    }

    private func endLastLine() {
        if filled > 0, unsafe memory.start[filled - 1] != 0x0A {
            append(0x0A)
            isLineFeedAdded = true
            count(upTo: filled)
        }
    }

    /// Changes new bytes where the file is read in an unusual way.
    private func rewrite(_ range: Range<Int>) {
        if swapsLineEnds {
            // The range is initialized.
            for position in range { unsafe memory.start[position] = LineEnds.swapped(memory.start[position]) }
        }
        if quote == CSVDialect.noQuote {
            for position in range where unsafe memory.start[position] == CSVDialect.noQuote {
                // Another byte that no UTF-8 has.
                unsafe memory.start[position] = 0xFE
            }
        }
    }

    private func append(_ byte: UInt8) {
        precondition(filled < memory.capacity)
        unsafe memory.start[filled] = byte
        filled += 1
    }

    /// Makes room for `capacity` bytes; the memory may be larger already where much was left of a long chunk.
    private func grow(capacity: Int) throws(CSVError) {
        if memory.capacity < capacity {
            let larger = ChunkMemory(capacity: capacity)
            // filled <= memory.capacity < larger.capacity, and the two memories are distinct.
            unsafe larger.start.update(from: memory.start, count: filled)
            memory = larger
        }
        try fill()
    }
}

/// The first bytes of a file as text.
struct FileBeginning {
    /// A header line is no longer than this.
    static let byteLimit = 4 << 20
    var bytes: [UInt8]
    /// Whether these are all bytes; the last is then a line feed.
    var isWhole: Bool
    /// Whether the last byte is a line feed that the file does not have.
    var isLineFeedAdded: Bool
}
