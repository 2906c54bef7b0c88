import Columns

/// Tells a window of which only the first places of each partition are asked for (`row_number() … <= 3`) how many those are, so
/// that it need not put all rows in order. The condition stays: rows that share the last place are not told apart here.
enum WindowTopN {
    static let name = "WindowTopN"

    /// Places above which putting all rows in order may cost no more: rows that come last first move all places.
    private static let largestLimit = 32

    /// - Returns: Whether there was such a window.
    static func limit(_ parts: inout PlanParts) -> Bool {
        let before = (parts.main, parts.definitions)
        parts.main = limited(parts.main)
        for id in parts.order { parts.definitions[id] = parts.definitions[id].map(limited) }
        return parts.main != before.0 || parts.definitions != before.1
    }

    private static func limited(_ plan: LogicalPlan) -> LogicalPlan {
        let plan = plan.mapInputs { limited($0) }
        guard case .filter(.window(let input, var items), let condition) = plan, let first = items.first,
            items.allSatisfy({ item in
                ["row_number", "rank", "dense_rank"].contains(item.call.name) && item.call.filter == nil
                    && item.partitionBy == first.partitionBy && item.orderBy == first.orderBy
            })
        else { return plan }
        // No row has a smaller row number than rank.
        let bounded = Set(items.filter { $0.call.name != "dense_rank" }.map(\.column.id))
        guard let limit = condition.conjuncts.compactMap({ largest($0, bounded) }).min(), (1...largestLimit).contains(limit) else {
            return plan
        }
        for index in items.indices { items[index].placeLimit = limit }
        return .filter(.window(input, items), condition)
    }

    /// The largest number a condition leaves one of the columns; nil if it leaves any.
    private static func largest(_ condition: BoundExpression, _ columns: Set<ColumnID>) -> Int? {
        guard case .comparison(let comparison, let left, let right) = condition else { return nil }
        switch (left, right, comparison) {
        case (.column(let id, _), .constant(.integer(let value), _), .lessOrEqual),
            (.column(let id, _), .constant(.integer(let value), _), .equal),
            (.constant(.integer(let value), _), .column(let id, _), .equal),
            (.constant(.integer(let value), _), .column(let id, _), .greaterOrEqual):
            return columns.contains(id) ? Int(value) : nil
        case (.column(let id, _), .constant(.integer(let value), _), .less),
            (.constant(.integer(let value), _), .column(let id, _), .greater):
            return columns.contains(id) && value > Int64.min ? Int(value) - 1 : nil
        default: return nil
        }
    }
}
