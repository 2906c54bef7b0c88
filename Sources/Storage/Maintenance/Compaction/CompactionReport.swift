/// What compacting one table did.
package struct CompactionReport: Hashable, Sendable {
    package var table: String
    /// Segments and bytes of the table before and after, dictionaries included.
    package var segmentCountBefore: Int
    package var segmentCountAfter: Int
    package var sizeBefore: Int
    package var sizeAfter: Int
    package var rowCount: Int

    /// Whether anything was written.
    package var hasChanged: Bool

    /// What the history says of it.
    package var note: String { "\(table) compacted: \(segmentCountBefore) segments into \(segmentCountAfter)" }
}
