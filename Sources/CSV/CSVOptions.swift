/// How the bytes of a file are to be read; nil means: find out from the file.
package struct CSVOptions: Hashable, Sendable {
    package var delimiter: UInt8?
    /// `CSVDialect.noQuote` for a file in which no byte is a quote.
    package var quote: UInt8?
    package var hasHeader: Bool?
    package var encoding: TextEncoding?
    /// Lines above the header to leave out; nil: none, and a title there is an error.
    package var skippedLineCount: Int?
    /// Unquoted fields with exactly this text are NULL, besides the empty one.
    package var nullTokens: [String]
    /// Decoded bytes a chunk holds at most, unless one record is longer; a chunk of very short lines holds fewer.
    package var chunkSize: Int
    /// Whether what is read from disk is not worth keeping in the system's page cache: it would not be there when it is read again.
    package var leavesNoPages = false

    package static let defaultChunkSize = 16 << 20

    package init(
        delimiter: UInt8? = nil, quote: UInt8? = nil, hasHeader: Bool? = nil, encoding: TextEncoding? = nil,
        skippedLineCount: Int? = nil, nullTokens: [String] = [], chunkSize: Int = CSVOptions.defaultChunkSize
    ) {
        self.delimiter = delimiter
        self.quote = quote
        self.hasHeader = hasHeader
        self.encoding = encoding
        self.skippedLineCount = skippedLineCount
        self.nullTokens = nullTokens
        self.chunkSize = chunkSize
    }
}

/// The form of CSV a file is written in.
package struct CSVDialect: Hashable, Sendable {
    package var delimiter: UInt8
    package var quote: UInt8
    package var hasHeader: Bool
    /// Whether lines end with CR alone: the bytes of chunks then have CR and LF swapped.
    package var hasSwappedLineEnds = false

    /// Stands for a quote where there is none: a byte that no UTF-8 has, and that the reader keeps out of chunks then.
    package static let noQuote: UInt8 = 0xFF

    package init(delimiter: UInt8 = 0x2C, quote: UInt8 = 0x22, hasHeader: Bool = true) {
        self.delimiter = delimiter
        self.quote = quote
        self.hasHeader = hasHeader
    }
}

/// Character encodings that are read.
package enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case gb18030 = "GB18030"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"

    /// The encoding a user names: any case, GBK, GB2312 and CP936 count as their superset GB18030; nil if unknown.
    package init?(named name: String) {
        switch name.lowercased().filter({ $0 != "-" && $0 != "_" }) {
        case "utf8", "ascii": self = .utf8
        case "gb18030", "gbk", "gb2312", "cp936": self = .gb18030
        case "utf16", "utf16le": self = .utf16LittleEndian
        case "utf16be": self = .utf16BigEndian
        default: return nil
        }
    }
}
