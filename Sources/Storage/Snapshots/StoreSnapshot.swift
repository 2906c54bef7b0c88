
/// The store as one commit left it; immutable, shared freely, valid while its files stay.
package final class StoreSnapshot: Sendable {
    /// 0 for a store without commits.
    package let commitNumber: Int
    /// SHA-256 of the commit's manifest, 64 hexadecimal digits; 64 zeros for commit 0.
    package let headHash: String
    /// Microseconds since 1970-01-01 00:00 UTC.
    package let time: Int64
    /// Sorted by name.
    package let tables: [TableSnapshot]
    /// Name and SQL text of each view.
    package let views: [String: String]
    /// In the order of commits.
    package let batches: [BatchSummary]
    /// Damage met on the way to this commit, such as a newer manifest that does not hold; show it to the user.
    package let damage: [StorageError]

    init(
        commitNumber: Int, headHash: String, time: Int64, tables: [TableSnapshot], views: [String: String],
        batches: [BatchSummary], damage: [StorageError]
    ) {
        self.commitNumber = commitNumber
        self.headHash = headHash
        self.time = time
        self.tables = tables
        self.views = views
        self.batches = batches
        self.damage = damage
    }

    package func table(_ name: String) -> TableSnapshot? { tables.first { $0.name == name } }

    /// The batch that loaded a file with this hash, if one did.
    package func batch(withSourceSHA256 hash: String) -> BatchSummary? { batches.first { $0.sourceSHA256 == hash } }

    /// Sizes and encodings of every table. Reads the directory of every segment.
    package func statistics() throws(StorageError) -> [TableStatistics] { preconditionFailure() }
}
