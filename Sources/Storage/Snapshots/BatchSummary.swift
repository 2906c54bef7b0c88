/// What one loaded source file brought: recorded in the manifest of its commit and kept for ever.
package struct BatchSummary: Hashable, Sendable {
    /// Counted from 1 in the order of commits.
    package var id: Int
    package var table: String
    /// The file's name as it was given, without its folder.
    package var sourceName: String
    /// Hash of the file's bytes as they were read: `xxh3:` and 32 hexadecimal digits, or `sha256:` and 64.
    package var sourceHash: String
    package var sourceSize: Int
    package var rowsLoaded: Int
    package var rowsRejected: Int
    /// Bytes of the segments and dictionaries this batch added; filled in by the commit.
    package var storedSize: Int
    /// Anything else the loader wants to keep, such as sums; kept in the order of its keys.
    package var details: [String: String]
    /// How a `sourceHash` begins that is a SHA-256: that of a batch recorded before XXH3 was used.
    package static let sha256Prefix = "sha256:"
    package var isKnownBySHA256: Bool { sourceHash.hasPrefix(BatchSummary.sha256Prefix) }

    /// Whether the rows were taken out again, with their table or alone: the same file may be loaded again.
    package var isDropped: Bool { details[BatchSummary.droppedKey] != nil }

    /// The commit that took them out.
    package var droppedInCommit: Int? { details[BatchSummary.droppedKey].flatMap { Int($0) } }

    /// The detail that names this commit.
    static let droppedKey = "dropped_in_commit"

    package init(
        id: Int, table: String, sourceName: String, sourceHash: String, sourceSize: Int, rowsLoaded: Int,
        rowsRejected: Int = 0, storedSize: Int = 0, details: [String: String] = [:]
    ) {
        self.id = id
        self.table = table
        self.sourceName = sourceName
        self.sourceHash = sourceHash
        self.sourceSize = sourceSize
        self.rowsLoaded = rowsLoaded
        self.rowsRejected = rowsRejected
        self.storedSize = storedSize
        self.details = details
    }
}
