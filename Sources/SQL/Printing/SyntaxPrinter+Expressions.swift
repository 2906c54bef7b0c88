extension SyntaxPrinter {
    /// Writes an expression that stands inside an operator, in parentheses unless it needs none.
    mutating func print(operand: Expression) {
        if Self.isPrimary(operand.kind) { return print(operand) }
        write("(")
        print(operand)
        write(")")
    }

    private static func isPrimary(_ kind: ExpressionKind) -> Bool {
        switch kind {
        case .literal(.integer(let value)): value >= 0
        case .literal(.decimal(let text)): !text.hasPrefix("-")
        case .literal, .column, .star, .parameter, .exists, .scalarSubquery, .arraySubquery, .caseWhen, .cast, .extract,
            .coalesce, .nullIf, .greatest, .least, .array, .row, .grouping, .currentValue:
            true
        case .function(let call): !(call.isKeywordForm && call.name == ["overlaps"])
        default: false
        }
    }

    mutating func print(_ expression: Expression) {
        switch expression.kind {
        case .literal(let literal): print(literal)
        case .column(let parts): write(Identifier.quoted(parts))
        case .star(let qualifier): write(star: qualifier)
        case .parameter(let number): write("$\(number)")
        case .unary(let symbol, let operand):
            write(symbol + " ")
            print(operand: operand)
        case .binary(let symbol, let left, let right):
            // A chain such as `a || b || c` stays flat: long ones would exceed the nesting limit otherwise.
            if case .binary(symbol, _, _) = left.kind, !Self.comparisons.contains(symbol) {
                print(left)
            } else {
                print(operand: left)
            }
            write(" \(symbol) ")
            print(operand: right)
        case .and(let operands): separated(operands, by: " and ") { $0.print(operand: $1) }
        case .or(let operands): separated(operands, by: " or ") { $0.print(operand: $1) }
        case .not(let operand):
            write("not ")
            print(operand: operand)
        case .isNull(let operand, let negated): print(operand, suffix: negated ? " is not null" : " is null")
        case .truthTest(let operand, let test, let negated):
            print(operand, suffix: (negated ? " is not " : " is ") + test.rawValue)
        case .isDistinctFrom(let left, let right, let negated):
            print(left, negated ? " is not distinct from " : " is distinct from ", right)
        case .between(let operand, let low, let high, let symmetric, let negated):
            print(operand, suffix: (negated ? " not between " : " between ") + (symmetric ? "symmetric " : ""))
            print(low, " and ", high)
        case .patternMatch(let match): print(match)
        case .atTimeZone(let operand, let zone): print(operand, " at time zone ", zone)
        case .collate(let operand, let name): print(operand, suffix: " collate " + Identifier.quoted(name))
        case .element(let operand, let index):
            print(parenthesised: operand)
            write("[")
            print(index)
            write("]")
        case .slice(let operand, let low, let high):
            print(parenthesised: operand)
            write("[")
            if let low { print(operand: low) }
            write(":")
            if let high { print(operand: high) }
            write("]")
        case .field(let operand, let name):
            print(parenthesised: operand)
            write(".")
            write(name: name)
        case .inList, .inSubquery, .exists, .scalarSubquery, .arraySubquery, .quantified:
            print(subquery: expression.kind)
        default: print(call: expression.kind)
        }
    }

    /// The binary operators that do not associate; all others do, to the left.
    private static let comparisons: Set<String> = ["=", "<>", "<", "<=", ">", ">="]

    private mutating func print(parenthesised expression: Expression) {
        write("(")
        print(expression)
        write(")")
    }

    private mutating func print(_ left: Expression, _ symbol: String, _ right: Expression) {
        print(operand: left)
        write(symbol)
        print(operand: right)
    }

    private mutating func print(_ operand: Expression, suffix: String) {
        print(operand: operand)
        write(suffix)
    }

    mutating func print(_ literal: Literal) {
        switch literal {
        case .integer(let value): write(String(value))
        case .decimal(let text): write(text)
        case .string(let text): write(string: text)
        case .boolean(let isTrue): write(isTrue ? "true" : "false")
        case .null: write("null")
        }
    }

    private mutating func print(_ match: PatternMatch) {
        print(operand: match.operand)
        write(match.negated ? " not " : " ")
        switch match.kind {
        case .like: write("like ")
        case .ilike: write("ilike ")
        case .similar: write("similar to ")
        }
        print(operand: match.pattern)
        guard let escape = match.escape else { return }
        write(" escape ")
        print(operand: escape)
    }
}

// MARK: - Subqueries and lists

extension SyntaxPrinter {
    private mutating func print(subquery kind: ExpressionKind) {
        switch kind {
        case .inList(let operand, let items, let negated):
            print(operand, suffix: negated ? " not in (" : " in (")
            print(list: items)
            write(")")
        case .inSubquery(let operand, let query, let negated):
            print(operand, suffix: negated ? " not in " : " in ")
            print(parenthesised: query)
        case .exists(let query):
            write("exists ")
            print(parenthesised: query)
        case .scalarSubquery(let query): print(parenthesised: query)
        case .arraySubquery(let query):
            write("array")
            print(parenthesised: query)
        case .quantified(let operand, let symbol, let quantifier, let range):
            print(operand, suffix: " \(symbol) \(quantifier.rawValue) ")
            switch range {
            case .array(let array): print(parenthesised: array)
            case .subquery(let query): print(parenthesised: query)
            }
        default: break
        }
    }

    private mutating func print(parenthesised query: Query) {
        write("(")
        print(query)
        write(")")
    }
}
