/// A small CSV file as it stands: every record with the fields it has, titles and footnotes included.
package struct RaggedRecords: Sendable {
    package struct Record: Hashable, Sendable {
        package var fields: [String]
        /// 1-based line of the file on which it starts.
        package var line: Int
    }

    /// Blank lines are left out.
    package let records: [Record]
    package let encoding: TextEncoding

    /// Bytes of text that are read at most.
    package static let sizeLimit = 64 << 20

    /// - Throws: `CSVError`; a record with an open quote is a malformed one.
    package init(path: String, options: CSVOptions = CSVOptions()) throws(CSVError) {
        let source = try openByteSource(path: path, name: path, observer: nil)
        let input = try DecodedInput(path: path, source: source, encoding: options.encoding)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            var count = 0
            var failure: CSVError?
            // The buffer is the array's own.
            unsafe piece.withUnsafeMutableBytes { buffer in
                do throws(CSVError) { count = unsafe try input.read(into: buffer) } catch { failure = error }
            }
            if let failure { throw failure }
            if count == 0 { break }
            bytes += piece[..<count]
            guard bytes.count <= RaggedRecords.sizeLimit else {
                throw .recordTooLong(path: path, line: 1, limitBytes: RaggedRecords.sizeLimit)
            }
        }
        if bytes.isEmpty { throw .empty(path: path) }
        let dialect = DialectDetector.dialect(of: bytes, options: options)
        let read = FirstRecords.read(bytes, dialect: dialect, limit: Int.max)
        if read.stop != nil {
            let line = (read.records.last?.line ?? 0) + 1
            throw .malformedHeader(path: path, detail: "a quote after line \(line) is not closed, or stands within a field")
        }
        records = read.records.map { record in
            Record(fields: record.fields.map { String(decoding: $0, as: UTF8.self) }, line: record.line)
        }
        encoding = input.encoding ?? .utf8
    }
}
