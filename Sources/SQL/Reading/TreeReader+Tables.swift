extension TreeReader {
    mutating func readTableReference(_ value: JSONValue) throws(SQLError) -> TableReference {
        try enter()
        defer { leave() }
        var fields = try open(value)
        switch fields.node {
        case "RangeVar":
            let alias = try readAlias(&fields, "alias")
            let name = try readTableName(fields, isRead: true)
            if name.schema == nil, case .file(let path)? = meanings[name.name] { return file(path, alias, at: name.position) }
            return .table(NamedTable(name: name, alias: alias))
        case "RangeSubselect": return try readSubqueryTable(&fields)
        case "RangeFunction": return try readFunctionTable(&fields)
        case "JoinExpr": return .join(try readJoin(&fields))
        case "RangeTableSample": return try readSample(&fields)
        case "RangeTableFunc": throw unsupported("XMLTABLE", at: location(&fields))
        default: throw unsupported("\(fields.node) in FROM", at: start)
        }
    }

    private mutating func readSample(_ fields: inout NodeFields) throws(SQLError) -> TableReference {
        let position = location(&fields)
        let reference = try readTableReference(try required(&fields, "relation"))
        let method = try names(fields.list("method"))
        let arguments = fields.list("args")
        let seed = fields.take("repeatable")
        try finish(fields, at: position)
        guard case .table(var table) = reference else {
            throw unsupported("TABLESAMPLE of a file", at: position, hint: "load it with `fundwatch ingest`")
        }
        guard method.count == 1, let known = TableSample.Method(rawValue: method[0]) else {
            throw SQLError(
                "tablesample method \(method.joined(separator: ".")) does not exist", position: position, hint: "write bernoulli or system")
        }
        guard arguments.count == 1 else {
            throw SQLError(
                "tablesample method \(known.rawValue) requires 1 argument, not \(arguments.count)", position: position)
        }
        let percentage = try readExpression(arguments[0])
        var seedValue: Expression?
        if let seed { seedValue = try readExpression(seed) }
        table.sample = TableSample(method: known, percentage: percentage, seed: seedValue, position: position)
        return .table(table)
    }

    /// `'x.csv'` in place of a table.
    private func file(_ path: String, _ alias: TableAlias?, at position: Int) -> TableReference {
        let lowered = path.lowercased()
        let name = lowered.hasSuffix(".parquet") ? "read_parquet" : lowered.hasSuffix(".xlsx") ? "read_xlsx" : "read_csv"
        let argument = Expression(.literal(.string(path)), position: position)
        return .function(
            FunctionTable(
                call: FunctionCall(name: [name], arguments: [.init(value: argument)], position: position),
                alias: alias ?? TableAlias(name: GrammarStandIns.relationName(of: path)), position: position))
    }

    /// Reads a `RangeVar` that has no alias, or whose alias was taken.
    ///
    /// - Parameter isRead: Whether it is a table whose rows are asked for, which may stand behind its database's name.
    mutating func readTableName(_ input: NodeFields, isRead: Bool = false) throws(SQLError) -> QualifiedName {
        var fields = input
        let position = location(&fields)
        let database = isRead ? fields.string("catalogname") : nil
        if !isRead, fields.has("catalogname") {
            throw unsupported("a database name before a table", at: position, hint: "write `table` or `schema.table`")
        }
        // No table inherits from another, so ONLY takes nothing away.
        _ = fields.flag("inh")
        switch fields.string("relpersistence") {
        case "p": break
        case "t": throw unsupported("a temporary table or view", at: position, hint: "use `with`, or leave out `temp`")
        default: throw unsupported("an unlogged table", at: position, hint: "leave out `unlogged`")
        }
        let schema = fields.string("schemaname")
        let name = try requiredString(&fields, "relname")
        try finish(fields, at: position)
        var qualified = QualifiedName(schema: schema, name: name, position: position)
        qualified.database = database
        return qualified
    }

    private func readAlias(_ fields: inout NodeFields, _ name: String) throws(SQLError) -> TableAlias? {
        guard var alias = fields.fields(name, as: "Alias") else { return nil }
        let text = try requiredString(&alias, "aliasname")
        let columns = try names(alias.list("colnames"))
        try finish(alias, at: start)
        return TableAlias(name: text, columns: columns)
    }

    private mutating func readSubqueryTable(_ fields: inout NodeFields) throws(SQLError) -> TableReference {
        let isLateral = fields.flag("lateral")
        let alias = try readAlias(&fields, "alias")
        let query = try readQuery(try required(&fields, "subquery"))
        try finish(fields, at: query.position)
        return .subquery(SubqueryTable(query: query, alias: alias, isLateral: isLateral, position: query.position))
    }

    private mutating func readFunctionTable(_ fields: inout NodeFields) throws(SQLError) -> TableReference {
        // ROWS FROM has several functions, and is the function itself with one.
        _ = fields.flag("is_rowsfrom")
        let isLateral = fields.flag("lateral")
        let withOrdinality = fields.flag("ordinality")
        let alias = try readAlias(&fields, "alias")
        var calls: [FunctionCall] = []
        var position: Int?
        for function in fields.list("functions") {
            let (call, place) = try readTableCall(function)
            calls.append(call)
            position = position ?? place
        }
        guard let call = calls.first, let position else { throw malformed("a table function") }
        if fields.has("coldeflist") {
            throw unsupported("a column definition list", at: position, hint: "cast the columns instead")
        }
        try finish(fields, at: position)
        var table = FunctionTable(
            call: call, alias: alias, isLateral: isLateral, withOrdinality: withOrdinality, position: position)
        table.others = Array(calls.dropFirst())
        return .function(table)
    }

    /// One list of two: the call, and column definitions (an empty node if there are none).
    private mutating func readTableCall(_ value: JSONValue) throws(SQLError) -> (call: FunctionCall, position: Int) {
        var list = try open(value)
        let parts = list.list("items")
        guard list.node == "List", let first = parts.first else { throw malformed("a table function") }
        let expression = try readExpression(first)
        for part in parts.dropFirst() {
            guard case .object(let members) = part, members.isEmpty else {
                throw unsupported("a column definition list", at: expression.position)
            }
        }
        guard case .function(let call) = expression.kind else {
            throw SQLError(
                "FROM expects a table, a query or a table function", position: expression.position,
                hint: "select the value instead")
        }
        return (call, expression.position)
    }

    private mutating func readJoin(_ fields: inout NodeFields) throws(SQLError) -> Join {
        let type = try requiredString(&fields, "jointype")
        let left = try readTableReference(try required(&fields, "larg"))
        let right = try readTableReference(try required(&fields, "rarg"))
        let condition = try readJoinCondition(&fields)
        let alias = try readAlias(&fields, "alias")
        let position = Self.position(of: left)
        try finish(fields, at: position)
        var kind: Join.Kind
        switch type {
        case "JOIN_INNER": kind = .inner
        case "JOIN_LEFT": kind = .left
        case "JOIN_RIGHT": kind = .right
        case "JOIN_FULL": kind = .full
        default: throw unsupported(type, at: position)
        }
        if case .none = condition { kind = .cross }
        return Join(kind: kind, condition: condition, left: left, right: right, alias: alias, position: position)
    }

    private mutating func readJoinCondition(_ fields: inout NodeFields) throws(SQLError) -> Join.Condition {
        if fields.flag("isNatural") { return .natural }
        if let value = fields.take("quals") { return .on(try readExpression(value)) }
        let columns = try names(fields.list("usingClause"))
        if columns.isEmpty { return .none }
        let alias = try readAlias(&fields, "join_using_alias")
        return .using(columns, alias: alias?.name)
    }

    private static func position(of reference: TableReference) -> Int {
        switch reference {
        case .table(let table): table.position
        case .subquery(let subquery): subquery.position
        case .function(let function): function.position
        case .join(let join): join.position
        }
    }
}
