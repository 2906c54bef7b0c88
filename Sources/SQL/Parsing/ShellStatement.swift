/// The statements that PostgreSQL's grammar does not know: `describe x`, `desc x`, `summarize x`.
///
/// (`show tables` is read by the grammar, as the setting `tables`.)
enum ShellStatement {
    /// Reads one of them, or returns nil if the text begins otherwise; `base` is added to every position.
    static func read(_ bytes: [UInt8], base: Int) throws(SQLError) -> Statement? {
        var scanner = LexicalScanner(bytes)
        guard let verb = scanner.next(), verb.kind == .word else { return nil }
        let name = String(decoding: bytes[verb.range], as: UTF8.self).lowercased()
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

    private static func readSource(
        _ rest: [UInt8], first: LexicalScanner.Token, in bytes: [UInt8], verb: String, base: Int
    ) throws(SQLError) -> RelationSource {
        let word = String(decoding: bytes[first.range], as: UTF8.self).lowercased()
        if first.kind == .opening || (first.kind == .word && ["select", "with", "values", "table"].contains(word)) {
            if case .select(let query) = try PostgresParser.readStatement(rest, base: base) { return .query(query) }
        } else {
            let prefix = Array("select * from ".utf8)
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
