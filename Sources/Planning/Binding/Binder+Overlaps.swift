import Columns
import SQL

/// `(start, end) overlaps (start, end)`.
extension Binder {
    /// The call as comparisons. Source: PostgreSQL 15, `overlaps_timestamp`: a period begins with the earlier of its ends, and
    /// of one whose end is not known that much is said as the other period allows.
    func overlaps(_ items: [Expression], at position: Int, _ context: BindContext) throws(PlanningError) -> Expression {
        func expression(_ kind: ExpressionKind) -> Expression { Expression(kind, position: position) }
        let unknown = expression(.literal(.null))
        func isMissing(_ value: Expression) -> Expression { expression(.isNull(value, negated: false)) }
        func choose(_ branches: [(Expression, Expression)], otherwise: Expression) -> Expression {
            expression(
                .caseWhen(
                    CaseExpression(
                        operand: nil, branches: branches.map { .init(condition: $0.0, result: $0.1) },
                        otherwise: otherwise)))
        }
        func boolean(_ value: Bool) -> Expression { expression(.literal(.boolean(value))) }
        func less(_ a: Expression, _ b: Expression) -> Expression { expression(.binary("<", a, b)) }

        var starts: [Expression] = []
        var ends: [Expression] = []
        for index in [0, 2] {
            let first = items[index]
            var second = items[index + 1]
            if try bind(second, context).type == .interval { second = expression(.binary("+", first, second)) }
            starts.append(expression(.least([first, second])))
            ends.append(
                choose(
                    [(expression(.or([isMissing(first), isMissing(second)])), unknown)],
                    otherwise: expression(.greatest([first, second]))))
        }
        /// One period begins after the other: it must do so before that one's end.
        func later(_ start: Expression, _ end: Expression, than otherEnd: Expression) -> Expression {
            choose(
                [(isMissing(otherEnd), unknown), (less(start, otherEnd), boolean(true)), (isMissing(end), unknown)],
                otherwise: boolean(false))
        }
        return choose(
            [
                (expression(.or([isMissing(starts[0]), isMissing(starts[1])])), unknown),
                (less(starts[1], starts[0]), later(starts[0], ends[0], than: ends[1])),
                (less(starts[0], starts[1]), later(starts[1], ends[1], than: ends[0])),
                (expression(.or([isMissing(ends[0]), isMissing(ends[1])])), unknown),
            ], otherwise: boolean(true))
    }
}
