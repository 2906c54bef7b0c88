package import Columns

/// One segment file of a table, opened on first use.
package final class SegmentSnapshot: Sendable {
    /// `00000042-0001.seg`.
    package let fileName: String
    package let size: Int
    package let rowCount: Int
    /// SHA-256 of the file, 64 hexadecimal digits.
    package let sha256: String

    init(fileName: String, size: Int, rowCount: Int, sha256: String) {
        self.fileName = fileName
        self.size = size
        self.rowCount = rowCount
        self.sha256 = sha256
    }

    /// Lines of the segment stored once for each run have this many runs; nil if nothing is grouped.
    package func runCount() throws(StorageError) -> Int? { preconditionFailure() }

    /// What a column of the table holds at most in this segment. Reads the segment's directory on first use.
    package func zoneMap(_ column: Int) throws(StorageError) -> ZoneMap { preconditionFailure() }

    /// Whether the column is stored once for each run.
    package func isGrouped(_ column: Int) throws(StorageError) -> Bool { preconditionFailure() }

    /// False only if no row has a value of the column in `minimum...maximum` (nil: open on that side). NULL rows never
    /// count. Bounds of another type than the column's answer true, as do ranges of coded text; see `mightContain(_:code:)`.
    package func mightContain(
        _ column: Int, minimum: ScalarValue?, maximum: ScalarValue?
    ) throws(StorageError) -> Bool { preconditionFailure() }

    /// False only if no row has this code of the table's dictionary or identifier domain.
    package func mightContain(_ column: Int, code: UInt64) throws(StorageError) -> Bool { preconditionFailure() }
}
