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

    /// Bytes of rows it keeps for later.
    var keptByteCount = 0

    /// Once all are sent; what is told of them stays.
    func forgetRows() {
        cursor = nil
        keptByteCount = 0
        guard case .rows(let source, let tag) = result?.content else { return }
        result?.content = .rows(source.withoutRows, tag: tag)
    }

    /// Bytes of its values.
    var byteCount: Int { values.reduce(0) { $0 + 32 + ($1.bytes?.count ?? 0) } }

    init(statement: PreparedStatement, values: [BoundValue], formats: [ValueFormat]) {
        self.statement = statement
        self.values = values
        self.formats = formats
    }
}
