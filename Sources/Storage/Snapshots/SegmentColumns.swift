package import Columns
import Diagnostics

/// One segment whose columns are read in one or more goes, whole or at some rows. What one go decodes is there for the next, as a
/// column that others are predicted from. For one thread.
package final class SegmentColumns {
    private let table: TableSnapshot
    private let index: Int
    private let segment: SegmentSnapshot
    private let file: SegmentFile
    private let directory: SegmentDirectory
    private var decoder: ColumnDecoder?

    init(table: TableSnapshot, index: Int) throws(StorageError) {
        self.table = table
        self.index = index
        segment = table.segments[index]
        file = try SegmentFile(segment)
        directory = try segment.directory(file)
    }

    /// Whole columns, in the order of `columns`, as `TableSnapshot.readSegment` gives them.
    package func columns(_ columns: [Int]) throws(StorageError) -> [Vector] {
        var vectors: [Vector] = []
        vectors.reserveCapacity(columns.count)
        for column in columns {
            vectors.append(
                try vector(column, rowCount: segment.rowCount) { (decoder) throws(StorageError) in try decoder.column(column) })
        }
        return vectors
    }

    /// Columns at some rows, none of them grouped: flat or constant vectors with a value for each of the rows.
    ///
    /// - Parameter rows: Ascending row numbers of the segment, without repetition.
    package func columns(_ columns: [Int], at rows: [Int32]) throws(StorageError) -> [Vector] {
        var vectors: [Vector] = []
        vectors.reserveCapacity(columns.count)
        for column in columns {
            precondition(column >= directory.columns.count || !directory.columns[column].isGrouped)
            vectors.append(
                try vector(column, rowCount: rows.count) { (decoder) throws(StorageError) in
                    try decoder.column(column, at: rows)
                })
        }
        return vectors
    }

    /// Which rows of a column are present, 1 for each, read without its values; nil if it is the same in all rows or in all rows of
    /// a run, or has been read.
    package func presence(_ column: Int) throws(StorageError) -> [UInt8]? {
        guard column < directory.columns.count, !directory.columns[column].isGrouped else { return nil }
        return try decoder(try segment.runMap(file, directory)).presence(column)
    }

    private func decoder(_ runMap: RunMap?) -> ColumnDecoder {
        if let decoder { return decoder }
        let made = ColumnDecoder(segment: segment, file: file, directory: directory, runMap: runMap)
        decoder = made
        return made
    }

    private func vector(
        _ column: Int, rowCount: Int, _ lanes: (ColumnDecoder) throws(StorageError) -> LaneColumn
    ) throws(StorageError) -> Vector {
        let field = table.schema.fields[column]
        guard column < directory.columns.count else { return .constant(.null, type: field.type, count: rowCount) }
        let entry = directory.columns[column]
        let widening = entry.type == field.type ? nil : TypeWidening(from: entry.type, to: field.type)
        guard entry.type == field.type || widening != nil else {
            throw segment.damaged("type \(entry.type.name), the table's is \(field.type.name)", column: field.name)
        }
        let domain = try table.codedDomain(column, entry, segment: index)
        if let constant = VectorAssembly.constant(entry, domain: domain, segmentRowCount: segment.rowCount, rowCount: rowCount) {
            return widening?.applied(to: constant) ?? constant
        }
        let runMap = try segment.runMap(file, directory)
        let reader = decoder(runMap)
        guard let stored = VectorAssembly.vector(try lanes(reader), type: entry.type, domain: domain) else {
            throw segment.damaged(
                "codes that the table's dictionary does not have", block: entry.block, column: field.name)
        }
        let vector = widening?.applied(to: stored) ?? stored
        if entry.isGrouped, let runMap { return .runs(vector, map: runMap) }
        return vector
    }
}
