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

    let manifest: Manifest

    init(_ manifest: Manifest, hash: String, damage: [StorageError], storePath: String, fileSystem: any FileSystem) {
        self.manifest = manifest
        self.damage = damage
        commitNumber = manifest.commitNumber
        headHash = hash
        time = manifest.time
        tables = manifest.tables.map { TableSnapshot($0, storePath: storePath, fileSystem: fileSystem) }
        views = manifest.views
        batches = manifest.batches
    }

    package func table(_ name: String) -> TableSnapshot? { tables.first { $0.name == name } }

    /// The batch that loaded a file with this hash, if one did.
    package func batch(withSourceHash hash: String) -> BatchSummary? { batches.first { $0.sourceHash == hash } }

    /// The batch that loaded a file with this hash into one table, if one did.
    package func batch(withSourceHash hash: String, table: String) -> BatchSummary? {
        batches.first { $0.sourceHash == hash && $0.table == table }
    }

    /// Sizes and encodings of every table. Reads the directory of every segment.
    package func statistics() throws(StorageError) -> [TableStatistics] {
        var result: [TableStatistics] = []
        for table in tables { result.append(try table.statistics()) }
        return result
    }
}
