/// Why a row is not loaded; the raw value is the stable short code of summaries and reject files.
package enum RejectReason: String, Hashable, Sendable, CaseIterable {
    case fieldCount = "field_count"
    case unclosedQuote = "unclosed_quote"
    case fieldTooLong = "field_too_long"
    case textAfterQuote = "text_after_quote"
    case carriageReturn = "carriage_return"
    case invalidEncoding = "invalid_encoding"
    case nulByte = "nul_byte"
    case missingValue = "missing_value"
    case scientificNotation = "scientific_notation"
    case notANumber = "not_a_number"
    case numberTooLarge = "number_too_large"
    case tooManyDecimals = "too_many_decimals"
    case notADate = "not_a_date"
    case notATimestamp = "not_a_timestamp"
    case dateFormat = "date_format"
    case notABoolean = "not_a_boolean"
    case duplicate = "duplicate"
}

/// A row that is not loaded, with all a person needs to find and mend it.
package struct RejectedRow: Hashable, Sendable {
    /// Most raw bytes that are kept of one row; the mark of a cut comes on top.
    package static let rawLimit = 64 << 10
    /// Ends raw text that was cut.
    package static let cutMark = " …(cut)"

    /// 1-based physical line at which the record starts.
    package var line: Int
    /// The column at fault by its requested name; nil if it is the row as a whole.
    package var column: String?
    /// 0-based position of that column in the file.
    package var fileColumn: Int?
    package var reason: RejectReason
    /// One sentence; never holds the value of a text, date or time column.
    package var message: String
    /// The record as read, decoded to UTF-8 where possible, without its line end; cut at a character
    /// border to `rawLimit` bytes, and marked, if it is longer.
    package var raw: [UInt8]

    package init(
        line: Int, column: String? = nil, fileColumn: Int? = nil, reason: RejectReason, message: String, raw: [UInt8]
    ) {
        self.line = line
        self.column = column
        self.fileColumn = fileColumn
        self.reason = reason
        self.message = message
        self.raw = raw
    }

    /// The raw text to keep of a record: all of it, or its front and the mark.
    static func raw(_ record: Range<Int>, in bytes: ChunkBytes, dialect: CSVDialect) -> [UInt8] {
        let text = raw(record, in: bytes)
        return dialect.hasSwappedLineEnds ? text.map(LineEnds.swapped) : text
    }

    private static func raw(_ record: Range<Int>, in bytes: ChunkBytes) -> [UInt8] {
        guard record.count > rawLimit else { return bytes.copy(record) }
        var end = record.lowerBound + rawLimit
        // No character of UTF-8 has more than 3 bytes after its first.
        for _ in 0..<3 where bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return bytes.copy(record.lowerBound..<end) + Array(cutMark.utf8)
    }
}
