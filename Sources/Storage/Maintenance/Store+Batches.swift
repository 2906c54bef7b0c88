extension Store {
    /// Rows that each batch has in the tables of a snapshot; batches without rows are left out.
    package func rowCountsOfBatches(_ snapshot: StoreSnapshot) throws(StorageError) -> [Int: Int] {
        var provenance = BatchProvenance(folder: folder)
        var counts: [Int: Int] = [:]
        for table in snapshot.tables {
            for segment in table.record.segments {
                for part in try provenance.parts(of: segment) { counts[part.batchID, default: 0] += part.rowCount }
            }
        }
        return counts
    }
}
