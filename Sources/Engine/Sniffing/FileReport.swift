package import CSV
package import Columns
package import Diagnostics

/// What a file holds, and what loading it would do.
package struct FileReport: Sendable {
    /// One column of the file and what it becomes.
    package struct Column: Sendable {
        /// As the file writes it; nil if the file has no header.
        package var header: String?
        /// The table's column.
        package var name: String
        package var type: LogicalType
        /// What a Parquet file calls it, such as `list (not read)`; nil of text.
        package var fileType: String?
        package var nullCount: Int
        /// Smallest and largest value of numbers, dates, times and booleans; nil if there is none or it is not shown.
        package var minimum: ScalarValue?
        package var maximum: ScalarValue?
        /// The first value of a text column; nil if there is none or it is not shown.
        package var example: String?
        /// The written form of dates, where there are some.
        package var dateForm: DateForm?
        /// Whether values are of persons and shown by their form alone.
        package var isMasked: Bool
    }

    package struct Reject: Sendable {
        package var line: Int
        package var column: String?
        package var reason: String
        package var message: String
        /// The record as it is written; nil if it is not shown.
        package var raw: String?
    }

    /// The path as it was given.
    package var path: String
    package var table: String
    /// `Parquet` for such a file.
    package var encoding: String
    /// Row groups of a Parquet file; nil for text. The dialect is then nothing that the file has.
    package var rowGroupCount: Int?
    package var dialect: CSVDialect
    package var lineEnds: LineEnds
    package var linesRead: Int
    package var loaded: Int
    package var rejected: Int
    package var rejectCauses: [(reason: String, count: Int)]
    /// The first in file order.
    package var rejects: [Reject]
    /// In the order of the file.
    package var columns: [Column]
    /// Columns of the table that the file lacks.
    package var missingColumns: [String]
    /// The first rows that would be loaded: a text for each of `columns`, nil for NULL.
    package var firstRows: [[String?]]
    package var notes: [(title: String, text: String)]
    /// The batch that loaded the same bytes already.
    package var loadedBatch: Int?
    /// Why the file would be refused as a whole; nil if it would be loaded.
    package var refusal: Diagnostic?
}

/// How much a report shows.
package struct SniffOptions: Sendable {
    package var ingest = IngestOptions()
    /// First rows, and rejected rows, that are listed at most.
    package var rowLimit = 5
    package var rejectLimit = 20
    /// Whether values of persons are shown as they are.
    package var revealsValues = false

    package init() {}
}
