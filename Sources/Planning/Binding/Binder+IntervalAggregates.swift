import Columns
import SQL

/// Sums, averages and extremes of intervals: an interval is three numbers that do not turn into one another.
extension Binder {
    private static let intervalAggregates: Set<String> = ["sum", "avg", "min", "max"]

    /// The call in terms of what every aggregation can compute; nil for calls of anything but intervals.
    func intervalAggregate(
        _ call: FunctionCall, _ name: String, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> Expression? {
        guard Binder.intervalAggregates.contains(name), call.arguments.count == 1, !call.isStar,
            !isAggregateCall(call.arguments[0].value)
        else { return nil }
        let clause: Clause = call.over == nil ? .aggregateArgument : .windowArgument
        guard try trialType(call.arguments[0].value, BindContext(context.scope, clause)) == .interval else { return nil }
        let build = SyntaxBuilder(position: position)
        if name == "min" || name == "max" {
            if call.over != nil { throw .unsupported("\(name) of intervals with OVER", at: position) }
            return extreme(call, build, isLeast: name == "min")
        }
        if call.isDistinct { throw .unsupported("\(name) of distinct intervals", at: position) }
        func part(_ part: String) -> Expression {
            var sum = call
            sum.name = ["sum"]
            sum.arguments = [.init(value: build.call(part, call.arguments[0].value))]
            return build.expression(.function(sum))
        }
        let total = build.call("interval of", part("interval months"), part("interval days"), part("interval time"))
        if name == "sum" { return total }
        var count = call
        count.name = ["count"]
        return build.binary("/", total, build.double(build.expression(.function(count))))
    }

    /// Of intervals equally long, such as 1 month and 30 days, PostgreSQL keeps the one that it meets last.
    private func extreme(_ call: FunctionCall, _ build: SyntaxBuilder, isLeast: Bool) -> Expression {
        let value = call.arguments[0].value
        let isPresent = build.expression(.isNull(value, negated: true))
        var all = call
        all.name = ["array_agg"]
        all.isDistinct = false
        all.orderBy = [SortKey(expression: value, descending: isLeast)]
        all.filter = call.filter.map { build.expression(.and([$0, isPresent])) } ?? isPresent
        var count = call
        count.name = ["count"]
        count.isDistinct = false
        return build.expression(
            .element(build.expression(.function(all)), index: build.expression(.function(count))))
    }

    /// What an argument's type is, leaving nothing behind of having looked.
    private func trialType(_ value: Expression, _ context: BindContext) throws(PlanningError) -> LogicalType {
        let block = context.scope.block
        let known = block.references.count
        defer { block.references.removeLast(block.references.count - known) }
        return try bind(value, context).type
    }

    private func isAggregateCall(_ expression: Expression) -> Bool {
        guard case .function(let call) = expression.kind else { return false }
        return call.over == nil && AggregateSignatures.names.contains(AggregateSignatures.canonical(call.name.last ?? ""))
    }
}
