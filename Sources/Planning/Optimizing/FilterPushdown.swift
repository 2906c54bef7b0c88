import Columns

/// Moves conditions towards the scans: through projections, group keys, joins, set operations and window partitions.
///
/// Conditions that may fail (division, casts of text) stay above joins, after the conditions that may guard them.
enum FilterPushdown: RewriteRule {
    static let name = "FilterPushdown"

    static func apply(_ plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan { push([], into: plan, context) }

    /// The plan with all conditions applied, as deep as they go. Their order is kept.
    static func push(_ conditions: [BoundExpression], into plan: LogicalPlan, _ context: RuleContext) -> LogicalPlan {
        switch plan {
        case .filter(let input, let condition):
            let own = condition.conjuncts
            return push(own + conditions.filter { !own.contains($0) }, into: input, context)
        case .scan(let node): return scan(node, conditions)
        case .values, .shared: return filter(plan, conditions)
        case .project(let input, let items):
            let expressions = Dictionary(items.map { ($0.column.id, $0.expression) }) { first, _ in first }
            return .project(push(conditions.map { $0.replacing(expressions) }, into: input, context), items)
        case .sort(let input, let keys): return .sort(push(conditions, into: input, context), keys)
        case .limit(let input, let limit, let offset):
            return filter(.limit(push([], into: input, context), limit: limit, offset: offset), conditions)
        case .distinctOn(let input, let keys):
            let (below, above) = split(conditions, Set(keys.compactMap(columnID)))
            return filter(.distinctOn(push(below, into: input, context), keys: keys), above)
        case .window(let input, let items):
            var partition: Set<ColumnID>?
            for item in items {
                let own = Set(item.partitionBy.compactMap(columnID))
                partition = partition?.intersection(own) ?? own
            }
            let (below, above) = split(conditions, partition ?? [])
            return filter(.window(push(below, into: input, context), items), above)
        case .aggregate(var node):
            let (below, above) = split(conditions, groupsOfEverySet(node))
            let expressions = Dictionary(node.groups.map { ($0.column.id, $0.expression) }) { first, _ in first }
            node.input = push(below.map { $0.replacing(expressions) }, into: node.input, context)
            return filter(.aggregate(node), above)
        case .setOperation(var node):
            func side(_ input: LogicalPlan) -> LogicalPlan {
                let pairs = zip(node.columns, input.columns).map { ($0.id, $1.reference) }
                let names = Dictionary(pairs) { first, _ in first }
                return push(conditions.map { $0.replacing(names) }, into: input, context)
            }
            let left = side(node.left)
            let right = side(node.right)
            node.left = left
            node.right = right
            return .setOperation(node)
        case .join(let node): return join(node, conditions, context)
        }
    }

    private static func columnID(_ expression: BoundExpression) -> ColumnID? {
        if case .column(let id, _) = expression { return id }
        return nil
    }

    private static func filter(_ plan: LogicalPlan, _ conditions: [BoundExpression]) -> LogicalPlan {
        guard let condition = BoundExpression.conjunction(conditions) else { return plan }
        return .filter(plan, condition)
    }

    /// Conditions that speak of these columns only and cannot fail, and the others.
    private static func split(
        _ conditions: [BoundExpression], _ ids: Set<ColumnID>
    ) -> (below: [BoundExpression], above: [BoundExpression]) {
        var below: [BoundExpression] = []
        var above: [BoundExpression] = []
        for condition in conditions {
            let own = condition.columnIDs
            if !own.isEmpty, own.isSubset(of: ids), !ErrorRisk.mayFail(condition) {
                below.append(condition)
            } else {
                above.append(condition)
            }
        }
        return (below, above)
    }

    private static func groupsOfEverySet(_ node: AggregateNode) -> Set<ColumnID> {
        var ids: Set<ColumnID> = []
        for (index, group) in node.groups.enumerated() where node.groupingSets.allSatisfy({ $0.contains(index) }) {
            ids.insert(group.column.id)
        }
        return ids
    }

    private static func scan(_ node: TableScanNode, _ conditions: [BoundExpression]) -> LogicalPlan {
        var node = node
        var risky: [BoundExpression] = []
        for condition in conditions {
            if ErrorRisk.mayFail(condition) || condition.columnIDs.isEmpty {
                risky.append(condition)
            } else if !node.filters.contains(condition) {
                node.filters.append(condition)
            }
        }
        return filter(.scan(node), risky)
    }

    private static func join(_ node: JoinNode, _ conditions: [BoundExpression], _ context: RuleContext) -> LogicalPlan {
        var node = node
        let leftIDs = Set(node.left.columns.map(\.id))
        let rightIDs = Set(node.right.columns.map(\.id))
        if context.isEnabled(OuterJoinSimplification.name) {
            let kind = OuterJoinSimplification.kind(
                node.kind, leftIDs: leftIDs, rightIDs: rightIDs, conditions: conditions)
            if kind != node.kind { context.note(OuterJoinSimplification.name) }
            node.kind = kind
        }
        var left: [BoundExpression] = []
        var right: [BoundExpression] = []
        var above: [BoundExpression] = []
        var own: [BoundExpression] = []
        let isInner = node.kind == .inner || node.kind == .cross
        for condition in conditions {
            let ids = condition.columnIDs
            let staysSafe = !ErrorRisk.mayFail(condition) && !ids.isEmpty
            if staysSafe, ids.isSubset(of: leftIDs), passesLeft(node.kind) {
                left.append(condition)
            } else if staysSafe, ids.isSubset(of: rightIDs), isInner || node.kind == .right {
                right.append(condition)
            } else if isInner, !ids.isEmpty, staysSafe || JoinCondition.key(condition, leftIDs, rightIDs) != nil {
                own.append(condition)
            } else {
                above.append(condition)
            }
        }
        // What ON says of one side alone.
        var residual: [BoundExpression] = []
        for condition in node.residual.map(\.conjuncts) ?? [] {
            let ids = condition.columnIDs
            let isSafe = !ErrorRisk.mayFail(condition) && !ids.isEmpty && !condition.hasOuterColumns
            if isSafe, ids.isSubset(of: rightIDs), node.kind != .right, node.kind != .full {
                right.append(condition)
            } else if isSafe, ids.isSubset(of: leftIDs), isInner || node.kind == .semi || node.kind == .right {
                left.append(condition)
            } else {
                residual.append(condition)
            }
        }
        node.residual = BoundExpression.conjunction(residual)
        if isInner, context.isEnabled(DisjunctionFactoring.name) {
            for condition in own + residual {
                if let part = DisjunctionFactoring.share(of: condition, over: leftIDs), !left.contains(part) {
                    left.append(part)
                }
                if let part = DisjunctionFactoring.share(of: condition, over: rightIDs), !right.contains(part) {
                    right.append(part)
                }
            }
        }
        if isInner { JoinCondition.add(own, to: &node) }
        derive(node, &left, &right)
        node.left = push(left, into: node.left, context)
        node.right = push(right, into: node.right, context)
        return filter(.join(node), above)
    }

    private static func passesLeft(_ kind: JoinNode.Kind) -> Bool {
        switch kind {
        case .inner, .cross, .left, .semi, .anti, .mark, .single: true
        case .right, .full: false
        }
    }

    /// A key compared with constants on one side is compared with them on the other side too.
    private static func derive(_ node: JoinNode, _ left: inout [BoundExpression], _ right: inout [BoundExpression]) {
        switch node.kind {
        case .full, .mark: return  // IN must see the NULLs of its right side.
        default: break
        }
        // A side whose rows all come out may not lose any to a condition of the other side.
        let toLeft = node.kind == .inner || node.kind == .semi || node.kind == .right
        let toRight = node.kind != .right
        for key in node.keys where !key.isNullSafe && key.left.type == key.right.type {
            let known = left
            if toLeft {
                for condition in right {
                    if let moved = constantCondition(condition, on: key.right, becoming: key.left),
                        !left.contains(moved)
                    {
                        left.append(moved)
                    }
                }
            }
            guard toRight else { continue }
            for condition in known {
                if let moved = constantCondition(condition, on: key.left, becoming: key.right), !right.contains(moved) {
                    right.append(moved)
                }
            }
        }
    }

    private static func constantCondition(
        _ condition: BoundExpression, on key: BoundExpression, becoming other: BoundExpression
    ) -> BoundExpression? {
        switch condition {
        // `<>` keeps nearly every row: not worth testing twice.
        case .comparison(let comparison, let side, let constant)
        where comparison != .notEqual && side == key && constant.isConstant:
            return .comparison(comparison, other, constant)
        case .inList(let side, let items, negated: false) where side == key && items.allSatisfy(\.isConstant):
            return .inList(other, items, negated: false)
        default: return nil
        }
    }
}
