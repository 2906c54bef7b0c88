import CSV
import Columns
import Glibc

/// Any bytes are a CSV file: every record becomes a row or a reject, in the order of their lines, with any size of chunk.
enum CSVFuzzing {
    private static let chunkSizes = [1, 40, 300, 1 << 16]
    private static let types: [LogicalType] = [
        .text, .bigint, .date, .numeric(precision: 18, scale: 4), .timestamp, .double, .boolean, .integer,
    ]
    /// A file without a name, used again for each input.
    private static let descriptor: Int32 = {
        let path = "/tmp/fundwatch-fuzz-\(getpid())"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        unsafe unlink(path)
        guard descriptor >= 0 else { fatalError("cannot write \(path)") }
        return descriptor
    }()

    static func run(_ bytes: [UInt8]) {
        guard ftruncate(descriptor, 0) == 0 else { fatalError("ftruncate failed") }
        let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == bytes.count else { fatalError("pwrite failed") }
        let options = CSVOptions(nullTokens: ["-"], chunkSize: chunkSizes[bytes.count % chunkSizes.count])
        do throws(CSVError) { try read(options) } catch { return }
    }

    private static func read(_ options: CSVOptions) throws(CSVError) {
        let reader = try CSVReader(path: "/proc/self/fd/\(descriptor)", options: options)
        guard reader.columnCount <= 64 else { return }
        let requests = (0..<reader.columnCount).map { column in
            CSVColumnRequest(
                fileColumn: column, name: reader.header[column], type: types[column % types.count],
                isRequired: column % 5 == 1, rejectsScientificNotation: column % 8 == 0)
        }
        var lastLine = 0
        while let chunk = try reader.nextChunk() {
            let parsed = try chunk.parse(requests)
            for column in parsed.columns { precondition(count(column.expanded().values) == parsed.rowCount) }
            for row in 0..<parsed.rowCount {
                let line = parsed.line(row: row)
                precondition(line > lastLine, "Each row begins on a later line than the one before.")
                lastLine = line
                _ = parsed.rawText(row: row)
            }
        }
    }

    /// Values of a column, each code one of its entries.
    private static func count(_ values: ParsedValues) -> Int {
        switch values {
        case .text(let codes, let entries, _):
            precondition(codes.allSatisfy { $0 < max(1, entries.count) })
            return codes.count
        case .identifiers(let codes, _): return codes.count
        case .boolean(let rows): return rows.count
        case .int32(let rows): return rows.count
        case .int64(let rows): return rows.count
        case .double(let rows): return rows.count
        }
    }
}
