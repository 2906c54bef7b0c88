package import Columns
import Execution

/// The rows a statement gave, in order: in memory, or in a file where memory has no room for them.
package struct QueryResult: Sendable {
    package var schema: Schema
    package var rowCount: Int
    private let held: [Batch]
    /// Rows in a file.
    let kept: KeptRows?
    /// Counts the rows in memory of an answer that is kept for other statements.
    private let holding: HeldAnswer?
    /// Watched and stopped by the statement's means; nil for rows that are nobody's statement.
    package var delivery: ResultDelivery?

    package init(schema: Schema, batches: [Batch]) {
        self.init(schema: schema, batches: batches, holding: nil)
    }

    private init(schema: Schema, batches: [Batch], holding: HeldAnswer?) {
        self.schema = schema
        self.holding = holding
        held = batches
        kept = nil
        rowCount = batches.reduce(0) { $0 + $1.rowCount }
    }

    /// - Parameter answers: Where what it holds is counted, if it is an answer for other statements.
    init(schema: Schema, kept: KeptRows, countedIn answers: HeldAnswers? = nil) {
        self.init(schema: schema, kept: kept, holding: answers?.hold(kept.heldByteCount))
    }

    private init(schema: Schema, kept: KeptRows, holding: HeldAnswer?) {
        self.schema = schema
        self.holding = holding
        held = kept.batchesInMemory ?? []
        self.kept = kept.batchesInMemory == nil ? kept : nil
        rowCount = kept.rowCount
    }

    /// The batches of a result in memory.
    ///
    /// - Precondition: the result is that of `Database.query`, one made of batches, or `inMemory`.
    package var batches: [Batch] {
        precondition(kept == nil, "rows in a file are read with forEachBatch")
        return held
    }

    /// Hands over the batches in order, wherever they are.
    ///
    /// - Throws: what `body` throws, or that rows cannot be read back; that the statement was cancelled or its time is up.
    package func forEachBatch(_ body: (Batch) throws -> Void) throws {
        delivery?.begin(rowCount: rowCount)
        func deliver(_ batch: Batch) throws {
            try delivery?.checkRunning()
            try body(batch)
            delivery?.passed(batch.rowCount)
        }
        if let kept { return try kept.forEachBatch(deliver) }
        for batch in held { try deliver(batch) }
    }

    /// The same rows without a time limit for whoever reads them.
    package func readAtLeisure() -> QueryResult {
        var own = self
        own.delivery = delivery?.withoutDeadline()
        return own
    }

    /// Hands over the batches in order until `body` is content.
    ///
    /// - Parameter body: Gives false when it has seen enough.
    package func forFirstBatches(_ body: (Batch) throws -> Bool) throws {
        struct Enough: Error {}
        do {
            try forEachBatch { batch in if try !body(batch) { throw Enough() } }
        } catch is Enough {
            return
        }
    }

    /// All rows as scalars: for results a person or a report reads, not for bulk data.
    ///
    /// - Precondition: as for `batches`.
    package func rows() -> [[ScalarValue]] {
        var rows: [[ScalarValue]] = []
        rows.reserveCapacity(rowCount)
        for batch in batches {
            let columns = batch.columns.map { $0.flattened() }
            for row in 0..<batch.rowCount { rows.append(columns.map { $0.scalar(at: row) }) }
        }
        return rows
    }

    /// The same rows in memory.
    ///
    /// - Throws: that rows cannot be read back; that the statement was cancelled or its time is up.
    package func inMemory() throws -> QueryResult {
        if kept == nil { return self }
        var batches: [Batch] = []
        try forEachBatch { batches.append($0) }
        return QueryResult(schema: schema, batches: batches, holding: holding?.another(batches.reduce(0) { $0 + $1.byteCount }))
    }

    /// The rows in which a column has a value, with some columns only.
    ///
    /// - Parameters:
    ///   - marker: The index of the column that tells.
    ///   - columns: Indexes of the columns wanted.
    /// - Precondition: the result is that of `Database.query` or `Database.keep`, or one made of batches.
    /// - Throws: that rows of a file cannot be read back or written.
    package func rows(where marker: Int, is wanted: ScalarValue, columns: [Int]) throws -> QueryResult {
        let chosenSchema = Schema(columns.map { schema.fields[$0] })
        if let kept {
            let rows = try kept.rows(where: marker, is: wanted, columns: columns)
            return QueryResult(schema: chosenSchema, kept: rows, holding: holding?.another(rows.heldByteCount))
        }
        var chosen: [Batch] = []
        for batch in batches {
            let marks = batch.columns[marker].flattened()
            let rows = (0..<batch.rowCount).filter { marks.scalar(at: $0) == wanted }
                .map { Int32(truncatingIfNeeded: $0) }
            if rows.isEmpty { continue }
            chosen.append(Batch(columns: columns.map { batch.columns[$0].gathered(rows) }, rowCount: rows.count))
        }
        return QueryResult(schema: chosenSchema, batches: chosen, holding: holding?.another(chosen.reduce(0) { $0 + $1.byteCount }))
    }
}
