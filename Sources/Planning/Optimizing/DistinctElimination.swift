import Columns

/// Leaves out DISTINCT where rows are distinct already, or where repetitions do not matter.
enum DistinctElimination: RewriteRule {
    static let name = "DistinctElimination"

    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        let inner = plan.mapInputs { apply($0, context) }
        switch inner {
        case .aggregate(let node) where isDistinct(node):
            let ids = Set(
                node.groups.compactMap { group -> ColumnID? in
                    if case .column(let id, _) = group.expression { return id }
                    return nil
                })
            guard let keys = uniqueKeys(node.input), keys.isSubset(of: ids) else { return inner }
            return .project(node.input, node.groups)
        case .join(var node) where node.kind == .semi || node.kind == .anti:
            if case .aggregate(let right) = node.right, isDistinct(right) {
                node.right = .project(right.input, right.groups)
            }
            return .join(node)
        default: return inner
        }
    }

    private static func isDistinct(_ node: AggregateNode) -> Bool {
        node.aggregates.isEmpty && node.groupingColumns.isEmpty && !node.groups.isEmpty && node.groupingSets.count == 1
            && node.groupingSets[0].count == node.groups.count
    }

    /// Columns that no two rows share; nil if none are known.
    private static func uniqueKeys(_ plan: LogicalPlan) -> Set<ColumnID>? {
        switch plan {
        case .aggregate(let node) where node.groupingSets.count == 1: return Set(node.groups.map(\.column.id))
        case .filter(let input, _), .sort(let input, _), .limit(let input, _, _), .window(let input, _):
            return uniqueKeys(input)
        case .join(let node):
            switch node.kind {
            case .semi, .anti, .mark, .single: return uniqueKeys(node.left)
            default: return nil
            }
        case .project(let input, let items):
            guard let keys = uniqueKeys(input) else { return nil }
            var renamed: [ColumnID: ColumnID] = [:]
            for item in items {
                if case .column(let id, _) = item.expression, renamed[id] == nil { renamed[id] = item.column.id }
            }
            var result: Set<ColumnID> = []
            for key in keys {
                guard let name = renamed[key] else { return nil }
                result.insert(name)
            }
            return result
        default: return nil
        }
    }
}
