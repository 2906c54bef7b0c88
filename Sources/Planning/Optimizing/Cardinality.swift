import Columns

/// Rough row counts, from exact table sizes and distinct counts where known. Only the order of joins depends on them.
final class Cardinality {
    private let catalog: any Catalog
    private var definitions: [Int: Double] = [:]
    private var distinctCounts: [ColumnID: Double] = [:]

    init(catalog: any Catalog) { self.catalog = catalog }

    /// What is known of a finished plan, the plans it computes once included.
    static func knowing(_ plan: LogicalPlan, catalog: any Catalog) -> Cardinality {
        let cardinality = Cardinality(catalog: catalog)
        cardinality.learnAll(plan)
        return cardinality
    }

    private func learnAll(_ plan: LogicalPlan) {
        learn(plan)
        plan.forEachNode { node in
            guard case .shared(let id, let definition, _) = node, definitions[id] == nil else { return }
            learnAll(definition)
            define(id, definition)
        }
    }

    /// Notes the size of a plan computed once.
    func define(_ id: Int, _ plan: LogicalPlan) { definitions[id] = rows(plan) }

    /// Notes distinct counts of the columns scans put out.
    func learn(_ plan: LogicalPlan) {
        plan.forEachNode { node in
            guard case .scan(let scan) = node, let table = catalog.table(named: scan.table) else { return }
            for column in scan.columns where column.fieldIndex < table.distinctCounts.count {
                if let count = table.distinctCounts[column.fieldIndex] {
                    distinctCounts[column.column.id] = Double(count)
                }
            }
        }
    }

    func rows(_ plan: LogicalPlan) -> Double {
        switch plan {
        case .scan(let node):
            let all = Double(catalog.table(named: node.table)?.rowCount ?? 1000)
            return node.filters.reduce(all) { $0 * selectivity($1) }
        case .values(_, let rows): return Double(rows.count)
        case .filter(let input, let condition):
            return condition.conjuncts.reduce(rows(input)) { $0 * selectivity($1) }
        case .project(let input, _), .window(let input, _), .sort(let input, _): return rows(input)
        case .limit(let input, let limit, _): return min(rows(input), limit.map(Double.init) ?? .infinity)
        case .distinctOn(let input, let keys): return groups(keys, rows(input))
        case .aggregate(let node): return groups(node.groups.map(\.expression), rows(node.input))
        case .join(let node): return joined(node)
        case .setOperation(let node):
            return node.kind == .union ? rows(node.left) + rows(node.right) : rows(node.left)
        case .shared(let id, _, _): return definitions[id] ?? 1000
        }
    }

    private func groups(_ keys: [BoundExpression], _ input: Double) -> Double {
        if keys.isEmpty { return 1 }
        var product = 1.0
        for key in keys { product *= distinct(key) ?? max(1, input.squareRoot()) }
        return min(input, product)
    }

    private func distinct(_ expression: BoundExpression) -> Double? {
        if case .column(let id, _) = expression { return distinctCounts[id] }
        return nil
    }

    private func joined(_ node: JoinNode) -> Double {
        let left = rows(node.left)
        let right = rows(node.right)
        let residual = node.residual.map { $0.conjuncts.reduce(1.0) { $0 * selectivity($1) } } ?? 1
        switch node.kind {
        case .semi: return left * 0.5
        case .anti: return left * 0.9
        case .mark, .single: return left
        case .cross: return left * right
        case .inner, .left, .right, .full:
            var result = left * right * residual
            for key in node.keys {
                let count = max(distinct(key.left) ?? 0, distinct(key.right) ?? 0)
                // Without counts: a key of the smaller side.
                result /= max(1, count > 0 ? count : min(left, right))
            }
            return node.kind == .inner ? result : max(result, node.kind == .right ? right : left)
        }
    }

    private func selectivity(_ condition: BoundExpression) -> Double {
        switch condition {
        case .comparison(.equal, let left, let right):
            return 1 / max(1, distinct(left) ?? distinct(right) ?? 10)
        case .comparison(.notEqual, _, _): return 0.9
        case .comparison: return 0.3
        case .inList(let operand, let items, let negated):
            let hit = min(0.9, Double(items.count) / max(1, distinct(operand) ?? 10))
            return negated ? 1 - hit : hit
        case .like(_, _, _, _, let negated): return negated ? 0.9 : 0.1
        case .isNull(_, let negated): return negated ? 0.9 : 0.1
        case .and(let items): return items.reduce(1) { $0 * selectivity($1) }
        case .or(let items): return min(1, items.reduce(0) { $0 + selectivity($1) })
        default: return 0.5
        }
    }
}
