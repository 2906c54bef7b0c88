extension SegmentSnapshot {
    /// Number and bytes of the blocks that hold these columns; columns that are constant or absent have none.
    package func blocks(ofColumns columns: [Int]) throws(StorageError) -> (count: Int, size: Int) {
        let directory = try directory()
        var result = (count: 0, size: 0)
        for column in columns where column < directory.columns.count {
            guard let block = directory.columns[column].block else { continue }
            result.count += 1
            result.size += directory.blocks[block].size
        }
        return result
    }
}
