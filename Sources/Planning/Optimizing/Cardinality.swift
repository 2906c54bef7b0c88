import Columns

/// Rough row counts, from exact table sizes and what zone maps and dictionaries tell. Only the form of joins depends on them.
final class Cardinality {
    private let catalog: any Catalog
    private var definitions: [Int: (rows: Double, columns: [PlanColumn])] = [:]
    private var values = ColumnValues()

    init(catalog: any Catalog) { self.catalog = catalog }

    /// What is known of a finished plan, the plans it computes once included.
    static func knowing(_ plan: LogicalPlan, catalog: any Catalog) -> Cardinality {
        let cardinality = Cardinality(catalog: catalog)
        cardinality.learnAll(plan)
        return cardinality
    }

    private func learnAll(_ plan: LogicalPlan) {
        plan.forEachNode { node in
            guard case .shared(let id, let definition, _) = node, definitions[id] == nil else { return }
            learnAll(definition)
            define(id, definition)
        }
        learn(plan)
    }

    /// Notes the size of a plan computed once.
    func define(_ id: Int, _ plan: LogicalPlan) {
        learn(plan)
        definitions[id] = (rows(plan), plan.columns)
    }

    /// Notes where the columns of a plan come from.
    func learn(_ plan: LogicalPlan) {
        plan.forEachNode { node in
            switch node {
            case .scan(let scan): values.note(scan)
            case .project(_, let items): for item in items { values.note(item) }
            case .aggregate(let node):
                for group in node.groups { values.note(group) }
                for aggregate in node.aggregates { values.noteAggregate(aggregate.column.id) }
            case .shared(let id, _, let columns):
                for (own, column) in zip(columns, definitions[id]?.columns ?? []) {
                    values.note(ProjectedColumn(column: own, expression: column.reference))
                }
            default: break
            }
        }
    }

    func rows(_ plan: LogicalPlan) -> Double {
        switch plan {
        case .scan(let node): return stored(node) * share(of: node.filters)
        case .values(_, let rows): return Double(rows.count)
        case .filter(let input, let condition): return rows(input) * share(of: condition.conjuncts)
        case .project(let input, _), .window(let input, _), .sort(let input, _): return rows(input)
        case .limit(let input, let limit, _): return min(rows(input), limit.map(Double.init) ?? .infinity)
        case .distinctOn(let input, let keys): return groups(keys, rows(input))
        case .aggregate(let node): return groups(node.groups.map(\.expression), rows(node.input))
        case .join(let node): return joined(node)
        case .setOperation(let node):
            return node.kind == .union ? rows(node.left) + rows(node.right) : rows(node.left)
        case .expand(let node): return rows(node.input) * 10
        case .recursive, .working: return 1000
        case .shared(let id, _, _): return definitions[id]?.rows ?? 1000
        }
    }

    /// Rows without the filters on the way: what the distinct values of the columns are counted of.
    func unfilteredRows(_ plan: LogicalPlan) -> Double {
        switch plan {
        case .scan(let node): return stored(node)
        case .filter(let input, _), .project(let input, _), .window(let input, _), .sort(let input, _):
            return unfilteredRows(input)
        case .join(let node):
            switch node.kind {
            case .semi, .anti, .mark, .single: return unfilteredRows(node.left)
            case .inner: return max(unfilteredRows(node.left), unfilteredRows(node.right))
            default: return rows(plan)
            }
        default: return rows(plan)
        }
    }

    /// By how much the number of pairs of rows is divided when these keys must be equal.
    ///
    /// - Parameter limit: Most combinations of keys there can be: the rows of the side with fewer.
    func divisor(_ keys: [(left: BoundExpression, right: BoundExpression)], limit: Double) -> Double {
        var combinations = 1.0
        var overlap = 1.0
        for key in keys {
            let pair = values.pair(key.left, key.right, in: catalog)
            combinations *= max(1, pair.distinct ?? limit)
            overlap *= pair.overlap
        }
        return max(1, min(combinations, max(1, limit))) / max(overlap, 1e-6)
    }

    /// Share of rows that meet all of these conditions.
    func share(of conditions: [BoundExpression]) -> Double {
        Selectivity(values: values, catalog: catalog).share(of: conditions)
    }

    private func stored(_ node: TableScanNode) -> Double {
        Double(catalog.table(named: node.table)?.rowCount ?? 1000)
    }

    private func groups(_ keys: [BoundExpression], _ input: Double) -> Double {
        if keys.isEmpty { return 1 }
        var product = 1.0
        for key in keys { product *= values.distinct(key, in: catalog) ?? max(1, input.squareRoot()) }
        return min(input, product)
    }

    /// Which part of the left rows finds a match: by how many of the values the left side may have stand on the right.
    private func matchedShare(_ node: JoinNode, _ rightRows: Double) -> Double {
        let limit = max(1, unfilteredRows(node.left))
        var combinations = 1.0
        for key in node.keys { combinations *= max(1, values.distinct(key.left, in: catalog) ?? limit) }
        return min(1, rightRows / min(combinations, limit))
    }

    private func joined(_ node: JoinNode) -> Double {
        let left = rows(node.left)
        let right = rows(node.right)
        let limit = min(unfilteredRows(node.left), unfilteredRows(node.right))
        let divisor = divisor(node.keys.map { ($0.left, $0.right) }, limit: limit)
        let residual = node.residual.map { share(of: $0.conjuncts) } ?? 1
        switch node.kind {
        case .semi: return left * max(0.01, matchedShare(node, right))
        case .anti: return left * max(0.1, 1 - matchedShare(node, right))
        case .mark, .single: return left
        case .cross: return left * right
        case .inner: return left * right * residual / divisor
        case .left: return max(left, left * right * residual / divisor)
        case .right: return max(right, left * right * residual / divisor)
        case .full: return max(left, right, left * right * residual / divisor)
        }
    }
}
