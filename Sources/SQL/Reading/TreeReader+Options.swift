extension TreeReader {
    mutating func readExplain(_ fields: inout NodeFields) throws(SQLError) -> Explain {
        var analyze = false
        var formatJSON = false
        for option in try readOptions(fields.list("options")) {
            switch option.name {
            case "analyze": analyze = try isOn(option)
            case "format":
                guard case .string(let format)? = option.value, ["json", "text"].contains(format.lowercased()) else {
                    throw SQLError(
                        "unrecognized value for EXPLAIN option \"format\"", position: option.position,
                        hint: "write text or json")
                }
                formatJSON = format.lowercased() == "json"
            default:
                throw unsupported(
                    "EXPLAIN option \(option.name.uppercased())", at: option.position,
                    hint: "the options are analyze and format")
            }
        }
        let statement = try readStatement(try required(&fields, "query"))
        return Explain(statement: statement, analyze: analyze, formatJSON: formatJSON)
    }

    mutating func readCopy(_ fields: inout NodeFields) throws(SQLError) -> CopyTo {
        if fields.flag("is_from") {
            throw unsupported(
                "COPY FROM", at: start,
                hint: "load a file with `fundwatch ingest`, or read it with `select … from read_csv('x.csv')`")
        }
        if fields.flag("is_program") { throw unsupported("COPY TO PROGRAM", at: position(ofKeyword: "program")) }
        let source: RelationSource
        if let value = fields.take("query") {
            source = .query(try readQuery(value))
        } else if let relation = fields.fields("relation", as: "RangeVar") {
            source = .table(try readTableName(relation))
        } else {
            throw malformed("COPY")
        }
        return CopyTo(
            source: source, columns: try names(fields.list("attlist")), path: fields.string("filename"),
            options: try readOptions(fields.list("options")))
    }

    mutating func readSetting(_ fields: inout NodeFields) throws(SQLError) -> Setting {
        let kind = try requiredString(&fields, "kind")
        guard kind == "VAR_SET_VALUE" else {
            let isReset = kind == "VAR_RESET" || kind == "VAR_RESET_ALL"
            throw unsupported(
                isReset ? "RESET" : "this form of SET", at: start, hint: "write `set name = value`")
        }
        if fields.flag("is_local") { throw unsupported("SET LOCAL", at: start, hint: "write `set name = value`") }
        let name = try requiredString(&fields, "name").lowercased()
        let values = fields.list("args")
        guard values.count == 1 else { throw unsupported("SET with a list of values", at: start) }
        var value = try open(values[0])
        guard value.node == "A_Const" else { throw unsupported("this value of SET", at: start) }
        let position = location(&value)
        let literal = try readLiteral(&value, at: position)
        try finish(value, at: position)
        return Setting(name: name, value: literal, position: start)
    }

    private func readOptions(_ values: [JSONValue]) throws(SQLError) -> [CopyTo.Option] {
        var options: [CopyTo.Option] = []
        for value in values {
            var fields = try open(value)
            guard fields.node == "DefElem" else { throw malformed("an option") }
            let position = location(&fields)
            let name = try requiredString(&fields, "defname").lowercased()
            guard fields.string("defaction") == "DEFELEM_UNSPEC" else { throw malformed("an option") }
            var literal: Literal?
            if let argument = fields.take("arg") { literal = try readOptionValue(argument, of: name, at: position) }
            // The old form `csv header` says true where the new one says nothing.
            if literal == .boolean(true) { literal = nil }
            try finish(fields, at: position)
            options.append(CopyTo.Option(name: name, value: literal, position: position))
        }
        return options
    }

    private func readOptionValue(
        _ value: JSONValue, of name: String, at position: Int
    ) throws(SQLError) -> Literal {
        var fields = try open(value)
        let literal: Literal
        switch fields.node {
        case "String": literal = .string(fields.string("sval") ?? "")
        case "Float": literal = number(try requiredString(&fields, "fval"))
        case "Boolean": literal = .boolean(fields.flag("boolval"))
        case "Integer":
            // The grammar's JSON leaves out 0 and negative numbers alike; neither is of use here.
            guard let number = fields.integer("ival") else {
                throw SQLError("option \"\(name)\" expects a number above 0", position: position)
            }
            literal = .integer(Int64(number))
        default:
            throw unsupported(
                "this value of option \"\(name)\"", at: position,
                hint: name == "partition_by" ? "write parts with `fundwatch export --partition-by`" : nil)
        }
        try finish(fields, at: position)
        return literal
    }

    private func isOn(_ option: CopyTo.Option) throws(SQLError) -> Bool {
        switch option.value {
        case nil, .integer(1): return true
        case .string(let text) where ["true", "on"].contains(text.lowercased()): return true
        case .string(let text) where ["false", "off"].contains(text.lowercased()): return false
        default:
            throw SQLError(
                "\(option.name) requires a Boolean value", position: option.position, hint: "write on or off")
        }
    }
}
