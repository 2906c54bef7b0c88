package import Parquet

/// Where `copy … to` puts rows, and how they are written.
package struct CopyTarget: Sendable {
    package enum Form: String, Sendable, CaseIterable {
        case csv
        /// As PostgreSQL's COPY writes text: tabs between fields, backslashes before what would mislead.
        case text
        case json, jsonl, html, markdown
        /// A workbook, Parquet, and Arrow as a stream and as a file, whose bytes are no text.
        case xlsx, parquet, arrow, feather

        /// Whether it is rows of fields, which `header`, `delimiter` and `null` say more of.
        var isDelimited: Bool { self == .csv || self == .text }

        /// Whether a file of it may be packed as a whole.
        var isText: Bool {
            switch self {
            case .csv, .text, .json, .jsonl, .html, .markdown: true
            case .xlsx, .parquet, .arrow, .feather: false
            }
        }
    }

    /// nil for standard output.
    package var path: String?
    package var form = Form.text
    package var hasHeader = false
    /// Between the fields of CSV and text, ASCII.
    package var delimiter = UInt8(ascii: "\t")
    /// What stands for NULL in CSV and text.
    package var nullText = "\\N"
    /// How the pages of Parquet are packed.
    package var packing = PageCompression.zstd
    /// How a file of text is packed as a whole; nil for as it is.
    package var filePacking: FilePacking?
}
