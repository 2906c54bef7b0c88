import Columns
import Planning

/// Decides how a join is run: which side is held in memory, and in what form.
struct JoinCompiler {
    private let plans: PlanCompiler
    private let context: ExecutionContext
    private let step: JoinStep

    init(_ plans: PlanCompiler, _ context: ExecutionContext) {
        self.plans = plans
        self.context = context
        step = JoinStep(context: context)
    }

    /// How many times smaller a side must look before the join is turned round.
    private static let swapFactor = 2
    /// The same where the optimizer has chosen the sides: it knows the filters, and may be far off.
    private static let chosenSwapFactor = 32
    /// Right sides of semi joins with more rows than this are reduced to distinct keys first.
    private static let distinctLimit = 65_536

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

    /// A join that streams `left` past `right`; with `buildFirst` the columns of `right` come first.
    private func streamed(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, buildFirst: Bool,
        _ counters: OperatorCounters, matched: ((Int) -> MatchedRows)? = nil
    ) throws(ExecutionError) -> Pipeline {
        let rows = try right.collected(context, counters: counters, extraSize: Relation.workingSize)
        if !(rows.source is RelationSource), matched == nil, canDivide(node, kind) {
            return try divided(node, kind, left, rows, buildFirst: buildFirst, counters)
        }
        let build = try rows.materialized(context).concatenated()
        return try step.probing(node, kind, left, right.columns, build, buildFirst: buildFirst, counters, matched: matched?(build.rowCount))
    }

    /// Whether each probe row's matches, and whether it has any, follow from the build rows with its key.
    private func canDivide(_ node: JoinNode, _ kind: JoinProbe.Kind) -> Bool {
        switch kind {
        case .inner, .left, .single, .semi, .anti: !node.keys.isEmpty
        case .mark: false
        }
    }

    /// The same join with both sides divided by their keys.
    private func divided(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, buildFirst: Bool,
        _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let isFilter = kind == .semi || kind == .anti
        let step = step
        return try PartitionedJoin(
            probe: left, build: right, probeKeys: node.keys.map(\.left), buildKeys: node.keys.map(\.right),
            buildFirst: isFilter ? nil : buildFirst, context: context, counters: counters
        ) { probe, build throws(ExecutionError) in
            try step.probing(node, kind, probe, right.columns, build, buildFirst: buildFirst, counters, matched: nil)
        }.pipeline()
    }

    private func inner(
        _ node: JoinNode, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let factor = node.hasChosenSides ? JoinCompiler.chosenSwapFactor : JoinCompiler.swapFactor
        if left.estimatedRowCount.multipliedReportingOverflow(by: factor).partialValue < right.estimatedRowCount {
            return try streamed(mirrored(node), .inner, right, left, buildFirst: true, counters)
        }
        return try streamed(node, .inner, left, right, buildFirst: false, counters)
    }

    private func full(
        _ node: JoinNode, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let build = try right.materialized(context).concatenated()
        let matched = MatchedRows(rowCount: build.rowCount)
        let probing = try step.probing(
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
            if !node.keys.isEmpty, right.estimatedRowCount > JoinCompiler.distinctLimit {
                return try filteringThinned(node, kind, left, right, counters)
            }
            return try streamed(node, kind, left, right, buildFirst: false, counters)
        }
        if left.estimatedRowCount.multipliedReportingOverflow(by: 4).partialValue < right.estimatedRowCount {
            let keys = try step.keys(node, left.layout, right.layout)
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
        let rows = try HashAggregation.pipeline(distinct, right, context, counters: OperatorCounters(.root))
        var reduced = node
        for index in reduced.keys.indices { reduced.keys[index].right = columns[index].reference }
        return try streamed(reduced, kind, left, rows, buildFirst: false, counters)
    }

    /// A semi or anti join that asks more than its keys, against many rows: where there are fewer rows on the left, only
    /// those of the right side that have one of their keys are kept in memory.
    private func filteringThinned(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        // With a limit the left side is held only where it is known to be small before it is read.
        guard context.spillingByteCount == nil || left.estimatedRowCount < right.estimatedRowCount / 4 else {
            return try streamed(node, kind, left, right, buildFirst: false, counters)
        }
        let rows = try left.materialized(context)
        guard rows.rowCount.multipliedReportingOverflow(by: 4).partialValue < right.estimatedRowCount else {
            return try streamed(node, kind, rows.pipeline, right, buildFirst: false, counters)
        }
        let keys = try step.keys(node, left.layout, right.layout)
        var thinned = right
        thinned.operators.append(
            JoinProbe(
                kind: .semi, build: rows.concatenated(), probePrograms: keys.right, buildPrograms: keys.left,
                isNullSafe: keys.isNullSafe, residual: nil, counters: OperatorCounters(.root),
                options: context.options))
        return try streamed(node, kind, rows.pipeline, thinned, buildFirst: false, counters)
    }
}
