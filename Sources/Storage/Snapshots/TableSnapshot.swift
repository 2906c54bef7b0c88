package import Columns

/// One table of a snapshot.
package final class TableSnapshot: Sendable {
    package let name: String
    package let schema: Schema
    package let rowCount: Int
    package let segments: [SegmentSnapshot]

    init(name: String, schema: Schema, rowCount: Int, segments: [SegmentSnapshot]) {
        self.name = name
        self.schema = schema
        self.rowCount = rowCount
        self.segments = segments
    }

    /// The domain of a text column, nil for a column of another type. Loaded on first use, once, from any thread.
    package func textDomain(_ column: Int) throws(StorageError) -> TextDomain? { preconditionFailure() }

    /// How a text column is coded, without loading its domain; nil for a column of another type.
    package func textKind(_ column: Int) -> TextKind? { preconditionFailure() }

    /// The wanted columns of all rows of one segment, in the order of `columns`.
    ///
    /// Grouped columns come as `.runs` with one `RunMap` object for the whole call and every later one, constant columns
    /// as `.constant`, text in the shape of its `textDomain`; a column added after the segment was written is NULL.
    package func readSegment(_ index: Int, columns: [Int]) throws(StorageError) -> [Vector] { preconditionFailure() }
}
