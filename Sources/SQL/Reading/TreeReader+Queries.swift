extension TreeReader {
    /// Reads a node that must be a query; others are refused as statements.
    mutating func readQuery(_ value: JSONValue) throws(SQLError) -> Query {
        let fields = try open(value)
        guard fields.node == "SelectStmt" else { throw refusal(of: fields.node) }
        return try readQuery(fields)
    }

    mutating func readQuery(_ input: NodeFields) throws(SQLError) -> Query {
        try enter()
        defer { leave() }
        var fields = input
        try refuseQueryParts(fields)
        var query = Query(body: .values([]))
        try readCommonTables(&fields, into: &query)
        query.body = try readBody(&fields)
        query.orderBy = try readSortKeys(fields.list("sortClause"))
        try readLimits(&fields, into: &query)
        query.position = position(of: query.body)
        if let first = query.commonTables.first { query.position = min(first.position, query.position) }
        try finish(fields, at: query.position)
        return query
    }

    private func refuseQueryParts(_ fields: NodeFields) throws(SQLError) {
        if fields.has("intoClause") {
            throw unsupported(
                "SELECT INTO", at: position(ofKeyword: "into"), hint: "write the result to a file with -o")
        }
        if fields.has("lockingClause") {
            throw unsupported("FOR UPDATE/SHARE", at: position(ofKeyword: "for"), hint: "leave it out")
        }
    }

    private mutating func readBody(_ fields: inout NodeFields) throws(SQLError) -> QueryBody {
        let operation = try requiredString(&fields, "op")
        switch operation {
        case "SETOP_NONE": break
        case "SETOP_UNION": return try readSetOperation(.union, &fields)
        case "SETOP_INTERSECT": return try readSetOperation(.intersect, &fields)
        case "SETOP_EXCEPT": return try readSetOperation(.except, &fields)
        default: throw unsupported(operation, at: start)
        }
        if fields.has("valuesLists") {
            var rows: [[Expression]] = []
            for value in fields.list("valuesLists") { rows.append(try readExpressionList(value)) }
            return .values(rows)
        }
        return .select(try readCore(&fields))
    }

    private mutating func readSetOperation(
        _ kind: SetOperation.Kind, _ fields: inout NodeFields
    ) throws(SQLError) -> QueryBody {
        guard let left = fields.fields("larg", as: "SelectStmt"), let right = fields.fields("rarg", as: "SelectStmt")
        else { throw malformed("a set operation") }
        let all = fields.flag("all")
        let leftQuery = try readQuery(left)
        return .setOperation(SetOperation(kind: kind, all: all, left: leftQuery, right: try readQuery(right)))
    }

    private mutating func readLimits(_ fields: inout NodeFields, into query: inout Query) throws(SQLError) {
        let option = try requiredString(&fields, "limitOption")
        query.hasTies = option == "LIMIT_OPTION_WITH_TIES"
        if let value = fields.take("limitCount") {
            let limit = try readExpression(value)
            if case .literal(.null) = limit.kind {} else { query.limit = limit }
        }
        if let value = fields.take("limitOffset") { query.offset = try readExpression(value) }
    }

    mutating func readSortKeys(_ values: [JSONValue]) throws(SQLError) -> [SortKey] {
        var keys: [SortKey] = []
        for value in values {
            var fields = try open(value)
            guard fields.node == "SortBy" else { throw malformed("a sort key") }
            let expression = try readExpression(try required(&fields, "node"))
            let operation = try names(fields.list("useOp"))
            let direction = try requiredString(&fields, "sortby_dir")
            guard operation.isEmpty || ["<", ">"].contains(operation.last) else {
                throw unsupported("ORDER BY … USING \(operation.last ?? "")", at: expression.position)
            }
            let nulls = try requiredString(&fields, "sortby_nulls")
            _ = location(&fields)
            try finish(fields, at: expression.position)
            let nullsFirst: Bool? = nulls == "SORTBY_NULLS_DEFAULT" ? nil : nulls == "SORTBY_NULLS_FIRST"
            keys.append(
                SortKey(
                    expression: expression, descending: direction == "SORTBY_DESC" || operation.last == ">",
                    nullsFirst: nullsFirst))
        }
        return keys
    }

    private func position(of body: QueryBody) -> Int {
        switch body {
        case .select(let core): core.position
        case .setOperation(let operation): operation.left.position
        case .values(let rows): rows.first?.first?.position ?? start
        }
    }
}

// MARK: - WITH

extension TreeReader {
    private mutating func readCommonTables(_ fields: inout NodeFields, into query: inout Query) throws(SQLError) {
        guard var clause = fields.fields("withClause", as: "WithClause") else { return }
        _ = location(&clause)
        query.isRecursive = clause.flag("recursive")
        for value in clause.list("ctes") { query.commonTables.append(try readCommonTable(value)) }
        try finish(clause, at: start)
    }

    private mutating func readCommonTable(_ value: JSONValue) throws(SQLError) -> CommonTable {
        var fields = try open(value)
        guard fields.node == "CommonTableExpr" else { throw malformed("a common table") }
        let position = location(&fields)
        if fields.has("search_clause") { throw unsupported("SEARCH", at: self.position(ofKeyword: "search")) }
        if fields.has("cycle_clause") { throw unsupported("CYCLE", at: self.position(ofKeyword: "cycle")) }
        let name = try requiredString(&fields, "ctename")
        let columns = try names(fields.list("aliascolnames"))
        let materialization: CommonTable.Materialization
        switch fields.string("ctematerialized") {
        case "CTEMaterializeAlways": materialization = .always
        case "CTEMaterializeNever": materialization = .never
        default: materialization = .unspecified
        }
        let query = try readQuery(try required(&fields, "ctequery"))
        try finish(fields, at: position)
        return CommonTable(
            name: name, columns: columns, materialization: materialization, query: query, position: position)
    }
}
