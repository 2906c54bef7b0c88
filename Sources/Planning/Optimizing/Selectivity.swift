import Columns

/// Which share of rows meets conditions.
struct Selectivity {
    let values: ColumnValues
    let catalog: any Catalog

    /// What is left of a column's range by comparisons with constants, as shares of the range.
    private struct Window {
        var low = 0.0
        var high = 1.0
    }

    /// All of the conditions. Borders of one column from both sides make one window.
    func share(of conditions: [BoundExpression]) -> Double {
        var product = 1.0
        // In the order of the conditions: the product must not depend on chance.
        var operands: [BoundExpression] = []
        var windows: [Window] = []
        for condition in conditions.flatMap(\.conjuncts) {
            if let (operand, low, high) = border(condition) {
                let place = operands.firstIndex(of: operand) ?? operands.count
                if place == operands.count {
                    operands.append(operand)
                    windows.append(Window())
                    product *= present(operand)
                }
                windows[place].low = max(windows[place].low, low)
                windows[place].high = min(windows[place].high, high)
            } else {
                product *= share(condition)
            }
        }
        for window in windows { product *= max(1e-4, window.high - window.low) }
        return product
    }

    /// `column < constant` and the like: the column, and the part of its range that is left.
    private func border(_ condition: BoundExpression) -> (BoundExpression, Double, Double)? {
        guard case .comparison(let comparison, let left, let right) = condition else { return nil }
        if left.isConstant, !right.isConstant { return border(.comparison(comparison.swapped, right, left)) }
        guard let place = right.constantValue?.estimatedPlace, let range = values.estimate(left, in: catalog)?.range
        else { return nil }
        let width = range.upperBound - range.lowerBound
        guard width > 0 else { return nil }
        let share = min(1, max(0, (place - range.lowerBound) / width))
        switch comparison {
        case .less, .lessOrEqual: return (left, 0, share)
        case .greater, .greaterOrEqual: return (left, share, 1)
        case .equal, .notEqual: return nil
        }
    }

    private func distinct(_ expression: BoundExpression) -> Double? { values.distinct(expression, in: catalog) }

    private func present(_ expression: BoundExpression) -> Double { values.presentShare(expression, in: catalog) }

    private func share(_ condition: BoundExpression) -> Double {
        switch condition {
        case .comparison(.equal, let left, let right):
            return present(left) * present(right) / max(1, distinct(left) ?? distinct(right) ?? 10)
        case .comparison(.notEqual, let left, let right):
            guard let distinct = distinct(left) ?? distinct(right) else { return 0.9 * present(left) * present(right) }
            return max(0.05, 1 - 1 / max(1, distinct)) * present(left) * present(right)
        case .comparison(_, let left, let right):
            // Who compares the figures of groups looks for the few that stand out.
            if values.isAggregate(left) || values.isAggregate(right) { return 0.1 }
            return (left.isConstant || right.isConstant ? 0.3 : 0.5) * present(left) * present(right)
        case .inList(let operand, let items, let negated):
            let hit = min(0.9, Double(items.count) / max(1, distinct(operand) ?? 10))
            return (negated ? 1 - hit : hit) * present(operand)
        case .like(let operand, _, _, _, let negated): return (negated ? 0.9 : 0.1) * present(operand)
        case .isNull(let operand, let negated):
            // An outer join may have put NULLs where the table has none.
            let nulls = 1 - present(operand)
            return negated ? 1 - max(nulls, 0.01) : nulls > 0 ? nulls : 0.1
        case .and(let items): return share(of: items)
        case .or(let items): return min(1, items.reduce(0) { $0 + share(of: [$1]) })
        case .not(let operand): return max(0.05, 1 - share(operand))
        default: return 0.5
        }
    }
}
