import CKernels

/// Reads the first records of a text one by one: for headers and dialects, not for data.
enum FirstRecords {
    struct Record {
        /// Empty for a malformed record.
        var fields: [[UInt8]]
        /// Offset after the record's line end.
        var end: Int
        /// 1-based line of the text on which it starts.
        var line: Int
    }

    /// Why reading stopped before `limit` records.
    enum Stop {
        case malformed
        case tooManyFields
    }

    /// Fields one record may have at most.
    static let fieldLimit = 1 << 16

    /// Up to `limit` records from the start on, blank lines skipped; stops at the first malformed one, unless they are
    /// skipped line by line.
    ///
    /// A last record without a line end is read as if it had one: its `end` is then `bytes.count + 1`.
    static func read(
        _ bytes: [UInt8], dialect: CSVDialect, limit: Int, skipsMalformed: Bool = false
    ) -> (records: [Record], stop: Stop?) {
        var padded = bytes
        if padded.last != 0x0A { padded.append(0x0A) }
        let length = padded.count
        padded.append(contentsOf: repeatElement(0, count: Int(CK_PADDING)))
        var positions = [UInt32](repeating: 0, count: fieldLimit)
        var records: [Record] = []
        var offset = 0
        var line = 1
        while records.count < limit {
            while offset < length, padded[offset] == 0x0A {
                offset += 1
                line += 1
            }
            if offset == length { break }
            // `padded` has the padding the scan asks for; `positions` is given with its size.
            let result = unsafe ck_scan(
                CK_LEVEL_PORTABLE, padded, offset, offset + 1, length, dialect.delimiter, dialect.quote, &positions,
                positions.count)
            let isRead = result.status == CK_SCAN_DONE && result.count > 0
            guard isRead || (skipsMalformed && result.status != CK_SCAN_FULL) else {
                return (records, result.status == CK_SCAN_FULL ? .tooManyFields : .malformed)
            }
            let fields =
                isRead
                ? self.fields(
                    padded, start: offset, ends: positions[0..<result.count].map { Int($0) }, quote: dialect.quote) : []
            let end = isRead ? result.end : lineEnd(padded, from: offset, length: length)
            if fields.count != 1 || !fields[0].isEmpty { records.append(Record(fields: fields, end: end, line: line)) }
            // offset..<end lies within `padded`.
            line += unsafe padded.withUnsafeBufferPointer { buffer in
                unsafe ck_count_byte(buffer.baseAddress! + offset, end - offset, 0x0A)
            }
            offset = end
        }
        return (records, nil)
    }

    private static func lineEnd(_ bytes: [UInt8], from start: Int, length: Int) -> Int {
        var position = start
        while position < length, bytes[position] != 0x0A { position += 1 }
        return min(position + 1, length)
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
