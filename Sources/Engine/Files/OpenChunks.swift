import Parquet
import Synchronization

/// Columns of row groups that are read in pieces, so that the pieces share what they need all: where pages lie, and dictionaries.
/// Pieces are read in their order: the row groups of which pieces were read last are kept.
final class OpenChunks: Sendable {
    struct RowGroup: Hashable, Sendable {
        var file: Int
        var number: Int
    }

    /// Row groups that are kept: those that workers are likely to be in.
    private static let limit = 4

    private let groups = Mutex<[(group: RowGroup, chunks: [Int: ColumnChunk])]>([])

    /// A column of a row group, opened if it is not yet.
    func chunk(
        _ group: RowGroup, _ column: Int, open: () throws(ParquetError) -> ColumnChunk
    ) throws(ParquetError) -> ColumnChunk {
        if let known = groups.withLock({ groups in groups.first { $0.group == group }?.chunks[column] }) { return known }
        // Not under the lock: others may read other columns. Of two that open the same, one is forgotten.
        let opened = try open()
        return groups.withLock { groups in
            if let index = groups.firstIndex(where: { $0.group == group }) {
                if let known = groups[index].chunks[column] { return known }
                groups[index].chunks[column] = opened
            } else {
                if groups.count == OpenChunks.limit { groups.removeFirst() }
                groups.append((group, [column: opened]))
            }
            return opened
        }
    }
}
