extension TreeReader {
    mutating func readStatement(_ value: JSONValue) throws(SQLError) -> Statement {
        try enter()
        defer { leave() }
        var fields = try open(value)
        if fields.node == "SelectStmt" { return .select(try readQuery(fields)) }
        let statement = try readCommand(&fields)
        try finish(fields, at: start)
        return statement
    }

    private mutating func readCommand(_ fields: inout NodeFields) throws(SQLError) -> Statement {
        switch fields.node {
        case "ViewStmt": return .createView(try readView(&fields))
        case "CreateTableAsStmt": return .createTableAs(try readTableAs(&fields))
        case "DropStmt": return .drop(try readDrop(&fields))
        case "ExplainStmt": return .explain(try readExplain(&fields))
        case "CopyStmt": return .copyTo(try readCopy(&fields))
        case "VariableSetStmt": return .set(try readSetting(&fields))
        case "VariableShowStmt":
            let name = try requiredString(&fields, "name").lowercased()
            return name == "tables" ? .showTables(position: start) : .show(name: name, position: start)
        default: throw refusal(of: fields.node)
        }
    }

    private mutating func readView(_ fields: inout NodeFields) throws(SQLError) -> CreateView {
        guard let view = fields.fields("view", as: "RangeVar") else { throw malformed("a view") }
        let name = try readTableName(view)
        if fields.has("options") { throw unsupported("WITH (…) on a view", at: position(ofKeyword: "with")) }
        if fields.string("withCheckOption") != "NO_CHECK_OPTION" {
            throw unsupported("WITH CHECK OPTION", at: position(ofKeyword: "check"), hint: "leave it out")
        }
        return CreateView(
            name: name, columns: try names(fields.list("aliases")),
            query: try readQuery(try required(&fields, "query")),
            orReplace: fields.flag("replace"))
    }

    private mutating func readTableAs(_ fields: inout NodeFields) throws(SQLError) -> CreateTableAs {
        if fields.string("objtype") == "OBJECT_MATVIEW" {
            throw unsupported("CREATE MATERIALIZED VIEW", at: start, hint: "use a CTE, which is computed once")
        }
        guard var into = fields.fields("into", as: "IntoClause"), let relation = into.fields("rel", as: "RangeVar")
        else { throw malformed("CREATE TABLE AS") }
        let name = try readTableName(relation)
        if into.flag("skipData") { throw unsupported("WITH NO DATA", at: position(ofKeyword: "no")) }
        if into.string("onCommit") != "ONCOMMIT_NOOP" {
            throw unsupported("ON COMMIT", at: position(ofKeyword: "commit"))
        }
        if into.has("options") { throw unsupported("WITH (…) on a table", at: position(ofKeyword: "with")) }
        if into.has("accessMethod") { throw unsupported("USING on a table", at: position(ofKeyword: "using")) }
        if into.has("tableSpaceName") { throw unsupported("TABLESPACE", at: position(ofKeyword: "tablespace")) }
        let columns = try names(into.list("colNames"))
        try finish(into, at: name.position)
        return CreateTableAs(
            name: name, columns: columns, query: try readQuery(try required(&fields, "query")),
            ifNotExists: fields.flag("if_not_exists"))
    }

    private func readDrop(_ fields: inout NodeFields) throws(SQLError) -> Drop {
        let kind: Drop.Kind
        switch try requiredString(&fields, "removeType") {
        case "OBJECT_TABLE": kind = .table
        case "OBJECT_VIEW": kind = .view
        default: throw refusal(of: "DropStmt")
        }
        if fields.string("behavior") == "DROP_CASCADE" {
            throw unsupported("CASCADE", at: position(ofKeyword: "cascade"), hint: "drop the dependent views first")
        }
        var targets: [QualifiedName] = []
        for value in fields.list("objects") {
            var list = try open(value)
            let parts = try names(list.list("items"))
            guard list.node == "List", let name = parts.last else { throw malformed("DROP") }
            if parts.count > 2 { throw unsupported("a database name before a table", at: start) }
            targets.append(
                QualifiedName(
                    schema: parts.count == 2 ? parts[0] : nil, name: name, position: dropPosition(targets.count)))
        }
        return Drop(kind: kind, names: targets, ifExists: fields.flag("missing_ok"))
    }

    /// The place of the name with this index in `drop … a, b, c`; the grammar records none.
    private func dropPosition(_ index: Int) -> Int {
        var scanner = LexicalScanner(bytes)
        var remaining = index
        // `drop table` and, if written, `if exists` come before the first name.
        _ = scanner.next()
        _ = scanner.next()
        var isFirst = true
        while let token = scanner.next() {
            let text = String(decoding: bytes[token.range], as: UTF8.self).lowercased()
            if isFirst, token.kind == .word, text == "if" {
                _ = scanner.next()
                isFirst = false
                continue
            }
            isFirst = false
            if remaining == 0 { return max(base + token.range.lowerBound, 0) }
            if text == "," { remaining -= 1 }
        }
        return start
    }

    /// A statement that the grammar knows and we do not.
    func refusal(of node: String) -> SQLError {
        let (name, hint) = UnsupportedStatement.describe(node, text: bytes)
        return unsupported(name, at: start, hint: hint)
    }
}
