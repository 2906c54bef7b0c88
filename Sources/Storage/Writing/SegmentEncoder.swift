package import Columns

/// Turns typed rows into the bytes of a segment. A pure function: same rows, same bytes, from any thread.
package enum SegmentEncoder {
    /// Most rows of one segment.
    package static let maximumRowCount = 1 << 20

    /// - Parameters:
    ///   - schema: The table's columns, in the table's order; `columns` has one for each.
    ///   - groupKeyColumn: The column whose neighbouring equal values make a run (the claim); nil for no runs. Which
    ///     other columns are the same within every run is found out from the data.
    package static func encode(
        schema: Schema, columns: [EncodableColumn], rowCount: Int, groupKeyColumn: Int?
    ) throws(StorageError) -> EncodedSegment { preconditionFailure() }
}
