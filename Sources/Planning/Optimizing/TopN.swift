import Columns

/// Keeps LIMIT right above its ORDER BY, so that only the first rows are kept while sorting.
enum TopN: RewriteRule {
    static let name = "TopN"

    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        if case .limit(.project(let input, let items), let limit, let offset) = plan {
            return .project(apply(.limit(input, limit: limit, offset: offset), context), items)
        }
        return plan.mapInputs { apply($0, context) }
    }
}
