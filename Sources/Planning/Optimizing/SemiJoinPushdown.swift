import Columns

/// Moves semi and anti joins with a small right side below joins and projections, towards the scan they thin out.
enum SemiJoinPushdown: RewriteRule {
    static let name = "SemiJoinPushdown"

    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        if case .join(let node) = plan, node.kind == .semi || node.kind == .anti, let moved = moved(node, context) {
            return apply(moved, context)
        }
        return plan.mapInputs { apply($0, context) }
    }

    private static func moved(_ node: JoinNode, _ context: RuleContext) -> LogicalPlan? {
        let rightIDs = Set(node.right.columns.map(\.id))
        // Columns of the left side that the conditions read.
        var needed: Set<ColumnID> = []
        for condition in node.conditions { condition.collectColumnIDs(into: &needed) }
        needed.subtract(rightIDs)
        guard !needed.isEmpty, node.conditions.allSatisfy({ !$0.hasOuterColumns && !ErrorRisk.mayFail($0) }) else {
            return nil
        }
        func over(_ left: LogicalPlan) -> LogicalPlan {
            var node = node
            node.left = left
            return .join(node)
        }
        switch node.left {
        case .project(let input, let items):
            let expressions = Dictionary(items.map { ($0.column.id, $0.expression) }) { first, _ in first }
            // Only plain columns: a key computed twice costs more than it saves.
            let isPlain = needed.allSatisfy { id in
                if case .column? = expressions[id] { return true }
                return false
            }
            guard isPlain, case .join(var mapped) = over(input).mapOwnExpressions({ $0.replacing(expressions) }) else {
                return nil
            }
            mapped.left = input
            return .project(.join(mapped), items)
        case .join(var inner):
            return pushed(&inner, needed, over, context.cardinality.rows(node.right), context)
        case .filter(let input, let condition):
            // Below a filter that stayed above a join for its own reasons.
            guard case .join(var inner) = input,
                let below = pushed(&inner, needed, over, context.cardinality.rows(node.right), context)
            else { return nil }
            return .filter(below, condition)
        default: return nil
        }
    }

    private static func pushed(
        _ inner: inout JoinNode, _ needed: Set<ColumnID>, _ over: (LogicalPlan) -> LogicalPlan, _ rightRows: Double,
        _ context: RuleContext
    ) -> LogicalPlan? {
        let leftIDs = Set(inner.left.columns.map(\.id))
        switch inner.kind {
        case .inner, .cross, .left, .mark, .single:
            if needed.isSubset(of: leftIDs), rightRows <= context.cardinality.rows(inner.left) {
                inner.left = over(inner.left)
                return .join(inner)
            }
            guard inner.kind == .inner || inner.kind == .cross,
                needed.isSubset(of: Set(inner.right.columns.map(\.id))),
                rightRows <= context.cardinality.rows(inner.right)
            else { return nil }
            inner.right = over(inner.right)
            return .join(inner)
        case .semi, .anti, .right, .full: return nil
        }
    }
}
