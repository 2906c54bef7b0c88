import SQL

/// Looks for names in syntax trees, without binding anything.
enum SyntaxSearch {
    /// Whether the FROM clauses of a query name a table; subqueries in expressions are not searched.
    static func reads(_ query: Query, table name: String) -> Bool {
        if query.commonTables.contains(where: { reads($0.query, table: name) }) { return true }
        switch query.body {
        case .select(let core): return core.from.contains { reads($0, table: name) }
        case .setOperation(let operation):
            return reads(operation.left, table: name) || reads(operation.right, table: name)
        case .values: return false
        }
    }

    private static func reads(_ reference: TableReference, table name: String) -> Bool {
        switch reference {
        case .table(let table): table.name.schema == nil && table.name.name == name
        case .subquery(let subquery): reads(subquery.query, table: name)
        case .function: false
        case .join(let join): reads(join.left, table: name) || reads(join.right, table: name)
        }
    }
}
