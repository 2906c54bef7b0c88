import CKernels
import Synchronization

/// A CSV file being read: its header, and its records as chunks for any number of threads.
///
/// The same bytes give the same chunks, whatever the thread count and however they are packed. Memory is bounded by the
/// chunks in use. Each thread takes a chunk, parses it or lets go of it, then takes the next (see `DateForms`).
package final class CSVReader: Sendable {
    package let path: String
    package let dialect: CSVDialect
    /// Names of the columns in file order, trimmed; those of `HeaderRecord.placeName` if the file has no header.
    package let header: [String]
    package let dateForms: DateForms
    /// Of the first 4 MiB at most.
    package let lineEnds: LineEnds
    private let stream: ChunkStream

    /// Opens a file, or standard input for `-`, and reads its header.
    ///
    /// - Parameters:
    ///   - name: What messages call the file, if not by its path.
    ///   - head: Its first bytes, which somebody has read already.
    ///   - observer: Sees every byte of the file as it is on disk, in order and under the reader's lock; it has seen them
    ///     all once `nextChunk` returned nil.
    package convenience init(
        path openedPath: String, name: String? = nil, head: [UInt8] = [], options: CSVOptions = CSVOptions(), observer: ByteObserver? = nil
    ) throws(CSVError) {
        try CSVReader.check(options)
        let path = name ?? openedPath
        let source = try openByteSource(
            path: openedPath, name: path, head: head, leavesNoPages: options.leavesNoPages, observer: observer)
        try self.init(path: path, source: source, options: options)
    }

    /// Reads from elsewhere than a file of text.
    ///
    /// - Parameter path: What messages call the source.
    package init(path: String, source: any ByteSource, options: CSVOptions) throws(CSVError) {
        try CSVReader.check(options)
        let input = try DecodedInput(path: path, source: source, encoding: options.encoding)
        let state = ChunkStreamState(
            path: path, input: input, chunkSize: options.chunkSize, quote: options.quote ?? 0x22)
        var beginning = try state.beginning()
        if beginning.bytes.isEmpty { throw .empty(path: path) }
        // Before anything else is made of such text, a title for instance.
        let firstLine = beginning.bytes.prefix { $0 != 0x0A }
        if options.skippedLineCount ?? 0 == 0, firstLine.contains(0), firstLine.contains(where: { $0 != 0 }) {
            throw .nulBytesInHeader(path: path, wideText: WideText(firstLine, encoding: state.encoding))
        }
        lineEnds = LineEnds(of: beginning, quote: options.quote ?? 0x22)
        if lineEnds == .carriageReturn {
            state.swapLineEnds()
            beginning = try state.beginning()
        }
        if let count = options.skippedLineCount, count > 0 {
            try state.skip(lineCount: count)
            beginning = try state.beginning()
        }
        var dialect = DialectDetector.dialect(of: beginning.bytes, options: options)
        dialect.hasSwappedLineEnds = lineEnds == .carriageReturn
        if options.skippedLineCount == nil, options.hasHeader != false,
            let title = TitleRows.find(in: beginning.bytes, dialect: dialect)
        {
            throw .titleRows(
                path: path, lineCount: title.lineCount, fieldCount: title.fieldCount,
                usualFieldCount: title.usualFieldCount)
        }
        let first = try HeaderRecord(path: path, beginning: beginning, dialect: dialect)
        let count = first.names.count
        header = dialect.hasHeader ? first.names : (0..<count).map { HeaderRecord.placeName($0, columnCount: count) }
        dateForms = DateForms(columnCount: first.names.count)
        if dialect.hasHeader { state.skip(byteCount: first.byteCount, lineCount: first.lineCount) }
        self.path = path
        self.dialect = dialect
        let shape = FileShape(
            dialect: dialect, columnCount: first.names.count, dateForms: dateForms, nullTokens: options.nullTokens)
        stream = ChunkStream(state, shape: shape)
    }

    package var columnCount: Int { header.count }

    /// The next chunk, or nil at the end of the file. May be called from several threads.
    package func nextChunk() throws(CSVError) -> RawChunk? { try stream.next() }

    /// The encoding of the file; UTF-8 as long as only ASCII was seen, so final only at the end.
    package var encoding: TextEncoding { stream.encoding }

    /// Bytes of the file on disk read so far.
    package var diskByteCount: Int { stream.diskByteCount }

    /// The form of the dates of a column, once a value of it was parsed.
    package func dateForm(ofColumn fileColumn: Int) -> DateForm? { dateForms.form(ofColumn: fileColumn) }

    private static func check(_ options: CSVOptions) throws(CSVError) {
        for (name, byte) in [("delimiter", options.delimiter), ("quote", options.quote)] {
            guard let byte else { continue }
            if name == "quote", byte == CSVDialect.noQuote { continue }
            if byte == 0 || byte == 0x0A || byte == 0x0D || byte > 0x7F {
                throw .invalidOption(name: name, value: "\(byte)", mend: "choose one ASCII character, no line end")
            }
        }
        if let delimiter = options.delimiter, delimiter == options.quote ?? 0x22 {
            throw .invalidOption(
                name: "delimiter", value: String(UnicodeScalar(delimiter)), mend: "delimiter and quote must differ")
        }
        if let count = options.skippedLineCount, count < 0 {
            throw .invalidOption(name: "skip", value: "\(count)", mend: "give the number of lines above the header")
        }
        if options.chunkSize < 1 || options.chunkSize > 1 << 30 {
            throw .invalidOption(name: "chunk size", value: "\(options.chunkSize)", mend: "choose 1 byte to 1 GiB")
        }
    }
}

/// The reader's state behind its lock.
final class ChunkStream: @unchecked Sendable {
    // Sendable: `state` is touched under `lock` only.
    private let lock = Mutex<Void>(())
    private let state: ChunkStreamState
    private let shape: FileShape

    init(_ state: ChunkStreamState, shape: FileShape) {
        self.state = state
        self.shape = shape
    }

    func next() throws(CSVError) -> RawChunk? {
        try lock.withLock { _ throws(CSVError) in try state.next(shape: shape) }
    }

    var encoding: TextEncoding { lock.withLock { _ in state.encoding } }
    var diskByteCount: Int { lock.withLock { _ in state.diskByteCount } }
}
