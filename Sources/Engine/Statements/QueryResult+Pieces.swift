import Columns
import Execution

extension QueryResult {
    /// Hands over the rows in order, in pieces of `rowCount` rows, the last one aside: flat columns.
    ///
    /// - Throws: what `body` throws, or that rows cannot be read back.
    func forEachPiece(rowCount: Int, _ body: (Batch) throws -> Void) throws {
        var waiting: [Batch] = []
        var waitingCount = 0
        func flush() throws {
            guard waitingCount > 0 else { return }
            let columns = schema.fields.indices.map { index in
                Vector.concatenated(waiting.map { $0.columns[index] }, type: schema.fields[index].type)
            }
            let piece = Batch(columns: columns, rowCount: waitingCount)
            waiting = []
            waitingCount = 0
            try body(piece)
        }
        try forEachBatch { batch in
            var first = 0
            while first < batch.rowCount {
                let end = min(batch.rowCount, first + rowCount - waitingCount)
                if first == 0, end == batch.rowCount {
                    waiting.append(batch)
                } else {
                    let rows = (first..<end).map { Int32(truncatingIfNeeded: $0) }
                    waiting.append(Batch(columns: batch.columns.map { $0.gathered(rows) }, rowCount: rows.count))
                }
                waitingCount += end - first
                first = end
                if waitingCount == rowCount { try flush() }
            }
        }
        try flush()
    }
}
