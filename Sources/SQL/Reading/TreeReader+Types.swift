extension TreeReader {
    mutating func readType(_ input: NodeFields) throws(SQLError) -> TypeName {
        var fields = input
        let position = location(&fields)
        var parts = try names(fields.list("names"))
        if parts.count == 2, parts[0] == "pg_catalog" { parts.removeFirst() }
        guard parts.count == 1 else {
            throw unsupported("type \"\(parts.joined(separator: "."))\"", at: position)
        }
        if fields.flag("setof") { throw unsupported("SETOF", at: position) }
        if fields.flag("pct_type") { throw unsupported("%TYPE", at: position) }
        guard fields.integer("typemod") == -1 else { throw malformed("a type") }
        let isArray = !fields.list("arrayBounds").isEmpty
        let modifiers = try readModifiers(fields.list("typmods"), at: position)
        try finish(fields, at: position)
        return TypeName(name: parts[0], modifiers: modifiers, isArray: isArray, position: position)
    }

    private func readModifiers(_ values: [JSONValue], at position: Int) throws(SQLError) -> [Int] {
        var modifiers: [Int] = []
        for value in values {
            var fields = try open(value)
            guard fields.node == "A_Const" else {
                throw SQLError("type modifiers must be simple constants", position: position)
            }
            let place = location(&fields)
            guard case .integer(let modifier) = try readLiteral(&fields, at: place) else {
                throw SQLError("type modifiers must be integers", position: place < 0 ? position : place)
            }
            try finish(fields, at: place)
            modifiers.append(Int(modifier))
        }
        return modifiers
    }

    mutating func readCast(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        let operand = try readExpression(try required(&fields, "arg"))
        guard let typeFields = fields.fields("typeName", as: "TypeName") else { throw malformed("a cast") }
        let type = try readType(typeFields)
        return Expression(.cast(operand, type), position: position < 0 ? type.position : position)
    }
}
