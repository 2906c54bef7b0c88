import Columns

/// An aggregation that is joined by its groups with few rows is computed for the groups of these rows only.
///
/// Subqueries that ask something of each row of the outer query become such joins: without this, they would be answered
/// for rows that nobody asks about.
enum SemiJoinReduction {
    static let name = "SemiJoinReduction"

    /// How many times more rows than the other side an aggregation must read to be worth it.
    private static let factor = 8.0
    private static let smallestInput = 20_000.0

    /// Returns whether anything was changed.
    static func reduce(_ parts: inout PlanParts, _ context: RuleContext, nextID: inout Int) -> Bool {
        var reducer = Reducer(context: context, nextID: nextID)
        let new = parts.rewriteEach { plan in (reducer.reduced(plan), reducer.takeNew()) }
        nextID = reducer.nextID
        return !new.isEmpty
    }

    private struct Reducer {
        let context: RuleContext
        var nextID: Int
        private var new: [PlanParts.Definition] = []

        init(context: RuleContext, nextID: Int) {
            self.context = context
            self.nextID = nextID
        }

        mutating func takeNew() -> [PlanParts.Definition] {
            defer { new = [] }
            return new
        }

        mutating func reduced(_ plan: LogicalPlan) -> LogicalPlan {
            guard case .join(let node) = plan, let changed = reduced(node) else {
                return plan.mapInputs { reduced($0) }
            }
            return changed
        }

        private mutating func reduced(_ node: JoinNode) -> LogicalPlan? {
            switch node.kind {
            case .inner:
                if let changed = reduced(small: node.left, grouped: node.right, keys: node.keys) {
                    return joined(node, left: changed.small, right: changed.grouped)
                }
                let keys = node.keys.map { JoinNode.KeyPair(left: $0.right, right: $0.left, isNullSafe: $0.isNullSafe) }
                guard let changed = reduced(small: node.right, grouped: node.left, keys: keys) else { return nil }
                return joined(node, left: changed.grouped, right: changed.small)
            case .left, .single, .semi:
                guard let changed = reduced(small: node.left, grouped: node.right, keys: node.keys) else { return nil }
                return joined(node, left: changed.small, right: changed.grouped)
            default: return nil
            }
        }

        private func joined(_ node: JoinNode, left: LogicalPlan, right: LogicalPlan) -> LogicalPlan {
            var node = node
            node.left = left
            node.right = right
            return .join(node)
        }

        /// The side of few rows computed once and read here, and the other side for the keys of these rows only.
        private mutating func reduced(
            small: LogicalPlan, grouped: LogicalPlan, keys: [JoinNode.KeyPair]
        ) -> (small: LogicalPlan, grouped: LogicalPlan)? {
            let cardinality = context.cardinality
            guard let target = groupedInput(grouped), small.outerColumnIDs.isEmpty else { return nil }
            let input = cardinality.rows(target)
            let usable = keys.filter {
                !$0.isNullSafe && $0.left.type == $0.right.type && !ErrorRisk.mayFail($0.left)
            }
            guard input >= SemiJoinReduction.smallestInput,
                cardinality.rows(small) * SemiJoinReduction.factor <= input, !usable.isEmpty
            else { return nil }
            // A second reading of the small side has identities of its own.
            let columns = small.columns.map { context.numbering.column($0.name, $0.type) }
            let pairs = zip(small.columns, columns).map { ($0.id, $1.reference) }
            let replacements = Dictionary(pairs) { first, _ in first }
            let wanted = usable.map { JoinNode.KeyPair(left: $0.right, right: $0.left.replacing(replacements)) }
            let id: Int
            let known: Bool
            if case .shared(let shared, _, _) = small {
                (id, known) = (shared, true)
            } else {
                (id, known) = (nextID, false)
                nextID += 1
            }
            let second = LogicalPlan.shared(id: id, plan: PlanParts.placeholder, columns: columns)
            guard let thinned = placed(wanted, second, above: grouped) else { return nil }
            if known { return (small, reduced(thinned)) }
            let definition = context.numbering.copy(reduced(small)).plan
            new.append((id, definition))
            cardinality.define(id, definition)
            return (.shared(id: id, plan: PlanParts.placeholder, columns: small.columns), reduced(thinned))
        }

        /// The input of an aggregation by groups, below projections and filters.
        private func groupedInput(_ plan: LogicalPlan) -> LogicalPlan? {
            switch plan {
            case .project(let input, _), .filter(let input, _): return groupedInput(input)
            case .aggregate(let node) where node.groupingSets.count == 1 && !node.groups.isEmpty: return node.input
            default: return nil
            }
        }

        /// The plan with its aggregation's input thinned out by those of the keys that are groups; nil if none is.
        private func placed(
            _ keys: [JoinNode.KeyPair], _ rows: LogicalPlan, above plan: LogicalPlan
        ) -> LogicalPlan? {
            switch plan {
            case .project(let input, let items):
                let expressions = Dictionary(items.map { ($0.column.id, $0.expression) }) { first, _ in first }
                let moved = keys.map { JoinNode.KeyPair(left: $0.left.replacing(expressions), right: $0.right) }
                return placed(moved, rows, above: input).map { .project($0, items) }
            case .filter(let input, let condition):
                return placed(keys, rows, above: input).map { .filter($0, condition) }
            case .aggregate(var node):
                let groups = Dictionary(node.groups.map { ($0.column.id, $0.expression) }) { first, _ in first }
                var own: [JoinNode.KeyPair] = []
                for key in keys {
                    guard case .column(let id, _) = key.left, let group = groups[id], !ErrorRisk.mayFail(group),
                        group.type == key.right.type
                    else { continue }
                    own.append(.init(left: group, right: key.right))
                }
                if own.isEmpty { return nil }
                let thinned = LogicalPlan.join(JoinNode(kind: .semi, left: node.input, right: rows, keys: own))
                node.input = SemiJoinPushdown.apply(thinned, context)
                return .aggregate(node)
            default: return nil
            }
        }
    }
}
