import Columns

extension TableSnapshot {
    /// Bytes of its segments and dictionaries, as the manifest has them.
    package var segmentByteCount: Int {
        let dictionaries = record.columns.reduce(0) { $0 + ($1.text?.dictionaries.reduce(0) { $0 + $1.size } ?? 0) }
        return dictionaries + segments.reduce(0) { $0 + $1.size }
    }

    /// Sizes and encodings of the table. Reads the directory of every segment.
    func statistics() throws(StorageError) -> TableStatistics {
        var columns: [ColumnStatistics] = []
        for column in record.columns {
            let dictionarySize = column.text?.dictionaries.reduce(0) { $0 + $1.size } ?? 0
            columns.append(
                ColumnStatistics(
                    name: column.field.name, type: TypeFormat.text(column.field.type),
                    textKind: column.text?.kind.rawValue ?? "",
                    nullCount: 0, storedSize: 0, dictionarySize: dictionarySize, rawSize: 0, encodings: [],
                    groupedSegmentCount: 0))
        }
        var uses = [[String: Int]](repeating: [:], count: columns.count)
        var segmentSize = 0
        for segment in segments {
            let directory = try segment.directory()
            segmentSize += segment.size
            for index in 0..<columns.count {
                guard index < directory.columns.count else {
                    columns[index].nullCount += segment.rowCount
                    continue
                }
                let entry = directory.columns[index]
                columns[index].nullCount += entry.nullCount
                // What files claim is not to be trusted: sums wrap.
                columns[index].rawSize &+= entry.rawSize
                columns[index].groupedSegmentCount += entry.isGrouped ? 1 : 0
                if let block = entry.block { columns[index].storedSize += directory.blocks[block].size }
                guard !entry.encodings.isEmpty else { continue }
                uses[index][entry.encodings, default: 0] += 1
            }
        }
        for index in 0..<columns.count {
            columns[index].encodings = uses[index].sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { $0.key }
        }
        let dictionarySize = columns.reduce(0) { $0 + $1.dictionarySize }
        return TableStatistics(
            name: name, rowCount: rowCount, segmentCount: segments.count, storedSize: segmentSize + dictionarySize,
            rawSize: columns.reduce(0) { $0 &+ $1.rawSize }, columns: columns)
    }
}
