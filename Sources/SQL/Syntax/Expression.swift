/// A scalar expression and where it stands.
package struct Expression: Sendable {
    package var kind: ExpressionKind
    /// UTF-8 byte offset into the parsed text, -1 if unknown. For an operator it is the operator's place, as in PostgreSQL.
    package var position: Int

    package init(_ kind: ExpressionKind, position: Int = -1) {
        self.kind = kind
        self.position = position
    }
}

/// What an expression is.
package indirect enum ExpressionKind: Sendable {
    case literal(Literal)
    /// `a`, `t.a`, `s.t.a`: the parts as written, folded to lower case unless quoted.
    case column([String])
    /// `*` or `t.*` as a value, such as in `count(t.*)`; a select list has ``SelectItem/star(qualifier:position:)``.
    case star(qualifier: [String])
    /// `$1`: 1-based.
    case parameter(Int)

    /// `operator operand`: `-`, `+`, `~`, `@` and so on. A sign before a number is part of the literal.
    case unary(String, Expression)
    /// `left operator right`: `+ - * / % ^ || = <> < <= > >= ~ ~* !~ !~* & | # << >>` and so on; `!=` reads as `<>`.
    case binary(String, Expression, Expression)
    /// Two or more operands; a chain is one node.
    case and([Expression])
    /// Two or more operands; a chain is one node.
    case or([Expression])
    case not(Expression)

    case isNull(Expression, negated: Bool)
    /// `is [not] true|false|unknown`.
    case truthTest(Expression, TruthTest, negated: Bool)
    /// `left is [not] distinct from right`.
    case isDistinctFrom(Expression, Expression, negated: Bool)
    case between(Expression, low: Expression, high: Expression, symmetric: Bool, negated: Bool)
    /// `operand [not] in (items)`: at least one item.
    case inList(Expression, [Expression], negated: Bool)
    /// `operand [not] in (query)`; the operand may be a row.
    case inSubquery(Expression, Query, negated: Bool)
    case exists(Query)
    case scalarSubquery(Query)
    /// `array(query)`.
    case arraySubquery(Query)
    /// `operand operator any|all (…)`.
    case quantified(Expression, operator: String, Quantifier, QuantifiedOperand)
    case patternMatch(PatternMatch)

    case caseWhen(CaseExpression)
    /// `cast(e as type)`, `e::type` and typed literals such as `date '2025-01-31'`.
    case cast(Expression, TypeName)
    case function(FunctionCall)
    /// `extract(field from e)`; the field in lower case.
    case extract(field: String, Expression)
    case coalesce([Expression])
    case nullIf(Expression, Expression)
    case greatest([Expression])
    case least([Expression])
    /// `array[…]`.
    case array([Expression])
    /// `row(…)` or `(a, b)`.
    case row([Expression])
    /// `e at time zone zone`.
    case atTimeZone(Expression, zone: Expression)
    /// `e[i]`: 1-based in SQL.
    case element(Expression, index: Expression)
    /// `e[low:high]`; either bound may be missing.
    case slice(Expression, low: Expression?, high: Expression?)
    /// `(e).name`: a field of a composite value.
    case field(Expression, name: String)
    /// `grouping(…)`.
    case grouping([Expression])
    /// `current_date` and its kin, without parentheses.
    case currentValue(CurrentValue)
    /// `e collate "name"`; the name's parts.
    case collate(Expression, [String])
}

/// What `is [not] …` asks of a boolean.
package enum TruthTest: String, Sendable, Equatable {
    case `true`
    case `false`
    case unknown
}

package enum Quantifier: String, Sendable, Equatable {
    /// `any` or `some`.
    case any
    case all
}

/// What `any (…)` and `all (…)` range over.
package enum QuantifiedOperand: Sendable {
    case array(Expression)
    case subquery(Query)
}

/// The keyword values of the SQL standard.
package enum CurrentValue: Sendable, Equatable {
    case date
    /// `current_time`, with digits of a second when written.
    case time(precision: Int?)
    case timestamp(precision: Int?)
    case localTime(precision: Int?)
    case localTimestamp(precision: Int?)
    case user
    /// `user`, which is `current_user` under a name of its own.
    case shortUser
    case sessionUser
    case role
    case catalog
    case schema
}

/// `operand [not] like|ilike|similar to pattern [escape character]`.
package struct PatternMatch: Sendable {
    package enum Kind: Sendable, Equatable {
        case like
        /// `like` without regard to case.
        case ilike
        case similar
    }

    package var kind: Kind
    package var operand: Expression
    package var pattern: Expression
    /// Nil means a backslash; the empty string means none.
    package var escape: Expression?
    package var negated: Bool

    package init(kind: Kind, operand: Expression, pattern: Expression, escape: Expression?, negated: Bool) {
        self.kind = kind
        self.operand = operand
        self.pattern = pattern
        self.escape = escape
        self.negated = negated
    }
}

/// `case [operand] when … then … [else …] end`.
package struct CaseExpression: Sendable {
    package struct Branch: Sendable {
        /// Compared with the operand if there is one, else a condition.
        package var condition: Expression
        package var result: Expression

        package init(condition: Expression, result: Expression) {
            self.condition = condition
            self.result = result
        }
    }

    package var operand: Expression?
    package var branches: [Branch]
    package var otherwise: Expression?

    package init(operand: Expression?, branches: [Branch], otherwise: Expression?) {
        self.operand = operand
        self.branches = branches
        self.otherwise = otherwise
    }
}
