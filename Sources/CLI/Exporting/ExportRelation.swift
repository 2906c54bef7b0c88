import Columns
import Diagnostics
import Engine
import SQL

/// What is exported: its text in FROM, its columns, and how its files are called.
struct ExportRelation {
    let text: String
    let fileName: String
    let fields: [Field]

    init(table: String?, query: String?, database: Database) throws {
        if let table {
            text = Identifier.quoted(table)
            fileName = FolderName.escaped(table)
            fields = try database.columns(of: table)
        } else {
            // A query that ends with a `;` or a comment is still one query.
            let plain = StatementSplitter.split(query ?? "")
            guard plain.count == 1 else { throw Diagnostic(.usage, "--query expects one query", mend: "write one select") }
            let bytes = Array((query ?? "").utf8)[plain[0].range]
            text = "(" + String(decoding: bytes, as: UTF8.self) + "\n) as exported"
            fileName = "query"
            fields = try database.query("select * from \(text) limit 0").schema.fields
        }
    }
}
