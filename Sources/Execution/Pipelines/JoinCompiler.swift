import Columns
import Planning

/// Decides how a join is run: which side is held in memory, and in what form.
struct JoinCompiler {
    private let plans: PlanCompiler
    private let context: ExecutionContext

    init(_ plans: PlanCompiler, _ context: ExecutionContext) {
        self.plans = plans
        self.context = context
    }

    /// How many times smaller a side must look before the join is turned round.
    private static let swapFactor = 2
    /// Right sides of semi joins with more rows than this are reduced to distinct keys first.
    private static let distinctLimit = 65_536

    /// Keys whose sides are expressions of one representation.
    private struct Keys {
        var left: [ExpressionProgram] = []
        var right: [ExpressionProgram] = []
        var isNullSafe: [Bool] = []
    }

    func pipeline(_ node: JoinNode, at path: PlanPath) throws(ExecutionError) -> Pipeline {
        let node = aligned(node)
        let counters = context.profile.add(path)
        let left = try plans.pipeline(node.left, at: path.input(0))
        let right = try plans.pipeline(node.right, at: path.input(1))
        switch node.kind {
        case .inner, .cross: return try inner(node, left, right, counters)
        case .left, .single:
            return try streamed(node, node.kind == .left ? .left : .single, left, right, buildFirst: false, counters)
        case .right:
            // The same join seen from the other side.
            return try streamed(mirrored(node), .left, right, left, buildFirst: true, counters)
        case .full: return try full(node, left, right, counters)
        case .semi: return try filtering(node, .semi, left, right, counters)
        case .anti: return try filtering(node, .anti, left, right, counters)
        case .mark(let mark):
            var pipeline = try streamed(node, .mark, left, right, buildFirst: false, counters)
            pipeline.columns = left.columns + [mark]
            return pipeline
        }
    }

    /// Decimal keys of different scales are brought to the larger one, so that equal numbers have equal digits.
    private func aligned(_ node: JoinNode) -> JoinNode {
        var node = node
        node.keys = node.keys.map { pair in
            guard let left = pair.left.type.scale, let right = pair.right.type.scale, left != right else { return pair }
            let scale = max(left, right)
            let type = LogicalType.numeric(precision: LogicalType.maximumPrecision, scale: scale)
            var pair = pair
            if left < scale { pair.left = .cast(pair.left, to: type, position: -1) }
            if right < scale { pair.right = .cast(pair.right, to: type, position: -1) }
            return pair
        }
        return node
    }

    private func mirrored(_ node: JoinNode) -> JoinNode {
        var node = node
        swap(&node.left, &node.right)
        node.keys = node.keys.map { .init(left: $0.right, right: $0.left, isNullSafe: $0.isNullSafe) }
        return node
    }

    private func keys(_ node: JoinNode, _ left: [ColumnID: Int], _ right: [ColumnID: Int]) throws(ExecutionError) -> Keys {
        var keys = Keys()
        for pair in node.keys {
            keys.left.append(try ExpressionProgram(pair.left, columns: left))
            keys.right.append(try ExpressionProgram(pair.right, columns: right))
            keys.isNullSafe.append(pair.isNullSafe)
        }
        return keys
    }

    private func residual(_ node: JoinNode, _ columns: [PlanColumn]) throws(ExecutionError) -> PredicateProgram? {
        guard let condition = node.residual else { return nil }
        let layout = Pipeline(source: RelationSource(relation: Relation(columns: [], batches: [])), columns: columns).layout
        return try PredicateProgram(predicates: [condition], columns: layout)
    }

    /// A join that streams `left` past `right`; with `buildFirst` the columns of `right` come first.
    private func streamed(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, buildFirst: Bool,
        _ counters: OperatorCounters, matched: ((Int) -> MatchedRows)? = nil
    ) throws(ExecutionError) -> Pipeline {
        let build = try right.materialized(context).concatenated()
        return try probing(node, kind, left, right.columns, build, buildFirst: buildFirst, counters, matched: matched?(build.rowCount))
    }

    private func probing(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ rightColumns: [PlanColumn], _ build: Batch,
        buildFirst: Bool, _ counters: OperatorCounters, matched: MatchedRows?
    ) throws(ExecutionError) -> Pipeline {
        let buildLayout = Pipeline(source: left.source, columns: rightColumns).layout
        let keys = try keys(node, left.layout, buildLayout)
        let columns = buildFirst ? rightColumns + left.columns : left.columns + rightColumns
        let probe = JoinProbe(
            kind: kind, build: build, buildColumnsFirst: buildFirst, probePrograms: keys.left,
            buildPrograms: keys.right, isNullSafe: keys.isNullSafe, residual: try residual(node, columns),
            counters: counters, options: context.options, matched: matched)
        var pipeline = left
        pipeline.operators.append(probe)
        switch kind {
        case .semi, .anti, .mark: break
        case .inner, .left, .single: pipeline.columns = columns
        }
        if kind == .semi { pipeline.estimatedShare /= 4 }
        return pipeline
    }

    private func inner(
        _ node: JoinNode, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        if left.estimatedRowCount.multipliedReportingOverflow(by: JoinCompiler.swapFactor).partialValue
            < right.estimatedRowCount
        {
            return try streamed(mirrored(node), .inner, right, left, buildFirst: true, counters)
        }
        return try streamed(node, .inner, left, right, buildFirst: false, counters)
    }

    private func full(
        _ node: JoinNode, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let build = try right.materialized(context).concatenated()
        let matched = MatchedRows(rowCount: build.rowCount)
        let probing = try probing(
            node, .left, left, right.columns, build, buildFirst: false, counters, matched: matched)
        var batches = try probing.materialized(context).batches
        let missing = matched.missing
        if !missing.isEmpty {
            let empty = left.columns.map { Vector.constant(.null, type: $0.type, count: missing.count) }
            batches.append(
                Batch(columns: empty + build.columns.map { $0.gathered(missing) }, rowCount: missing.count))
            counters.count(rows: missing.count)
        }
        return Relation(columns: probing.columns, batches: batches).pipeline
    }

    /// Semi and anti joins: either side may be the one in memory.
    private func filtering(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        guard node.residual == nil, !node.keys.isEmpty else {
            return try streamed(node, kind, left, right, buildFirst: false, counters)
        }
        if left.estimatedRowCount.multipliedReportingOverflow(by: 4).partialValue < right.estimatedRowCount {
            let keys = try keys(node, left.layout, right.layout)
            return try ReversedSemiJoin.relation(
                left: try left.materialized(context), leftPrograms: keys.left, right: right,
                rightPrograms: keys.right, isNullSafe: keys.isNullSafe, keepsMatches: kind == .semi, context,
                counters: counters
            ).pipeline
        }
        guard right.estimatedRowCount > JoinCompiler.distinctLimit else {
            return try streamed(node, kind, left, right, buildFirst: false, counters)
        }
        var columns: [PlanColumn] = []
        for (index, pair) in node.keys.enumerated() {
            // Identities of their own, below all others: they live in this join only.
            columns.append(PlanColumn(id: ColumnID(-1 - index), name: "key", type: pair.right.type))
        }
        let distinct = AggregateNode(
            input: node.right,
            groups: zip(columns, node.keys).map { ProjectedColumn(column: $0, expression: $1.right) }, aggregates: [])
        let rows = try HashAggregation.relation(distinct, right, context, counters: OperatorCounters(.root))
        var reduced = node
        for index in reduced.keys.indices { reduced.keys[index].right = columns[index].reference }
        return try streamed(reduced, kind, left, rows.pipeline, buildFirst: false, counters)
    }
}
