package import Columns
import Diagnostics

/// A Parquet file that is read: its columns, its row groups, and what is known of them.
package final class ParquetFile: Sendable {
    package let path: String
    package let columns: [ParquetColumn]
    package let createdBy: String?
    let file: FileBytes
    let rowGroups: [RowGroupMetadata]
    private let hasTypeOrder: [Bool]

    private static let magic = Array("PAR1".utf8)
    private static let encryptedMagic = Array("PARE".utf8)
    /// Largest footer that is read, and most rows of a row group.
    private static let footerLimit = 64 << 20
    private static let rowLimit = 1 << 26

    /// Opens a file and reads its footer.
    ///
    /// - Parameter name: What messages call it, if not by its path.
    package convenience init(path: String, name: String? = nil) throws(ParquetError) {
        try self.init(FileBytes(path: path, name: name ?? path))
    }

    /// Reads the footer of a file in memory.
    ///
    /// - Parameter path: What messages call it.
    package convenience init(_ bytes: [UInt8], path: String) throws(ParquetError) {
        try self.init(FileBytes(bytes, path: path))
    }

    private init(_ bytes: FileBytes) throws(ParquetError) {
        path = bytes.path
        file = bytes
        let metadata: FileMetadata
        do throws(Damage) {
            metadata = try ParquetFile.metadata(of: file)
            columns = try ParquetColumn.all(of: metadata.schema)
            try ParquetFile.check(metadata)
        } catch {
            throw ParquetFile.error(error, path: bytes.path)
        }
        createdBy = metadata.createdBy
        rowGroups = metadata.rowGroups
        hasTypeOrder = metadata.hasTypeOrder
    }

    /// Whether a file begins as Parquet does.
    package static func isParquet(path: String) -> Bool {
        guard let file = try? FileBytes(path: path, name: path), file.size >= 12, let head = try? file.read(0..<4) else { return false }
        return Array(head.prefix(4)) == magic
    }

    /// Whether these are the first bytes of a Parquet file.
    package static func begins(with head: [UInt8]) -> Bool { head.starts(with: magic) }

    /// A column that is not read, if there is one.
    package var unreadColumn: ParquetColumn? { columns.first { $0.refusal != nil } }

    package var rowGroupCount: Int { rowGroups.count }
    package func rowCount(rowGroup: Int) -> Int { rowGroups[rowGroup].rowCount }
    package var rowCount: Int { rowGroups.reduce(0) { $0 + $1.rowCount } }

    /// Bytes of a column chunk in the file.
    package func chunkSize(rowGroup: Int, column: Int) -> Int {
        // A structure without parts has no chunk; and no chunk is larger than the file.
        let chunks = rowGroups[rowGroup].columns
        let leaf = columns[column].leaf
        return leaf < chunks.count ? min(chunks[leaf].packedSize, file.size) : 0
    }

    /// Rows of one row group that a worker takes at a time. Pages of the usual writers end after 20,000 rows: none is cut by these.
    private static let pieceRowCount = 120_000

    /// The parts of a row group that workers may read beside each other, not all of them of the same size.
    package func pieces(rowGroup: Int) -> [Range<Int>] {
        let rowCount = rowGroups[rowGroup].rowCount
        let count = max(1, (rowCount + ParquetFile.pieceRowCount / 2) / ParquetFile.pieceRowCount)
        return (0..<count).map { piece in
            let end = piece == count - 1 ? rowCount : (piece + 1) * ParquetFile.pieceRowCount
            return piece * ParquetFile.pieceRowCount..<end
        }
    }

    /// The values of a column in one row group.
    package func read(rowGroup: Int, column: Int) throws(ParquetError) -> Vector {
        try chunk(rowGroup: rowGroup, column: column, atOnce: true).read(0..<rowGroups[rowGroup].rowCount)
    }

    /// A column of one row group, for reading rows of it.
    ///
    /// - Parameter atOnce: Whether all rows are going to be read.
    package func chunk(rowGroup: Int, column index: Int, atOnce: Bool) throws(ParquetError) -> ColumnChunk {
        let column = columns[index]
        if let refusal = column.refusal {
            throw ParquetError(
                .query, "column \"\(column.name)\" is \(refusal), which is not read", path: path,
                mend: "name the columns that are wanted")
        }
        return try ColumnChunk(
            file: file, column: column, metadata: rowGroups[rowGroup].columns[column.leaf],
            hasTypeOrder: column.leaf < hasTypeOrder.count && hasTypeOrder[column.leaf], rowGroup: rowGroup,
            rowCount: rowGroups[rowGroup].rowCount, atOnce: atOnce)
    }

    /// NULLs, smallest and largest value of a column in one row group, as far as the footer tells.
    package func bounds(
        rowGroup: Int, column: Int
    ) -> (nullCount: Int?, minimum: ScalarValue?, maximum: ScalarValue?) {
        let column = columns[column]
        guard column.refusal == nil else { return (nil, nil, nil) }
        let statistics = rowGroups[rowGroup].columns[column.leaf].statistics
        // Only where the file says that its bounds go by the order of the column's type.
        guard column.leaf < hasTypeOrder.count && hasTypeOrder[column.leaf] else {
            return (statistics.nullCount, nil, nil)
        }
        return (
            statistics.nullCount, statistics.minimum.flatMap { BoundValue.scalar($0, column) },
            statistics.maximum.flatMap { BoundValue.scalar($0, column) }
        )
    }

    /// The smallest and largest value of a column in one row group, `.null` where all rows are; nil where the footer's bounds may be
    /// no values of it. The third is the number of its values.
    package func exactBounds(rowGroup: Int, column index: Int) -> (minimum: ScalarValue?, maximum: ScalarValue?, valueCount: Int?) {
        let column = columns[index]
        guard column.refusal == nil else { return (nil, nil, nil) }
        let statistics = rowGroups[rowGroup].columns[column.leaf].statistics
        let rowCount = rowGroups[rowGroup].rowCount
        let nullCount = statistics.nullCount ?? (column.isOptional ? nil : 0)
        if nullCount == rowCount { return (.null, .null, 0) }
        let valueCount = nullCount.flatMap { $0 < rowCount ? rowCount - $0 : nil }
        let known = bounds(rowGroup: rowGroup, column: index)
        func exact(_ bound: ScalarValue?, _ isExact: Bool?) -> ScalarValue? {
            switch column.conversion {
            // Bytes may be cut, and are not where the file says so.
            case .text: isExact == true ? bound : nil
            case .decimal: isExact ?? (column.physicalType != .byteArray) ? bound : nil
            case .boolean, .integer, .date, .timestamp: isExact == false ? nil : bound
            // NaN is in no bound, and a zero bound stands for either zero.
            case .double, .unsigned64, .legacyTime, .uuid, .none: nil
            }
        }
        return (exact(known.minimum, statistics.isMinimumExact), exact(known.maximum, statistics.isMaximumExact), valueCount)
    }

    private static func metadata(of file: FileBytes) throws(Damage) -> FileMetadata {
        func bytes(_ range: Range<Int>) throws(Damage) -> [UInt8] {
            guard let bytes = try? file.read(range) else { throw Damage("the file cannot be read to its end") }
            return bytes
        }
        guard file.size >= 12, Array(try bytes(0..<4).prefix(4)) == magic else {
            if file.size >= 12, Array(try bytes(0..<4).prefix(4)) == encryptedMagic {
                throw .unsupported("an encrypted file")
            }
            throw .unsupported("no Parquet file: it does not begin with PAR1")
        }
        let tail = try bytes(file.size - 8..<file.size)
        guard Array(tail[4..<8]) == magic else {
            throw Damage("the file does not end with PAR1: it was cut off, or is still being written")
        }
        let length = Int(LittleEndian.uint32(tail, 0))
        guard length <= file.size - 12, length <= footerLimit else { throw Damage("a footer of \(length) bytes") }
        let footer = try bytes(file.size - 8 - length..<file.size - 8)
        return try FileMetadata(footer, 0..<length)
    }

    private static func check(_ metadata: FileMetadata) throws(Damage) {
        let leafCount = metadata.schema.filter { $0.type != nil }.count
        for (index, group) in metadata.rowGroups.enumerated() {
            guard group.columns.count == leafCount else {
                throw Damage("row group \(index) has \(group.columns.count) column chunks for \(leafCount) columns")
            }
            guard group.rowCount <= rowLimit else {
                throw .unsupported("row group \(index) has \(group.rowCount) rows; at most \(rowLimit) are read")
            }
        }
        let rowCount = metadata.rowGroups.reduce(0) { $0 + $1.rowCount }
        guard rowCount == metadata.rowCount else {
            throw Damage("\(rowCount) rows in the row groups, \(metadata.rowCount) expected")
        }
    }

    static func error(_ damage: Damage, path: String) -> ParquetError {
        ParquetError(
            .badData, damage.what, path: path,
            mend: damage.isUnsupported ? "write it in another way" : ParquetError.damageMend)
    }
}
