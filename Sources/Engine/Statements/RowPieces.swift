import Columns
import Execution

/// The rows of a result in pieces of one size, the last one aside: each is put together when it is asked for.
struct RowPieces: Sendable {
    private struct Part: Sendable {
        var batch: Int
        var rows: Range<Int>
    }

    private let batches: [Batch]
    private let fields: [Field]
    private let pieces: [[Part]]

    /// - Parameter rowCount: Rows of a piece.
    init(_ batches: [Batch], fields: [Field], rowCount: Int) {
        self.batches = batches
        self.fields = fields
        var pieces: [[Part]] = []
        var waiting: [Part] = []
        var waitingCount = 0
        for (index, batch) in batches.enumerated() {
            var first = 0
            while first < batch.rowCount {
                let end = min(batch.rowCount, first + rowCount - waitingCount)
                waiting.append(Part(batch: index, rows: first..<end))
                waitingCount += end - first
                first = end
                if waitingCount == rowCount {
                    pieces.append(waiting)
                    waiting = []
                    waitingCount = 0
                }
            }
        }
        if !waiting.isEmpty { pieces.append(waiting) }
        self.pieces = pieces
    }

    var count: Int { pieces.count }

    /// The rows of a piece, flat.
    func batch(_ piece: Int) -> Batch {
        let parts = pieces[piece]
        let whole = parts.map { part -> Batch in
            let batch = batches[part.batch]
            if part.rows.count == batch.rowCount { return batch }
            let rows = part.rows.map { Int32(truncatingIfNeeded: $0) }
            return Batch(columns: batch.columns.map { $0.gathered(rows) }, rowCount: rows.count)
        }
        let columns = fields.indices.map { index in
            Vector.concatenated(whole.map { $0.columns[index] }, type: fields[index].type)
        }
        return Batch(columns: columns, rowCount: parts.reduce(0) { $0 + $1.rows.count })
    }
}
