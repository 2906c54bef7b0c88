import Columns
import Engine

/// All rows of an answer, in order: in memory, or in a private file where ``StoreOptions/memoryLimit`` leaves no room for them. The
/// file goes away with the answer.
public struct QueryAnswer: Sendable {
    /// Its columns, in the order of the query.
    public let columns: [ColumnDescription]
    /// Its rows.
    public let rowCount: Int
    private let result: QueryResult

    init(_ result: QueryResult) {
        columns = result.schema.fields.map { ColumnDescription($0) }
        rowCount = result.rowCount
        self.result = result
    }

    /// The whole column of a name, in memory.
    ///
    /// - Throws: ``FundError/Kind/usage`` if there is none, or more than one; ``FundError/Kind/inputOutput`` if rows in a file cannot
    ///   be read back.
    public func column(_ name: String) throws(FundError) -> AnswerColumn {
        try column(at: try ColumnPlace.of(name, in: columns))
    }

    /// The whole column at a place, in memory.
    ///
    /// - Precondition: `index` is one of `columns`.
    /// - Throws: ``FundError/Kind/inputOutput`` if rows in a file cannot be read back.
    public func column(at index: Int) throws(FundError) -> AnswerColumn {
        let description = columns[index]
        var pieces: [Vector] = []
        try FundError.saying {
            try result.forEachBatch { batch in if batch.rowCount > 0 { pieces.append(batch.columns[index]) } }
        }
        return AnswerColumn(description, pieces: pieces)
    }

    /// Hands over the rows in order, batch by batch, wherever they are; at most a few batches are in memory because of it.
    ///
    /// - Parameter body: Throw from it to see no more.
    /// - Throws: What `body` throws; ``FundError`` if rows in a file cannot be read back.
    public func forEachBatch(_ body: (AnswerBatch) throws -> Void) throws {
        var handover = BatchHandover()
        do {
            try result.forEachBatch { try handover.give($0, of: result.schema, to: body) }
        } catch {
            throw handover.said(error)
        }
    }

    /// All rows as values, for answers that a person could read.
    ///
    /// - Throws: ``FundError/Kind/inputOutput`` if rows in a file cannot be read back.
    public func rows() throws(FundError) -> [[FundValue]] {
        var rows: [[FundValue]] = []
        rows.reserveCapacity(rowCount)
        try FundError.saying {
            try result.forEachBatch { batch in
                let flat = batch.columns.map { $0.flattened() }
                for row in 0..<batch.rowCount { rows.append(flat.map { FundValue($0.scalar(at: row)) }) }
            }
        }
        return rows
    }
}

/// What one statement of a text gave.
public enum StatementAnswer: Sendable {
    /// Rows: of a query, `explain`, `describe`, `summarize`, `show`.
    case rows(QueryAnswer)
    /// A word of what was done, such as `CREATE VIEW`.
    case done(String)
}
