import Planning

/// What the step above an aggregation keeps of its groups. That step asks once more; here groups that it will not keep are left
/// out before their columns are made.
struct GroupCondition: Sendable {
    /// Groups of fewer rows are not kept.
    let leastRowCount: Int
    /// Over the aggregates alone, in their order; nil where the condition says nothing of them, or might fail.
    let predicate: PredicateProgram?
    /// Whether that is all the condition says.
    let isWhole: Bool

    static let none = GroupCondition()

    private init() {
        leastRowCount = 0
        predicate = nil
        isWhole = true
    }

    init(_ node: AggregateNode, _ condition: BoundExpression, leastRowCount: Int) throws(ExecutionError) {
        self.leastRowCount = leastRowCount
        var columns: [ColumnID: Int] = [:]
        for (index, aggregate) in node.aggregates.enumerated() { columns[aggregate.column.id] = index }
        let conditions = if case .and(let parts) = condition { parts } else { [condition] }
        let own = conditions.filter { condition in
            let ids = condition.columnIDs
            return !ids.isEmpty && ids.allSatisfy { columns[$0] != nil }
        }
        let program = own.isEmpty ? nil : try PredicateProgram(predicates: own, columns: columns)
        predicate = program?.canRaise == true ? nil : program
        isWhole = predicate != nil && own.count == conditions.count
    }
}
