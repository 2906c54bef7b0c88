/// A statement with its values, on its way to the client.
final class Portal {
    let statement: PreparedStatement
    let values: [BoundValue]
    let formats: [ValueFormat]
    /// There once the statement has run.
    var result: StatementResult?
    var cursor: RowCursor?
    /// A statement without rows, or one that has been told complete, does not run again.
    var isComplete = false

    init(statement: PreparedStatement, values: [BoundValue], formats: [ValueFormat]) {
        self.statement = statement
        self.values = values
        self.formats = formats
    }
}
