extension TreeReader {
    mutating func readExpression(_ value: JSONValue) throws(SQLError) -> Expression {
        try enter()
        defer { leave() }
        var fields = try open(value)
        let expression = try readNode(&fields)
        try finish(fields, at: expression.position)
        return expression
    }

    mutating func readExpressions(_ values: [JSONValue]) throws(SQLError) -> [Expression] {
        var expressions: [Expression] = []
        expressions.reserveCapacity(values.count)
        for value in values { expressions.append(try readExpression(value)) }
        return expressions
    }

    /// Reads a `List` node.
    mutating func readExpressionList(_ value: JSONValue) throws(SQLError) -> [Expression] {
        var fields = try open(value)
        guard fields.node == "List" else { throw malformed("a list") }
        let items = try readExpressions(fields.list("items"))
        try finish(fields, at: start)
        return items
    }

    private mutating func readNode(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        switch fields.node {
        case "A_Const": return try readConstant(&fields)
        case "ColumnRef": return try readColumn(&fields)
        case "ParamRef":
            let position = location(&fields)
            return Expression(.parameter(fields.integer("number") ?? 0), position: position)
        case "A_Expr": return try readOperator(&fields)
        case "BoolExpr": return try readLogic(&fields)
        case "NullTest": return try readNullTest(&fields)
        case "BooleanTest": return try readTruthTest(&fields)
        case "SubLink": return try readSubquery(&fields)
        case "CaseExpr": return try readCase(&fields)
        case "TypeCast": return try readCast(&fields)
        case "FuncCall": return try readFunction(&fields)
        case "SQLValueFunction": return try readCurrentValue(&fields)
        case "A_Indirection": return try readIndirection(&fields)
        case "CoalesceExpr": return try readItems(&fields, "args") { .coalesce($0) }
        case "GroupingFunc": return try readItems(&fields, "args") { .grouping($0) }
        case "A_ArrayExpr": return try readItems(&fields, "elements") { .array($0) }
        case "RowExpr":
            _ = fields.string("row_format")
            return try readItems(&fields, "args") { .row($0) }
        case "MinMaxExpr":
            let isGreatest = try requiredString(&fields, "op") == "IS_GREATEST"
            return try readItems(&fields, "args") { isGreatest ? .greatest($0) : .least($0) }
        case "CollateClause":
            let position = location(&fields)
            let operand = try readExpression(try required(&fields, "arg"))
            return Expression(.collate(operand, try names(fields.list("collname"))), position: position)
        default: throw refusal(ofExpression: &fields)
        }
    }

    private mutating func readItems(
        _ fields: inout NodeFields, _ name: String, _ make: ([Expression]) -> ExpressionKind
    ) throws(SQLError) -> Expression {
        let position = location(&fields)
        return Expression(make(try readExpressions(fields.list(name))), position: position)
    }

    private func refusal(ofExpression fields: inout NodeFields) -> SQLError {
        let position = location(&fields)
        switch fields.node {
        case "XmlExpr", "XmlSerialize": return unsupported("XML", at: position)
        case "SetToDefault": return unsupported("DEFAULT", at: position)
        case "CurrentOfExpr": return unsupported("CURRENT OF", at: position)
        case "List": return unsupported("a list of values here", at: position)
        default: return unsupported("\(fields.node)", at: position)
        }
    }

    private func readColumn(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        var parts = fields.list("fields")
        if let last = parts.last, try open(last).node == "A_Star" {
            parts.removeLast()
            return Expression(.star(qualifier: try names(parts)), position: position)
        }
        let path = try names(parts)
        return Expression(meant(by: path) ?? .column(path), position: position)
    }

    /// What a made-up name stands for.
    private func meant(by path: [String]) -> ExpressionKind? {
        guard path.count == 1, let meaning = meanings[path[0]] else { return nil }
        switch meaning {
        case .list(let items):
            return .array(items.map { Expression(.literal(.string($0.text)), position: max(base + $0.offset, 0)) })
        case .pairs(let text): return .literal(.string(text))
        case .all: return .star(qualifier: [])
        case .file, .argumentName, .excluded: return nil
        }
    }

    private mutating func readCase(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        var result = CaseExpression(operand: nil, branches: [], otherwise: nil)
        if let value = fields.take("arg") { result.operand = try readExpression(value) }
        for value in fields.list("args") {
            var branch = try open(value)
            guard branch.node == "CaseWhen" else { throw malformed("a case branch") }
            let place = location(&branch)
            let condition = try readExpression(try required(&branch, "expr"))
            let value = try readExpression(try required(&branch, "result"))
            try finish(branch, at: place)
            result.branches.append(CaseExpression.Branch(condition: condition, result: value))
        }
        if let value = fields.take("defresult") { result.otherwise = try readExpression(value) }
        return Expression(.caseWhen(result), position: position)
    }

    /// `e[i]`, `e[low:high]`, `(e).field`, in any sequence.
    private mutating func readIndirection(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        var result = try readExpression(try required(&fields, "arg"))
        let position = result.position
        let steps = fields.list("indirection")
        guard steps.count <= ParseLimits.nestingDepth else { throw .tooDeeplyNested(at: position) }
        for value in steps {
            var step = try open(value)
            switch step.node {
            case "String": result = Expression(.field(result, name: step.string("sval") ?? ""), position: position)
            case "A_Indices": result = Expression(try readSubscript(of: result, &step), position: position)
            default: throw unsupported("(…).*", at: position, hint: "name the fields")
            }
            try finish(step, at: position)
        }
        return result
    }

    private mutating func readSubscript(
        of operand: Expression, _ fields: inout NodeFields
    ) throws(SQLError) -> ExpressionKind {
        let isSlice = fields.flag("is_slice")
        var low: Expression?
        var high: Expression?
        if let value = fields.take("lidx") { low = try readExpression(value) }
        if let value = fields.take("uidx") { high = try readExpression(value) }
        if isSlice { return .slice(operand, low: low, high: high) }
        guard let high else { throw malformed("a subscript") }
        return .element(operand, index: high)
    }
}
