import CKernels

/// Cuts decoded bytes into chunks at record ends.
///
/// A cut depends on the bytes alone: the last record end within `chunkSize` bytes, judged with enough bytes after it to
/// know whether a quote is closed.
final class ChunkStreamState {
    /// A record that is longer than this is no record.
    static let longestRecord = 64 << 20
    private static let lookahead = Int(CK_QUOTED_FIELD_LIMIT) + 64
    private let path: String
    private let input: DecodedInput
    private let chunkSize: Int
    private let pool = ChunkMemoryPool()
    private var memory: ChunkMemory
    /// Bytes not handed out yet: `memory[start..<filled]`.
    private var start = 0
    private var filled = 0
    private var isOver = false
    private var nextLine = 1
    private var nextIndex = 0

    init(path: String, input: DecodedInput, chunkSize: Int) {
        self.path = path
        self.input = input
        self.chunkSize = chunkSize
        memory = pool.take(capacity: chunkSize + ChunkStreamState.lookahead)
    }

    var encoding: TextEncoding { input.encoding ?? .utf8 }
    var diskByteCount: Int { input.diskByteCount }

    /// The first bytes of the file, for header and dialect: at most 4 MiB, less only if the file is shorter.
    func beginning() throws(CSVError) -> [UInt8] {
        try fill()
        return unsafe Array(UnsafeBufferPointer(start: memory.start, count: min(filled, 4 << 20)))
    }

    func skip(byteCount: Int, lineCount: Int) {
        precondition(start + byteCount <= filled)
        start += byteCount
        nextLine += lineCount
    }

    func next(shape: FileShape) throws(CSVError) -> RawChunk? {
        try fill()
        if start == filled { return nil }
        var target = chunkSize
        while true {
            let end = recordEnd(target: target, dialect: shape.dialect)
            if end > 0 { return handOut(byteCount: end, shape: shape) }
            guard target < ChunkStreamState.longestRecord else {
                throw .recordTooLong(path: path, line: nextLine, limitBytes: target)
            }
            target *= 2
            try grow(capacity: target + ChunkStreamState.lookahead)
        }
    }

    private func recordEnd(target: Int, dialect: CSVDialect) -> Int {
        let available = filled - start
        if isOver, available <= target { return available }
        // start..<filled is initialized, and followed by padding.
        return unsafe ck_last_record_end(
            memory.start + start, min(target, available), available, dialect.delimiter, dialect.quote)
    }

    private func handOut(byteCount: Int, shape: FileShape) -> RawChunk {
        let lineCount = unsafe ck_count_byte(memory.start + start, byteCount, 0x0A)
        let next = pool.take(capacity: usualCapacity)
        let rest = filled - start - byteCount
        let roomy = rest <= next.capacity ? next : ChunkMemory(capacity: rest + ChunkStreamState.lookahead)
        // rest <= roomy.capacity, and the two memories are distinct.
        unsafe roomy.start.update(from: memory.start + start + byteCount, count: rest)
        defer {
            memory = roomy
            start = 0
            filled = rest
            nextLine += lineCount
            nextIndex += 1
        }
        return RawChunk(
            index: nextIndex, firstLine: nextLine, lineCount: lineCount, memory: memory, start: start,
            byteCount: byteCount, file: shape, pool: pool, usualCapacity: usualCapacity)
    }

    private var usualCapacity: Int { chunkSize + ChunkStreamState.lookahead }

    /// Reads until the memory is full or the input is over; the last line gets a line feed if it has none.
    private func fill() throws(CSVError) {
        // Room for that line feed, and for the smallest piece that the decoder asks for.
        while !isOver, filled + 16 <= memory.capacity {
            let room = unsafe memory.room(from: filled)
            let received = unsafe try input.read(into: room)
            if received > 0 {
                filled += received
                continue
            }
            isOver = true
            if filled > start, unsafe memory.start[filled - 1] != 0x0A { append(0x0A) }
        }
    }

    private func append(_ byte: UInt8) {
        precondition(filled < memory.capacity)
        unsafe memory.start[filled] = byte
        filled += 1
    }

    private func grow(capacity: Int) throws(CSVError) {
        let larger = ChunkMemory(capacity: capacity)
        let rest = filled - start
        unsafe larger.start.update(from: memory.start + start, count: rest)
        memory = larger
        start = 0
        filled = rest
        try fill()
    }
}
