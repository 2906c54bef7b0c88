import Columns
import Diagnostics
import Execution
import Storage

/// Stores the rows of a query as segments of a table made for them.
///
/// Text gets its codes segment after segment, the rest is done in parallel: the same rows give the same bytes for any
/// number of workers.
struct ResultTableWriter {
    let table: String
    let schema: Schema
    let transaction: StoreTransaction
    /// Rows of a segment, the last one aside.
    let segmentRowCount: Int
    let workerCount: Int

    func write(_ result: QueryResult) throws {
        var pending: [CodedSegment] = []
        var groupKey: Int??
        var order = 0
        try result.forEachPiece(rowCount: segmentRowCount) { piece in
            let columns = zip(piece.columns, schema.fields).map { ResultColumn($0, type: $1.type) }
            // Which column's runs pay is asked of the first rows, once.
            let key = groupKey ?? GroupKeyChoice.column(of: columns, rowCount: piece.rowCount)
            groupKey = .some(key)
            pending.append(
                CodedSegment(
                    columns: columns, textCodes: try codes(columns, rowCount: piece.rowCount), rowCount: piece.rowCount,
                    order: order, groupKey: key))
            order += 1
            if pending.count >= workerCount * 2 { try store(&pending) }
        }
        try store(&pending)
    }

    private struct CodedSegment: Sendable {
        var columns: [ResultColumn]
        var textCodes: [TextCodes?]
        var rowCount: Int
        var order: Int
        var groupKey: Int?
    }

    private func codes(_ columns: [ResultColumn], rowCount: Int) throws -> [TextCodes?] {
        var result: [TextCodes?] = []
        for (index, column) in columns.enumerated() {
            guard schema.fields[index].type == .text else {
                result.append(nil)
                continue
            }
            let domain = try transaction.textDomain(of: index, in: table)
            result.append(column.tableCodes(in: domain, rowCount: rowCount))
        }
        return result
    }

    private func store(_ pending: inout [CodedSegment]) throws {
        let segments = pending
        pending = []
        let (schema, table, transaction) = (schema, table, transaction)
        _ = try WorkerThreads.map(count: segments.count, workerCount: workerCount) { (index) throws(ExecutionError) -> Bool in
            let segment = segments[index]
            let columns = segment.columns.indices.map { column in
                segment.columns[column].encodable(tableCodes: segment.textCodes[column])
            }
            do throws(StorageError) {
                let encoded = try SegmentEncoder.encode(
                    schema: schema, columns: columns, rowCount: segment.rowCount, groupKeyColumn: segment.groupKey)
                try transaction.add(encoded, to: table, order: segment.order)
            } catch {
                throw ExecutionError(.diagnosed(error.diagnostic))
            }
            return true
        }
    }
}
