extension TreeReader {
    mutating func readCore(_ fields: inout NodeFields) throws(SQLError) -> SelectCore {
        var core = SelectCore(items: [], position: start)
        core.distinct = try readDistinct(fields.list("distinctClause"))
        for (index, value) in fields.list("targetList").enumerated() {
            let (item, position) = try readItem(value)
            if let columns = excluded(item), case .star(let qualifier, _, let place)? = core.items.last {
                core.items[core.items.count - 1] = .star(qualifier: qualifier, excluding: columns, position: place)
                continue
            }
            core.items.append(item)
            if index == 0, position >= 0 { core.position = position }
        }
        for value in fields.list("fromClause") { core.from.append(try readTableReference(value)) }
        if let value = fields.take("whereClause") { core.where = try readExpression(value) }
        for value in fields.list("groupClause") { core.groupBy.append(try readGroupingElement(value)) }
        core.groupsDistinctly = fields.flag("groupDistinct")
        if let value = fields.take("havingClause") { core.having = try readExpression(value) }
        for value in fields.list("windowClause") { core.windows.append(try readNamedWindow(value)) }
        return core
    }

    /// `distinct` alone is a list of one empty node.
    private mutating func readDistinct(_ values: [JSONValue]) throws(SQLError) -> SelectCore.Distinct {
        if values.isEmpty { return .none }
        if values.count == 1, case .object(let members) = values[0], members.isEmpty { return .all }
        return .on(try readExpressions(values))
    }

    private mutating func readItem(_ value: JSONValue) throws(SQLError) -> (SelectItem, Int) {
        var fields = try open(value)
        guard fields.node == "ResTarget" else { throw malformed("a select item") }
        let position = location(&fields)
        let alias = fields.string("name")
        let expression = try readExpression(try required(&fields, "val"))
        try finish(fields, at: position)
        if case .star(let qualifier) = expression.kind, alias == nil {
            return (.star(qualifier: qualifier, excluding: [], position: expression.position), position)
        }
        return (.expression(expression, alias: alias), position)
    }

    /// The columns that an item, which the parser has put in, excludes from the star before it.
    private func excluded(_ item: SelectItem) -> [ExcludedColumn]? {
        guard case .expression(let expression, nil) = item, case .column(let path) = expression.kind, path.count == 1,
            case .excluded(let columns)? = meanings[path[0]]
        else { return nil }
        return columns.map { ExcludedColumn(name: $0.name, position: max(base + $0.offset, 0)) }
    }

    private mutating func readGroupingElement(_ value: JSONValue) throws(SQLError) -> GroupingElement {
        var fields = try open(value)
        if fields.node == "GroupingSet" { return try readGroupingSet(&fields) }
        let expression = try readExpression(value)
        if fields.node == "RowExpr", fields.string("row_format") == "COERCE_IMPLICIT_CAST",
            case .row(let items) = expression.kind
        {
            return .list(items, position: expression.position)
        }
        return .expression(expression)
    }

    private mutating func readGroupingSet(_ fields: inout NodeFields) throws(SQLError) -> GroupingElement {
        try enter()
        defer { leave() }
        let position = location(&fields)
        let kind = try requiredString(&fields, "kind")
        var content: [GroupingElement] = []
        for value in fields.list("content") { content.append(try readGroupingElement(value)) }
        try finish(fields, at: position)
        switch kind {
        case "GROUPING_SET_EMPTY": return .empty(position: position)
        case "GROUPING_SET_ROLLUP": return .rollup(content, position: position)
        case "GROUPING_SET_CUBE": return .cube(content, position: position)
        case "GROUPING_SET_SETS": return .sets(content, position: position)
        default: throw unsupported(kind, at: position)
        }
    }
}
