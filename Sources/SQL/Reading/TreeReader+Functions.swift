extension TreeReader {
    mutating func readFunction(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        var call = FunctionCall(name: try names(fields.list("funcname")), position: position)
        call.isVariadic = fields.flag("func_variadic")
        for value in fields.list("args") { call.arguments.append(try readArgument(value)) }
        call.orderBy = try readSortKeys(fields.list("agg_order"))
        if let value = fields.take("agg_filter") { call.filter = try readExpression(value) }
        if let over = fields.fields("over", as: "WindowDef") { call.over = try readWindow(over) }
        call.isWithinGroup = fields.flag("agg_within_group")
        call.isStar = fields.flag("agg_star")
        call.isDistinct = fields.flag("agg_distinct")
        if try requiredString(&fields, "funcformat") == "COERCE_SQL_SYNTAX" {
            return try readKeywordForm(&call)
        }
        return Expression(.function(call), position: position)
    }

    private mutating func readArgument(_ value: JSONValue) throws(SQLError) -> FunctionCall.Argument {
        var fields = try open(value)
        guard fields.node == "NamedArgExpr" else {
            return FunctionCall.Argument(value: try readExpression(value))
        }
        let position = location(&fields)
        let written = try requiredString(&fields, "name")
        var name = written
        if case .argumentName(let keyword)? = meanings[written] { name = keyword }
        let argument = try readExpression(try required(&fields, "arg"))
        _ = fields.integer("argnumber")
        try finish(fields, at: position)
        return FunctionCall.Argument(name: name, value: argument)
    }

    /// Functions that SQL spells with keywords; the grammar names them in `pg_catalog`.
    private func readKeywordForm(_ call: inout FunctionCall) throws(SQLError) -> Expression {
        guard call.name.count == 2, call.name[0] == "pg_catalog" else { throw malformed("a function") }
        let name = call.name[1]
        let arguments = call.arguments.map(\.value)
        switch name {
        case "extract":
            guard arguments.count == 2, case .literal(.string(let field)) = arguments[0].kind else {
                throw malformed("EXTRACT")
            }
            return Expression(.extract(field: field.lowercased(), arguments[1]), position: call.position)
        case "timezone":
            guard arguments.count == 2 else { throw malformed("AT TIME ZONE") }
            return Expression(.atTimeZone(arguments[1], zone: arguments[0]), position: call.position)
        case "position", "substring", "overlay", "btrim", "ltrim", "rtrim", "overlaps":
            call.name = [name]
            call.isKeywordForm = true
            return Expression(.function(call), position: call.position)
        default:
            throw unsupported("the keyword form of \(name)", at: call.position)
        }
    }

    mutating func readCurrentValue(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        let name = try requiredString(&fields, "op")
        let modifier = fields.integer("typmod") ?? 0
        let precision = modifier < 0 ? nil : modifier
        let value: CurrentValue
        switch name {
        case "SVFOP_CURRENT_DATE": value = .date
        case "SVFOP_CURRENT_TIME", "SVFOP_CURRENT_TIME_N": value = .time(precision: precision)
        case "SVFOP_CURRENT_TIMESTAMP", "SVFOP_CURRENT_TIMESTAMP_N": value = .timestamp(precision: precision)
        case "SVFOP_LOCALTIME", "SVFOP_LOCALTIME_N": value = .localTime(precision: precision)
        case "SVFOP_LOCALTIMESTAMP", "SVFOP_LOCALTIMESTAMP_N": value = .localTimestamp(precision: precision)
        case "SVFOP_CURRENT_USER": value = .user
        case "SVFOP_SESSION_USER": value = .sessionUser
        case "SVFOP_CURRENT_ROLE": value = .role
        case "SVFOP_CURRENT_CATALOG": value = .catalog
        case "SVFOP_CURRENT_SCHEMA": value = .schema
        case "SVFOP_USER": value = .shortUser
        default: throw unsupported(name, at: position)
        }
        return Expression(.currentValue(value), position: position)
    }
}
