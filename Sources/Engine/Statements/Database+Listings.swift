import Columns
import Planning
import SQL

/// What a store holds: `show tables`, `describe`.
extension Database {
    /// One row for each table and view. The first column is DuckDB's.
    func tableRows() throws -> QueryResult {
        let catalog = try catalog()
        var rows = ResultRows(fields: [
            Field(name: "name", type: .text), Field(name: "kind", type: .text), Field(name: "rows", type: .bigint),
        ])
        for name in catalog.relationNames {
            if let table = catalog.table(named: name) {
                rows.append([.text(name), .text("table"), .integer(Int64(table.rowCount))])
            } else {
                rows.append([.text(name), .text("view"), .null])
            }
        }
        return rows.result()
    }

    /// One row for each column of a table, view or query, with DuckDB's names.
    func describeRows(_ source: RelationSource, text: String) throws -> QueryResult {
        var rows = ResultRows(fields: [
            Field(name: "column_name", type: .text), Field(name: "column_type", type: .text),
            Field(name: "null", type: .text),
        ])
        let (fields, unread) = try describedFields(of: source, text: text)
        for (field, unread) in zip(fields, unread) {
            rows.append([.text(field.name), .text(unread?.typeText ?? field.type.name), .text(field.isNullable ? "YES" : "NO")])
        }
        return rows.result()
    }

    /// The columns of a table, view or query. A stored table says which of them never hold NULL.
    func fields(of source: RelationSource, text: String) throws -> [Field] {
        try describedFields(of: source, text: text).fields
    }

    /// The same, and what cannot be read of them.
    private func describedFields(of source: RelationSource, text: String) throws -> (fields: [Field], unread: [UnreadField?]) {
        if case .table(let name) = source, name.schema == nil || name.schema == "public",
            let stored = try catalog().table(named: name.name)
        {
            return (stored.schema.fields, stored.schema.fields.map { _ in nil })
        }
        let planned = try plan(Database.query(of: source), text: text, catalog: try catalog(), isShown: true)
        return (planned.columns.map { Field(name: $0.name, type: $0.type, isNullable: $0.isNullable) }, planned.unreadOutput)
    }

    /// `select *` from a table or view under its place in the statement, or the query itself.
    static func query(of source: RelationSource) -> Query {
        switch source {
        case .query(let query): return query
        case .table(let name):
            let core = SelectCore(
                items: [.star(qualifier: [], excluding: [], position: name.position)], from: [.table(NamedTable(name: name))],
                position: name.position)
            return Query(body: .select(core), position: name.position)
        }
    }
}
