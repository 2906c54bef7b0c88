import Columns
import Execution

/// The rows a statement gave, as a table for another one.
final class ResultTable: ScannableTable {
    let schema: Schema
    let rowCount: Int
    private let segments: [Batch]

    /// - Precondition: the result is in memory.
    init(_ result: QueryResult) {
        schema = result.schema
        rowCount = result.rowCount
        let batches = result.batches
        let columns = schema.fields.indices.map { index in
            Vector.concatenated(batches.map { $0.columns[index] }, type: result.schema.fields[index].type)
        }
        // One domain for a column of all segments: they are cut from one vector.
        segments = stride(from: 0, to: rowCount, by: ResultTable.segmentRowCount).map { first in
            let rows = (first..<min(result.rowCount, first + ResultTable.segmentRowCount)).map { Int32(truncatingIfNeeded: $0) }
            return Batch(columns: columns.map { $0.gathered(rows) }, rowCount: rows.count)
        }
    }

    private static let segmentRowCount = 65_536

    var segmentCount: Int { segments.count }
    func rowCount(segment: Int) -> Int { segments[segment].rowCount }
    func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool { true }
    func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector] { fields.map { segments[segment].columns[$0] } }
}
