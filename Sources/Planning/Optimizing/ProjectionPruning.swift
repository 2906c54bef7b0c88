import Columns

/// Leaves out columns nobody reads, down to the scans, and projections that change nothing.
enum ProjectionPruning {
    static let name = "ProjectionPruning"

    static func prune(_ parts: inout PlanParts) {
        var pruning = Pruning()
        let columns = parts.main.columns
        parts.main = PlanParts.exactly(pruning.prune(parts.main, Set(columns.map(\.id))), columns)
        // Readers before what they read: then it is known what all of them need.
        var kept: [Int: [Int]] = [:]
        for id in parts.order.reversed() {
            guard let definition = parts.definitions[id] else { continue }
            let needed = (pruning.places[id] ?? []).sorted()
            kept[id] = needed
            let wanted = needed.map { definition.columns[$0] }
            parts.definitions[id] = PlanParts.exactly(pruning.prune(definition, Set(wanted.map(\.id))), wanted)
        }
        parts.main = narrowed(parts.main, kept)
        for id in parts.order { parts.definitions[id] = parts.definitions[id].map { narrowed($0, kept) } }
        parts.order.removeAll { pruning.places[$0] == nil }
    }

    /// Readings cut to the columns their definition still has.
    private static func narrowed(_ plan: LogicalPlan, _ kept: [Int: [Int]]) -> LogicalPlan {
        guard case .shared(let id, let definition, let columns) = plan, let places = kept[id] else {
            return plan.mapInputs { narrowed($0, kept) }
        }
        return .shared(id: id, plan: definition, columns: places.map { columns[$0] })
    }

    private struct Pruning {
        /// For each plan computed once the places of the columns somebody reads.
        var places: [Int: Set<Int>] = [:]

        mutating func prune(_ plan: LogicalPlan, _ needed: Set<ColumnID>) -> LogicalPlan {
            switch plan {
            case .scan(var node):
                var wanted = needed
                for filter in node.filters { filter.collectColumnIDs(into: &wanted) }
                node.columns.removeAll { !wanted.contains($0.column.id) }
                node.filterOnly = wanted.subtracting(needed)
                return .scan(node)
            case .values(let columns, let rows):
                let places = columns.indices.filter { needed.contains(columns[$0].id) }
                return .values(columns: places.map { columns[$0] }, rows: rows.map { row in places.map { row[$0] } })
            case .recursive, .working: return plan
            case .expand(var node):
                node.input = prune(node.input, reads(plan, needed))
                return .expand(node)
            case .shared(let id, _, let columns):
                let own = columns.indices.filter { needed.contains(columns[$0].id) }
                places[id, default: []].formUnion(own)
                return plan
            case .project(let input, let items): return pruneProject(input, items, needed)
            case .aggregate(let node): return pruneAggregate(node, needed)
            case .window(let input, let items):
                let kept = items.filter { needed.contains($0.column.id) }
                let below = reads(.window(input, kept), needed)
                return kept.isEmpty ? prune(input, below) : .window(prune(input, below), kept)
            case .join(let node): return pruneJoin(node, needed)
            case .setOperation(let node): return pruneSetOperation(node, needed)
            case .filter, .sort, .limit, .distinctOn:
                let below = reads(plan, needed)
                return plan.mapInputs { prune($0, below) }
            }
        }

        /// What is needed of the inputs: what is needed above and what the node itself reads.
        private func reads(_ plan: LogicalPlan, _ needed: Set<ColumnID>) -> Set<ColumnID> {
            var all = needed
            for expression in plan.ownExpressions { expression.collectColumnIDs(into: &all) }
            return all
        }

        private mutating func pruneProject(
            _ input: LogicalPlan, _ items: [ProjectedColumn], _ needed: Set<ColumnID>
        ) -> LogicalPlan {
            let kept = items.filter { needed.contains($0.column.id) }
            var below: Set<ColumnID> = []
            for item in kept { item.expression.collectColumnIDs(into: &below) }
            var inner = prune(input, below)
            var merged = kept
            // Two projections in a row are one if nothing is computed twice.
            while case .project(let next, let nextItems) = inner, canMerge(merged, nextItems) {
                let expressions = Dictionary(nextItems.map { ($0.column.id, $0.expression) }) { first, _ in first }
                merged = merged.map {
                    ProjectedColumn(column: $0.column, expression: $0.expression.replacing(expressions))
                }
                inner = next
            }
            let passesOn = merged.allSatisfy { item in item.expression.isColumn(item.column.id) }
            if passesOn, Set(inner.columns.map(\.id)) == Set(merged.map(\.column.id)),
                merged.count == inner.columns.count
            {
                return inner
            }
            // Nobody reads a column: what is below may keep its own.
            return merged.isEmpty ? inner : .project(inner, merged)
        }

        private func canMerge(_ outer: [ProjectedColumn], _ inner: [ProjectedColumn]) -> Bool {
            var uses: [ColumnID: Int] = [:]
            for item in outer {
                item.expression.forEach { if case .column(let id, _) = $0 { uses[id, default: 0] += 1 } }
            }
            return inner.allSatisfy { item in
                switch item.expression {
                case .column, .constant, .outerColumn: true
                default: uses[item.column.id, default: 0] <= 1
                }
            }
        }

        private mutating func pruneAggregate(_ node: AggregateNode, _ needed: Set<ColumnID>) -> LogicalPlan {
            var node = node
            node.aggregates.removeAll { !needed.contains($0.column.id) }
            node.groupingColumns.removeAll { !needed.contains($0.column.id) }
            node.unreadGroups = Set(node.groups.indices.filter { !needed.contains(node.groups[$0].column.id) })
            node.input = prune(node.input, reads(.aggregate(node), []))
            return .aggregate(node)
        }

        private mutating func pruneJoin(_ node: JoinNode, _ needed: Set<ColumnID>) -> LogicalPlan {
            var node = node
            if case .mark(let column) = node.kind, !needed.contains(column.id) { return prune(node.left, needed) }
            // A subquery whose value nobody reads is not asked for it, as in PostgreSQL: each left row stays as it is.
            if case .single = node.kind, needed.isDisjoint(with: node.right.columns.map(\.id)) { return prune(node.left, needed) }
            let all = reads(.join(node), needed)
            var others = needed
            for pair in node.keys {
                pair.left.collectColumnIDs(into: &others)
                pair.right.collectColumnIDs(into: &others)
            }
            node.conditionOnly = (node.residual?.columnIDs ?? []).subtracting(others)
            node.left = prune(node.left, all)
            node.right = prune(node.right, all)
            return .join(node)
        }

        private mutating func pruneSetOperation(_ node: SetOperationNode, _ needed: Set<ColumnID>) -> LogicalPlan {
            var node = node
            // All other set operations compare whole rows.
            let places =
                node.kind == .union && node.isAll
                ? node.columns.indices.filter { needed.contains(node.columns[$0].id) } : Array(node.columns.indices)
            func side(_ input: LogicalPlan) -> LogicalPlan {
                let wanted = places.map { input.columns[$0] }
                return PlanParts.exactly(prune(input, Set(wanted.map(\.id))), wanted)
            }
            node.left = side(node.left)
            node.right = side(node.right)
            node.columns = places.map { node.columns[$0] }
            return .setOperation(node)
        }
    }
}
