package import Columns

/// The rows a statement gave, in order.
package struct QueryResult: Sendable {
    package var schema: Schema
    package var batches: [Batch]
    package var rowCount: Int

    package init(schema: Schema, batches: [Batch]) {
        self.schema = schema
        self.batches = batches
        self.rowCount = batches.reduce(0) { $0 + $1.rowCount }
    }

    /// All rows as scalars: for results a person or a report reads, not for bulk data.
    package func rows() -> [[ScalarValue]] {
        var rows: [[ScalarValue]] = []
        rows.reserveCapacity(rowCount)
        for batch in batches {
            let columns = batch.columns.map { $0.flattened() }
            for row in 0..<batch.rowCount { rows.append(columns.map { $0.scalar(at: row) }) }
        }
        return rows
    }
}
