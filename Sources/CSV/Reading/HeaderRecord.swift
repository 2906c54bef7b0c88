import CKernels

/// The first record of a file.
struct HeaderRecord {
    var names: [String]
    /// Bytes up to the next record, blank lines before it included.
    var byteCount: Int
    var lineCount: Int

    init(path: String, beginning: FileBeginning, dialect: CSVDialect) throws(CSVError) {
        let bytes = beginning.bytes
        let (records, stop) = FirstRecords.read(bytes, dialect: dialect, limit: 1)
        // A record that the window cuts off seems to end one byte after it.
        guard let record = records.first, record.end <= bytes.count else {
            throw HeaderRecord.failure(path: path, beginning: beginning, stop: stop)
        }
        names = record.fields.map { field in
            String(decoding: trimmed(field), as: UTF8.self)
        }
        byteCount = record.end
        // record.end <= bytes.count; the kernel reads no further than it is told.
        lineCount = unsafe ck_count_byte(bytes, record.end, 0x0A)
    }

    private static func failure(path: String, beginning: FileBeginning, stop: FirstRecords.Stop?) -> CSVError {
        switch stop {
        case .tooManyFields:
            .malformedHeader(path: path, detail: "it has more than \(FirstRecords.fieldLimit) fields")
        case .malformed where beginning.isWhole || beginning.bytes.contains(0x0A):
            .malformedHeader(path: path, detail: "a quote is not closed, or text follows a closing quote")
        case .none where beginning.isWhole: .empty(path: path)
        default: .headerTooLong(path: path, limitBytes: beginning.bytes.count)
        }
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

    /// Why reading stopped before `limit` records.
    enum Stop {
        case malformed
        case tooManyFields
    }

    /// Fields one record may have at most.
    static let fieldLimit = 1 << 16

    /// Up to `limit` records from the start on, blank lines skipped; stops at the first malformed one.
    ///
    /// A last record without a line end is read as if it had one: its `end` is then `bytes.count + 1`.
    static func read(_ bytes: [UInt8], dialect: CSVDialect, limit: Int) -> (records: [Record], stop: Stop?) {
        var padded = bytes
        if padded.last != 0x0A { padded.append(0x0A) }
        let length = padded.count
        padded.append(contentsOf: repeatElement(0, count: Int(CK_PADDING)))
        var positions = [UInt32](repeating: 0, count: fieldLimit)
        var records: [Record] = []
        var offset = 0
        while records.count < limit {
            while offset < length, padded[offset] == 0x0A { offset += 1 }
            if offset == length { break }
            // `padded` has the padding the scan asks for; `positions` is given with its size.
            let result = unsafe ck_scan(
                CK_LEVEL_PORTABLE, padded, offset, offset + 1, length, dialect.delimiter, dialect.quote, &positions,
                positions.count)
            guard result.status == CK_SCAN_DONE, result.count > 0 else {
                return (records, result.status == CK_SCAN_FULL ? .tooManyFields : .malformed)
            }
            let ends = positions[0..<result.count].map { Int($0) }
            let fields = self.fields(padded, start: offset, ends: ends, quote: dialect.quote)
            if fields.count > 1 || !fields[0].isEmpty { records.append(Record(fields: fields, end: result.end)) }
            offset = result.end
        }
        return (records, nil)
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
