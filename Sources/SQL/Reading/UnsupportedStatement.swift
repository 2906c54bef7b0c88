/// Names for the statements that PostgreSQL has and a store does not.
enum UnsupportedStatement {
    /// The statement's name in SQL and what to do instead.
    static func describe(_ node: String, text: [UInt8]) -> (name: String, hint: String?) {
        switch node {
        case "InsertStmt": return ("INSERT", "a store is loaded with `fundwatch ingest`")
        case "UpdateStmt": return ("UPDATE", "stored rows never change; load a corrected batch with `fundwatch ingest`")
        case "DeleteStmt": return ("DELETE", "stored rows never change; filter them in the query")
        case "MergeStmt": return ("MERGE", "a store is loaded with `fundwatch ingest`")
        case "TruncateStmt": return ("TRUNCATE", "write `drop table`")
        case "CreateStmt":
            return (
                "CREATE TABLE with column definitions", "load a file with `fundwatch ingest`"
            )
        case "TransactionStmt": return (leadingWords(text, 1), "every statement stands for itself; leave it out")
        case "PrepareStmt", "ExecuteStmt", "DeallocateStmt": return (leadingWords(text, 1), "write the query itself")
        case "VacuumStmt": return (leadingWords(text, 1), "a store needs none: its files never change")
        case "IndexStmt": return ("CREATE INDEX", "segments carry zone maps; leave it out")
        case "RefreshMatViewStmt": return ("REFRESH MATERIALIZED VIEW", nil)
        case "DropStmt": return (leadingWords(text, 2), "only tables and views can be dropped")
        case "RenameStmt", "AlterTableStmt":
            return (leadingWords(text, 2), "load a file with `fundwatch ingest`")
        default: break
        }
        let first = leadingWords(text, 1)
        return (["ALTER", "CREATE", "DROP"].contains(first) ? leadingWords(text, 2) : first, nil)
    }

    /// The first words of a statement in upper case, past `or replace` and the like.
    private static func leadingWords(_ text: [UInt8], _ count: Int) -> String {
        let skipped: Set<String> = [
            "OR", "REPLACE", "TEMP", "TEMPORARY", "UNIQUE", "TRUSTED", "PROCEDURAL", "CONSTRAINT", "RECURSIVE",
        ]
        var scanner = LexicalScanner(text)
        var words: [String] = []
        while words.count < count, let token = scanner.next(), token.kind == .word {
            let word = String(decoding: text[token.range], as: UTF8.self).uppercased()
            if words.isEmpty || !skipped.contains(word) { words.append(word) }
        }
        return words.isEmpty ? "this statement" : words.joined(separator: " ")
    }
}
