import Columns

/// Gives batches of the engine to a closure of the program, and keeps apart what the closure throws and what the engine does.
struct BatchHandover {
    private var columns: [ColumnDescription] = []
    private var own: (any Error)?

    mutating func give(_ batch: Batch, of schema: Schema, to body: (AnswerBatch) throws -> Void) throws {
        if batch.rowCount == 0 { return }
        if columns.isEmpty { columns = schema.fields.map { ColumnDescription($0) } }
        do { try body(AnswerBatch(batch, columns)) } catch {
            own = error
            throw error
        }
    }

    /// What the caller is told: the closure's error as it is, any other as `FundError`.
    func said(_ error: any Error) -> any Error { own ?? FundError(error) }
}
