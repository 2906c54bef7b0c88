import Columns
import Diagnostics

/// Rows of a table gathered from its segments, to be written as one new segment.
struct RowCollector {
    private let table: TableSnapshot
    private let layout: TableLayout
    private var columns: [CollectedColumn] = []
    private(set) var rowCount = 0
    /// The batches of the rows.
    private(set) var parts: [BatchPart] = []

    init(_ table: TableSnapshot, layout: TableLayout) throws(StorageError) {
        self.table = table
        self.layout = layout
        for (index, field) in table.schema.fields.enumerated() {
            columns.append(CollectedColumn(type: field.type, domain: try table.textDomain(index)))
        }
    }

    /// Adds rows of a segment.
    ///
    /// - Parameters:
    ///   - vectors: All columns of the segment, as `TableSnapshot.readSegment` gives them.
    ///   - rows: Row numbers, ascending.
    ///   - segmentParts: The batches of all rows of the segment.
    mutating func append(
        _ vectors: [Vector], segment: Int, rows: [Int32], parts segmentParts: [BatchPart]
    ) throws(StorageError) {
        guard !rows.isEmpty else { return }
        var runs: [Int32] = []
        for case .runs(_, let map) in vectors.map(\.values) {
            runs = gather(map.runOfRow(), rows)
            break
        }
        for (index, vector) in vectors.enumerated() where !columns[index].append(vector, rows: rows, runs: runs) {
            throw StorageError(
                .internalError, "values of another kind than the table's", file: table.segments[segment].relativePath,
                column: table.schema.fields[index].name)
        }
        rowCount += rows.count
        appendParts(rows, segmentParts)
    }

    private mutating func appendParts(_ rows: [Int32], _ segmentParts: [BatchPart]) {
        var position = 0
        var end = 0
        for part in segmentParts {
            end += part.rowCount
            let first = position
            if Int(rows[rows.count - 1]) < end {
                position = rows.count
            } else {
                while position < rows.count, Int(rows[position]) < end { position += 1 }
            }
            parts.append(batchID: part.batchID, rowCount: position - first)
        }
    }

    /// The bytes of a segment of these rows: a function of the rows alone.
    func encoded() throws(StorageError) -> EncodedSegment {
        let names = table.schema.fields.map(\.name)
        let segment = try SegmentEncoder.encode(
            schema: table.schema, columns: columns.map(\.encodable), rowCount: rowCount,
            groupKeyColumn: layout.groupKey.flatMap { names.firstIndex(of: $0) },
            timeColumn: layout.timeColumn.flatMap { names.firstIndex(of: $0) },
            measureColumns: layout.measures.compactMap { names.firstIndex(of: $0) })
        return segment
    }
}
