/// The statements that PostgreSQL's grammar does not know: `describe x`, `desc x`, `summarize x`, and `from x` without a select list.
///
/// (`show tables` is read by the grammar, as the setting `tables`.)
enum ShellStatement {
    /// Reads one of them, or returns nil if the text begins otherwise; `base` is added to every position.
    static func read(_ bytes: [UInt8], base: Int) throws(SQLError) -> Statement? {
        var scanner = LexicalScanner(bytes)
        guard let verb = scanner.next(), verb.kind == .word else { return nil }
        let name = String(decoding: bytes[verb.range], as: UTF8.self).lowercased()
        if name == "from", !hasSelectList(bytes) {
            let start = verb.range.lowerBound
            return try PostgresParser.readStatement(wholeRows + bytes[start...], base: base + start - wholeRows.count)
        }
        guard name == "describe" || name == "desc" || name == "summarize" else { return nil }
        guard let operand = scanner.next() else {
            if name != "summarize" { return .showTables(position: base + verb.range.lowerBound) }
            throw SQLError(
                "summarize expects a table or a query", position: base + verb.range.upperBound,
                hint: "write `summarize claims` or `summarize select …`")
        }
        let rest = Array(bytes[operand.range.lowerBound...])
        let source = try readSource(rest, first: operand, in: bytes, verb: name, base: base + operand.range.lowerBound)
        return name == "summarize" ? .summarize(source) : .describe(source)
    }

    private static let wholeRows = Array("select * ".utf8)

    /// Whether a SELECT stands in the statement itself, not in one of its subqueries.
    private static func hasSelectList(_ bytes: [UInt8]) -> Bool {
        var scanner = LexicalScanner(bytes)
        var depth = 0
        while let token = scanner.next() {
            switch token.kind {
            case .opening: depth += 1
            case .closing: depth -= 1
            case .word where depth == 0 && String(decoding: bytes[token.range], as: UTF8.self).lowercased() == "select": return true
            default: break
            }
        }
        return false
    }

    private static func readSource(
        _ rest: [UInt8], first: LexicalScanner.Token, in bytes: [UInt8], verb: String, base: Int
    ) throws(SQLError) -> RelationSource {
        let word = String(decoding: bytes[first.range], as: UTF8.self).lowercased()
        if first.kind == .opening || (first.kind == .word && ["select", "with", "values", "table"].contains(word)) {
            if case .select(let query) = try PostgresParser.readStatement(rest, base: base) { return .query(query) }
        } else {
            let prefix = wholeRows + Array("from ".utf8)
            let statement = try PostgresParser.readStatement(prefix + rest, base: base - prefix.count)
            if let source = soleSource(of: statement) { return source }
        }
        throw SQLError(
            "\(verb) expects one table, table function or query", position: base,
            hint: "write `\(verb) claims` or `\(verb) select …`")
    }

    /// The table or function of `select * from it`, if there is nothing else.
    private static func soleSource(of statement: Statement) -> RelationSource? {
        guard case .select(let query) = statement, case .select(let core) = query.body, core.from.count == 1 else {
            return nil
        }
        let isPlain =
            core.where == nil && core.groupBy.isEmpty && core.having == nil && core.windows.isEmpty
            && query.orderBy.isEmpty && query.limit == nil && query.offset == nil
        guard isPlain else { return nil }
        switch core.from[0] {
        case .table(let table): return table.alias == nil ? .table(table.name) : nil
        case .function: return .query(query)
        case .subquery, .join: return nil
        }
    }
}
