extension Statement {
    /// Whether it gives rows, be they none.
    package var givesRows: Bool {
        switch self {
        case .select, .explain, .showTables, .describe, .summarize, .show: true
        case .createView, .createTableAs, .drop, .copyTo, .set: false
        }
    }

    /// What PostgreSQL calls a statement that changes the store; nil for one that does not. `copy … to` writes elsewhere, and
    /// `explain` nowhere, whatever it explains.
    package var writingName: String? {
        switch self {
        case .createView: "CREATE VIEW"
        case .createTableAs: "CREATE TABLE AS"
        case .drop(let drop): drop.kind == .table ? "DROP TABLE" : "DROP VIEW"
        case .select, .explain, .showTables, .describe, .summarize, .show, .copyTo, .set: nil
        }
    }
}
