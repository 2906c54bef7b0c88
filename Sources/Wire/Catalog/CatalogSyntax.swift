import SQL

/// Looks through expressions.
enum CatalogSyntax {
    /// The expressions right below one; nil if it has a query inside.
    static func operands(of expression: Expression) -> [Expression]? {
        switch expression.kind {
        case .literal, .column, .star, .parameter, .currentValue: []
        case .unary(_, let a), .not(let a), .isNull(let a, _), .truthTest(let a, _, _), .cast(let a, _),
            .extract(_, let a), .field(let a, _), .collate(let a, _):
            [a]
        case .binary(_, let a, let b), .isDistinctFrom(let a, let b, _), .nullIf(let a, let b),
            .atTimeZone(let a, let b), .element(let a, let b):
            [a, b]
        case .and(let items), .or(let items), .coalesce(let items), .greatest(let items), .least(let items),
            .array(let items), .row(let items), .grouping(let items):
            items
        case .between(let a, let low, let high, _, _): [a, low, high]
        case .inList(let a, let items, _): [a] + items
        case .quantified(let a, _, _, .array(let b)): [a, b]
        case .patternMatch(let match): [match.operand, match.pattern] + (match.escape.map { [$0] } ?? [])
        case .caseWhen(let cases):
            (cases.operand.map { [$0] } ?? []) + cases.branches.flatMap { [$0.condition, $0.result] }
                + (cases.otherwise.map { [$0] } ?? [])
        case .function(let call): call.arguments.map(\.value) + (call.filter.map { [$0] } ?? []) + call.orderBy.map(\.expression)
        case .slice(let a, let low, let high): [a] + [low, high].compactMap { $0 }
        case .inSubquery, .exists, .scalarSubquery, .arraySubquery, .quantified: nil
        }
    }

    /// The columns an expression names; nil if it has a query inside, which may name any.
    static func columns(of expression: Expression) -> [[String]]? {
        if case .column(let parts) = expression.kind { return [parts] }
        guard let operands = operands(of: expression) else { return nil }
        var names: [[String]] = []
        for operand in operands {
            guard let own = columns(of: operand) else { return nil }
            names += own
        }
        return names
    }

    /// The calls in an expression, those in queries inside aside.
    static func calls(in expression: Expression) -> [FunctionCall] {
        var calls: [FunctionCall] = []
        if case .function(let call) = expression.kind { calls.append(call) }
        return calls + (operands(of: expression) ?? []).flatMap { self.calls(in: $0) }
    }
}
