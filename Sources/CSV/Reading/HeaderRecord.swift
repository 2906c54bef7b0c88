import CKernels

/// The first record of a file.
struct HeaderRecord {
    var names: [String]
    /// Bytes up to the next record, blank lines before it included.
    var byteCount: Int
    var lineCount: Int

    init(path: String, beginning: [UInt8], dialect: CSVDialect) throws(CSVError) {
        guard let record = FirstRecords.read(beginning, dialect: dialect, limit: 1).first else {
            throw .malformedHeader(path: path, detail: "a quote is not closed, or text follows a closing quote")
        }
        names = record.fields.map { field in
            String(decoding: trimmed(field), as: UTF8.self)
        }
        byteCount = record.end
        lineCount = beginning[..<record.end].count { $0 == 0x0A }
    }
}

private func trimmed(_ field: [UInt8]) -> ArraySlice<UInt8> {
    var slice = field[...]
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    return slice
}

/// Reads the first records of a text one by one: for headers and dialects, not for data.
enum FirstRecords {
    struct Record {
        var fields: [[UInt8]]
        /// Offset after the record's line end.
        var end: Int
    }

    /// Up to `limit` records from the start on, blank lines skipped; stops at the first malformed one.
    static func read(_ bytes: [UInt8], dialect: CSVDialect, limit: Int) -> [Record] {
        var padded = bytes
        if padded.last != 0x0A { padded.append(0x0A) }
        let length = padded.count
        padded.append(contentsOf: repeatElement(0, count: Int(CK_PADDING)))
        var positions = [UInt32](repeating: 0, count: 1 << 16)
        var records: [Record] = []
        var offset = 0
        while offset < length, records.count < limit {
            // `padded` has the padding the scan asks for; `positions` is given with its size.
            let result = unsafe ck_scan(
                CK_LEVEL_PORTABLE, padded, offset, offset + 1, length, dialect.delimiter, dialect.quote, &positions,
                positions.count)
            guard result.status == CK_SCAN_DONE, result.count > 0 else { break }
            let ends = positions[0..<result.count].map { Int($0) }
            let fields = self.fields(padded, start: offset, ends: ends, quote: dialect.quote)
            if fields.count > 1 || !fields[0].isEmpty { records.append(Record(fields: fields, end: result.end)) }
            offset = result.end
        }
        return records
    }

    private static func fields(_ bytes: [UInt8], start: Int, ends: [Int], quote: UInt8) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var start = start
        for (index, end) in ends.enumerated() {
            var contentEnd = end
            if index == ends.count - 1, contentEnd > start, bytes[contentEnd - 1] == 0x0D { contentEnd -= 1 }
            fields.append(unquoted(bytes[start..<contentEnd], quote: quote))
            start = end + 1
        }
        return fields
    }

    /// The content of a field: without its quotes, doubled quotes made single.
    static func unquoted(_ field: ArraySlice<UInt8>, quote: UInt8) -> [UInt8] {
        guard field.first == quote, field.count >= 2 else { return Array(field) }
        var result: [UInt8] = []
        result.reserveCapacity(field.count)
        var index = field.startIndex + 1
        while index < field.endIndex - 1 {
            result.append(field[index])
            index += field[index] == quote ? 2 : 1
        }
        return result
    }
}
