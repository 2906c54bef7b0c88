import Columns

/// Orders inner joins: by a search over all trees where few tables are joined, else one table after the other.
///
/// The left side of a join streams, the right side is kept in memory.
enum JoinOrdering: RewriteRule {
    static let name = "JoinOrdering"

    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        guard case .join(let node) = plan, node.kind == .inner || node.kind == .cross else {
            return plan.mapInputs { apply($0, context) }
        }
        var relations: [LogicalPlan] = []
        var conditions: [BoundExpression] = []
        flatten(plan, &relations, &conditions)
        let inputs = relations.map { apply($0, context) }
        if inputs.count <= JoinSearch.relationLimit {
            let graph = JoinGraph(inputs, conditions, context.cardinality)
            var search = JoinSearch(graph)
            return search.plan()
        }
        return ordered(inputs, conditions, context)
    }

    private static func flatten(
        _ plan: LogicalPlan, _ relations: inout [LogicalPlan], _ conditions: inout [BoundExpression]
    ) {
        guard case .join(let node) = plan, node.kind == .inner || node.kind == .cross else {
            relations.append(plan)
            return
        }
        flatten(node.left, &relations, &conditions)
        flatten(node.right, &relations, &conditions)
        conditions += node.conditions
    }

    /// The largest table stays on the left (it is read once, streaming), then whatever keeps the result smallest;
    /// products of unconnected tables come last.
    private static func ordered(
        _ relations: [LogicalPlan], _ conditions: [BoundExpression], _ context: RuleContext
    ) -> LogicalPlan {
        let sizes = relations.map { context.cardinality.rows($0) }
        let columns = relations.map { Set($0.columns.map(\.id)) }
        // Ties go to the earlier one, so that plans do not depend on chance.
        var start = 0
        for index in relations.indices where sizes[index] > sizes[start] { start = index }
        var plan = relations[start]
        var present = columns[start]
        var open = conditions
        var rest = relations.indices.filter { $0 != start }
        while !rest.isEmpty {
            var best: (place: Int, isConnected: Bool, size: Double)?
            for (place, index) in rest.enumerated() {
                let isConnected = open.contains { JoinCondition.key($0, present, columns[index]) != nil }
                let usable = ready(open, present.union(columns[index]))
                let candidate = JoinCondition.join(.cross, plan, relations[index], on: usable)
                let size = isConnected ? context.cardinality.rows(candidate) : sizes[index]
                if let known = best {
                    if known.isConnected && !isConnected { continue }
                    if known.isConnected == isConnected && size >= known.size { continue }
                }
                best = (place, isConnected, size)
            }
            guard let place = best?.place else { break }
            let index = rest.remove(at: place)
            present.formUnion(columns[index])
            let usable = ready(open, present)
            open.removeAll { usable.contains($0) }
            plan = JoinCondition.join(.cross, plan, relations[index], on: usable)
        }
        guard let condition = BoundExpression.conjunction(open) else { return plan }
        return .filter(plan, condition)
    }

    /// Conditions whose columns are all there.
    private static func ready(_ conditions: [BoundExpression], _ ids: Set<ColumnID>) -> [BoundExpression] {
        conditions.filter { $0.columnIDs.isSubset(of: ids) }
    }
}
