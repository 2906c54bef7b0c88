package import Columns
import Planning
import SQL
import Storage

/// What a shell can offer while a statement is typed.
extension Database {
    /// Tables and views, those that always exist among them, sorted by name.
    package func relations() throws -> [RelationSummary] {
        let catalog = try catalog()
        return catalog.relationNames.map { name in
            if let table = catalog.table(named: name) {
                return RelationSummary(name: name, rowCount: table.rowCount, byteCount: catalog.snapshot?.table(name)?.segmentByteCount ?? 0)
            }
            return RelationSummary(name: name, viewText: catalog.view(named: name) ?? "")
        }
    }

    /// The columns of a table or view.
    ///
    /// - Throws: `Diagnostic` of kind `query` if there is no such relation.
    package func columns(of relation: String) throws -> [Field] {
        let text = "describe " + Identifier.quoted([relation])
        guard case .describe(let source)? = try Database.parse(text).first?.statement else { return [] }
        return try fields(of: source, text: text)
    }

    /// Every name a call may use: functions, aggregates, window functions, functions in FROM; sorted.
    package static let functionNames: [String] = Set(
        FunctionSignatures.names + AggregateSignatures.names + AggregateSignatures.aliases.keys
            + AggregateSignatures.windowOnly + StoredCatalog.functionNames
    ).sorted()
}
