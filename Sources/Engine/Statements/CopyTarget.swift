package import Parquet

/// Where `copy … to` puts rows, and how they are written.
package struct CopyTarget: Sendable {
    package enum Form: String, Sendable, CaseIterable {
        case csv
        /// As PostgreSQL's COPY writes text: tabs between fields, backslashes before what would mislead.
        case text
        case json, jsonl, html
        /// A workbook and Parquet, whose bytes are no text.
        case xlsx, parquet

        /// Whether it is rows of fields, which `header`, `delimiter` and `null` say more of.
        var isDelimited: Bool { self == .csv || self == .text }
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
}
