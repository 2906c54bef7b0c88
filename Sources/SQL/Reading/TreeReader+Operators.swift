extension TreeReader {
    mutating func readOperator(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        let kind = try requiredString(&fields, "kind")
        let name = try operatorName(fields.list("name"), at: position)
        return Expression(try readOperator(kind, name, &fields), position: position)
    }

    private mutating func readOperator(
        _ kind: String, _ name: String, _ fields: inout NodeFields
    ) throws(SQLError) -> ExpressionKind {
        let right = try required(&fields, "rexpr")
        guard let leftValue = fields.take("lexpr") else {
            guard kind == "AEXPR_OP" else { throw malformed(kind) }
            return .unary(name, try readExpression(right))
        }
        let left = try readExpression(leftValue)
        switch kind {
        case "AEXPR_OP": return .binary(name, left, try readExpression(right))
        case "AEXPR_OP_ANY": return .quantified(left, operator: name, .any, .array(try readExpression(right)))
        case "AEXPR_OP_ALL": return .quantified(left, operator: name, .all, .array(try readExpression(right)))
        case "AEXPR_DISTINCT": return .isDistinctFrom(left, try readExpression(right), negated: false)
        case "AEXPR_NOT_DISTINCT": return .isDistinctFrom(left, try readExpression(right), negated: true)
        case "AEXPR_NULLIF": return .nullIf(left, try readExpression(right))
        case "AEXPR_IN": return .inList(left, try readExpressionList(right), negated: name == "<>")
        case "AEXPR_LIKE": return try readPatternMatch(.like, left, right, negated: name == "!~~")
        case "AEXPR_ILIKE": return try readPatternMatch(.ilike, left, right, negated: name == "!~~*")
        case "AEXPR_SIMILAR": return try readPatternMatch(.similar, left, right, negated: name == "!~")
        case "AEXPR_BETWEEN", "AEXPR_NOT_BETWEEN", "AEXPR_BETWEEN_SYM", "AEXPR_NOT_BETWEEN_SYM":
            let bounds = try readExpressionList(right)
            guard bounds.count == 2 else { throw malformed(kind) }
            return .between(
                left, low: bounds[0], high: bounds[1], symmetric: kind.hasSuffix("_SYM"),
                negated: kind.hasPrefix("AEXPR_NOT"))
        default: throw unsupported(kind, at: left.position)
        }
    }

    /// The operator's symbol, without the schema of `operator(pg_catalog.+)`.
    private func operatorName(_ values: [JSONValue], at position: Int) throws(SQLError) -> String {
        var parts = try names(values)
        if parts.count == 2, parts[0] == "pg_catalog" { parts.removeFirst() }
        guard parts.count == 1 else {
            throw unsupported("operator \(parts.joined(separator: "."))", at: position)
        }
        return parts[0]
    }

    /// The grammar hides `escape` in a call around the pattern.
    private mutating func readPatternMatch(
        _ kind: PatternMatch.Kind, _ operand: Expression, _ value: JSONValue, negated: Bool
    ) throws(SQLError) -> ExpressionKind {
        let pattern = try readExpression(value)
        let wrapper = kind == .similar ? "similar_to_escape" : "like_escape"
        var match = PatternMatch(kind: kind, operand: operand, pattern: pattern, escape: nil, negated: negated)
        if case .function(let call) = pattern.kind, call.name == ["pg_catalog", wrapper],
            (1...2).contains(call.arguments.count)
        {
            match.pattern = call.arguments[0].value
            match.escape = call.arguments.count == 2 ? call.arguments[1].value : nil
        } else if kind == .similar {
            throw malformed("SIMILAR TO")
        }
        return .patternMatch(match)
    }
}

// MARK: - Logic and subqueries

extension TreeReader {
    mutating func readLogic(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        let operation = try requiredString(&fields, "boolop")
        let operands = try readExpressions(fields.list("args"))
        switch operation {
        case "AND_EXPR": return Expression(.and(operands), position: position)
        case "OR_EXPR": return Expression(.or(operands), position: position)
        case "NOT_EXPR" where operands.count == 1:
            // `x not in (query)` comes as `not (x in (query))`, and means the same.
            if case .inSubquery(let operand, let query, negated: false) = operands[0].kind {
                return Expression(.inSubquery(operand, query, negated: true), position: position)
            }
            return Expression(.not(operands[0]), position: position)
        default: throw malformed(operation)
        }
    }

    mutating func readNullTest(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        let test = try requiredString(&fields, "nulltesttype")
        let operand = try readExpression(try required(&fields, "arg"))
        return Expression(.isNull(operand, negated: test == "IS_NOT_NULL"), position: position)
    }

    mutating func readTruthTest(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        let name = try requiredString(&fields, "booltesttype")
        let operand = try readExpression(try required(&fields, "arg"))
        let test: TruthTest
        switch name {
        case "IS_TRUE", "IS_NOT_TRUE": test = .true
        case "IS_FALSE", "IS_NOT_FALSE": test = .false
        case "IS_UNKNOWN", "IS_NOT_UNKNOWN": test = .unknown
        default: throw malformed(name)
        }
        return Expression(.truthTest(operand, test, negated: name.hasPrefix("IS_NOT")), position: position)
    }

    mutating func readSubquery(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        let type = try requiredString(&fields, "subLinkType")
        var operand: Expression?
        if let value = fields.take("testexpr") { operand = try readExpression(value) }
        let operatorParts = fields.list("operName")
        let query = try readQuery(try required(&fields, "subselect"))
        let kind: ExpressionKind
        switch (type, operand) {
        case ("EXISTS_SUBLINK", nil): kind = .exists(query)
        case ("EXPR_SUBLINK", nil): kind = .scalarSubquery(query)
        case ("ARRAY_SUBLINK", nil): kind = .arraySubquery(query)
        case ("ANY_SUBLINK", let operand?) where operatorParts.isEmpty:
            kind = .inSubquery(operand, query, negated: false)
        case ("ANY_SUBLINK", let operand?), ("ALL_SUBLINK", let operand?):
            let name = try operatorName(operatorParts, at: position)
            kind = .quantified(operand, operator: name, type == "ANY_SUBLINK" ? .any : .all, .subquery(query))
        default: throw malformed(type)
        }
        return Expression(kind, position: position)
    }
}
