/// What `Store.verify` found.
package struct VerificationReport: Sendable {
    /// Every problem, naming file, block and column; empty if all is well.
    package var problems: [StorageError] = []
    package var manifestCount = 0
    package var segmentCount = 0
    package var dictionaryCount = 0
    package var blockCount = 0
    /// Bytes read and checked.
    package var checkedSize = 0
    /// Hash and number of the newest commit that holds; empty if none does.
    package var headHash = ""
    package var commitNumber = 0
    /// The number of each commit whose manifest holds, by its hash.
    package var commitOfHash: [String: Int] = [:]

    package init() {}
    package var isSound: Bool { problems.isEmpty }
}

/// What one column of a table takes on disk.
package struct ColumnStatistics: Hashable, Sendable {
    package var name: String
    package var type: String
    /// `dictionary`, `identifier`, `plain`; empty for columns that are not text.
    package var textKind: String
    package var nullCount: Int
    /// Bytes of its blocks in all segments.
    package var storedSize: Int
    /// Bytes of its dictionary files.
    package var dictionarySize: Int
    /// Bytes of the values in memory, flat: 8 for a bigint, 4 for a date or a code, the text of plain text.
    package var rawSize: Int
    /// Encodings in use, most frequent first, such as `packed` or `sparse(packed, constant)`.
    package var encodings: [String]
    /// Segments that store the column once for each run.
    package var groupedSegmentCount: Int
}

/// What one table takes on disk.
package struct TableStatistics: Hashable, Sendable {
    package var name: String
    package var rowCount: Int
    package var segmentCount: Int
    /// Bytes of all its segment files and dictionaries.
    package var storedSize: Int
    package var rawSize: Int
    package var columns: [ColumnStatistics]
}
