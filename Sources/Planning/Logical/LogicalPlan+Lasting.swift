import Columns

extension LogicalPlan {
    /// A form of the plan that is equal wherever a statement asks the same, if all that it does is to choose rows and columns
    /// of tables whose rows last from one statement to the next; nil if it does anything else.
    ///
    /// - Parameter isLasting: Asked for the name of each table.
    package func lastingForm(_ isLasting: (String) -> Bool) -> LogicalPlan? {
        lasting(isLasting)?.canonical
    }

    private func lasting(_ isLasting: (String) -> Bool) -> LogicalPlan? {
        switch self {
        case .scan(let node):
            return isLasting(node.table) && node.filters.allSatisfy(\.dependsOnColumnsAlone) ? self : nil
        case .project(let input, let items):
            guard items.allSatisfy({ $0.expression.isColumn }) else { return nil }
            return input.lasting(isLasting).map { .project($0, items) }
        case .shared(_, let plan, let columns):
            return plan.lasting(isLasting).map { own in
                .project(own, zip(columns, plan.columns).map { ProjectedColumn(column: $0, expression: $1.reference) })
            }
        default: return nil
        }
    }
}

extension BoundExpression {
    fileprivate var isColumn: Bool { if case .column = self { true } else { false } }

    /// Whether it has the same value for the same row at any time, and never fails.
    fileprivate var dependsOnColumnsAlone: Bool {
        switch self {
        case .constant, .column: true
        case .comparison(_, let left, let right), .distinct(let left, let right, _):
            left.dependsOnColumnsAlone && right.dependsOnColumnsAlone
        case .and(let parts), .or(let parts): parts.allSatisfy(\.dependsOnColumnsAlone)
        case .not(let part), .isNull(let part, _), .isTruth(let part, _, _): part.dependsOnColumnsAlone
        case .inList(let value, let items, _): value.dependsOnColumnsAlone && items.allSatisfy(\.dependsOnColumnsAlone)
        default: false
        }
    }
}
