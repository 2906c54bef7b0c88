import Columns
import SQL

/// `rank(…) within group (order by …)` and its kin: the rank a row would have among the others.
extension Binder {
    static let hypotheticalSets: Set<String> = ["rank", "dense_rank", "percent_rank", "cume_dist"]

    /// The call as counts of the rows before the given one, which every aggregation can answer.
    func hypotheticalSet(_ call: FunctionCall, _ name: String, at position: Int) throws(PlanningError) -> Expression {
        guard call.arguments.count == call.orderBy.count, !call.orderBy.isEmpty else {
            throw PlanningError(
                "function \(name) needs as many arguments as WITHIN GROUP has ORDER BY expressions", at: position)
        }
        let build = SyntaxBuilder(position: position)
        let row = call.arguments.map(\.value)
        let before = precedes(call.orderBy, row, build)
        let one = build.integer(1)
        func count(_ condition: Expression?) -> Expression {
            let filter = [condition, call.filter].compactMap { $0 }
            var counted = FunctionCall(name: ["count"], isStar: true, position: position)
            if !filter.isEmpty { counted.filter = filter.count == 1 ? filter[0] : build.expression(.and(filter)) }
            return build.expression(.function(counted))
        }
        let total = count(nil)
        switch name {
        case "rank": return build.binary("+", count(before), one)
        case "dense_rank":
            guard call.orderBy.count == 1 else {
                throw .unsupported("dense_rank of several expressions in WITHIN GROUP", at: position)
            }
            let filter = [before, call.filter].compactMap { $0 }
            let values = FunctionCall(
                name: ["count"], arguments: [.init(value: call.orderBy[0].expression)], isDistinct: true,
                filter: filter.count == 1 ? filter[0] : build.expression(.and(filter)), position: position)
            // NULLs are one value more where they come first.
            let nulls = count(
                build.expression(.and([before, build.expression(.isNull(call.orderBy[0].expression, negated: false))])))
            let least = build.expression(.least([nulls, one]))
            return build.binary(
                "+", build.binary("+", build.expression(.function(values)), least), one)
        case "percent_rank":
            let share = build.binary("/", build.double(count(before)), build.double(total))
            let isEmpty = build.binary("=", total, build.integer(0))
            return build.expression(
                .caseWhen(
                    CaseExpression(
                        operand: nil, branches: [.init(condition: isEmpty, result: build.double(build.integer(0)))],
                        otherwise: share)))
        default:
            var same: [Expression] = []
            for (key, value) in zip(call.orderBy, row) {
                same.append(build.expression(.isDistinctFrom(key.expression, value, negated: true)))
            }
            let upTo = build.expression(.or([before, same.count == 1 ? same[0] : build.expression(.and(same))]))
            return build.binary(
                "/", build.double(build.binary("+", count(upTo), one)), build.double(build.binary("+", total, one)))
        }
    }

    /// Whether a row comes before the given values in the order.
    private func precedes(_ keys: [SortKey], _ row: [Expression], _ build: SyntaxBuilder) -> Expression {
        var alternatives: [Expression] = []
        var equal: [Expression] = []
        for (key, value) in zip(keys, row) {
            let nullsFirst = key.nullsFirst ?? key.descending
            // A NULL stands at its end, before or behind everything else.
            let byNulls = build.expression(
                .and([
                    build.expression(.isNull(key.expression, negated: !nullsFirst)),
                    build.expression(.isNull(value, negated: nullsFirst)),
                ]))
            let ordered = build.expression(
                .or([build.binary(key.descending ? ">" : "<", key.expression, value), byNulls]))
            alternatives.append(equal.isEmpty ? ordered : build.expression(.and(equal + [ordered])))
            equal.append(build.expression(.isDistinctFrom(key.expression, value, negated: true)))
        }
        return alternatives.count == 1 ? alternatives[0] : build.expression(.or(alternatives))
    }
}

/// Writes syntax at one place of the statement.
struct SyntaxBuilder {
    let position: Int

    func expression(_ kind: ExpressionKind) -> Expression { Expression(kind, position: position) }

    func integer(_ value: Int64) -> Expression { expression(.literal(.integer(value))) }

    func binary(_ name: String, _ left: Expression, _ right: Expression) -> Expression {
        expression(.binary(name, left, right))
    }

    func double(_ value: Expression) -> Expression {
        expression(.cast(value, TypeName(name: "float8", position: position)))
    }

    func call(_ name: String, _ arguments: Expression...) -> Expression {
        expression(.function(FunctionCall(name: [name], arguments: arguments.map { .init(value: $0) }, position: position)))
    }
}
