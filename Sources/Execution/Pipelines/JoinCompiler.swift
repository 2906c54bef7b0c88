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
        if let known = plans.fixed?.probe(at: path), let pipeline = try probing(node, known, at: path) { return pipeline }
        let node = aligned(node)
        let counters = context.profile.add(path)
        let left = try plans.pipeline(node.left, at: path.input(0))
        let memory = plans.fixed == nil && (node.kind == .semi || node.kind == .anti) ? step.memory(of: node, left) : nil
        if let memory, memory.isComplete {
            var pipeline = left
            if JoinStep.remember(RememberedFilter(memory, keepsMatches: node.kind == .semi, probe: nil), &pipeline) {
                if node.kind == .semi { pipeline.estimatedShare /= JoinStep.semiJoinShare }
                return pipeline
            }
        }
        let right = try plans.pipeline(node.right, at: path.input(1))
        switch node.kind {
        case .inner, .cross: return try inner(node, left, right, path, counters)
        case .left, .single:
            return try streamed(
                node, node.kind == .left ? .left : .single, left, right, buildFirst: false, counters, keptAt: path)
        case .right:
            // The same join seen from the other side.
            return try streamed(mirrored(node), .left, right, left, buildFirst: true, counters, keptAt: path)
        case .full: return try full(node, left, right, counters)
        case .semi: return try filtering(node, .semi, left, right, path, counters, memory)
        case .anti: return try filtering(node, .anti, left, right, path, counters, memory)
        case .mark(let mark):
            return try streamed(
                node, .mark, left, right, buildFirst: false, counters, output: left.columns + [mark], keptAt: path)
        }
    }

    // MARK: Steps of a recursive query

    /// A join with a build side of an earlier step; nil if the streaming side has another form this time.
    private func probing(
        _ node: JoinNode, _ known: KeptProbe, at path: PlanPath
    ) throws(ExecutionError) -> Pipeline? {
        var pipeline = try plans.pipeline(known.streamsLeft ? node.left : node.right, at: path.input(known.streamsLeft ? 0 : 1))
        guard pipeline.columns == known.input else { return nil }
        pipeline.operators.append(known.probe)
        pipeline.columns = known.output
        if known.probe.kind == .semi { pipeline.estimatedShare /= JoinStep.semiJoinShare }
        return pipeline
    }

    /// Whether one side of a join is the same at every step of a recursive query.
    private func isFixed(_ side: LogicalPlan, at path: PlanPath) -> Bool { plans.fixed?.contains(side, at: path) ?? false }

    /// Keeps a join whose build side will be the same for later steps.
    private func keep(_ pipeline: Pipeline, _ input: [PlanColumn], streamsLeft: Bool, at path: PlanPath) throws(ExecutionError) {
        guard let fixed = plans.fixed, let probe = pipeline.operators.last as? JoinProbe else { return }
        let share = MemoryShare(context.budget, limitBytes: context.spillingByteCount)
        _ = try share.add(probe.build.byteCount + probe.build.rowCount * Relation.joiningSize)
        fixed.keep(
            KeptProbe(probe: probe, streamsLeft: streamsLeft, input: input, output: pipeline.columns, share: share), at: path)
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
    ///
    /// - Parameters:
    ///   - output: Columns put out, where they are not those of both sides.
    ///   - path: The join's place, where `right` is a side of it that other steps of a recursive query may have in common.
    ///   - memory: Where the answer is kept for later statements.
    private func streamed(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, buildFirst: Bool,
        _ counters: OperatorCounters, output: [PlanColumn]? = nil, keptAt path: PlanPath? = nil,
        memory: RememberedMatches? = nil
    ) throws(ExecutionError) -> Pipeline {
        let rows = try right.collected(context, counters: counters, extraSize: Relation.joiningSize)
        let keptPath = path.flatMap { isFixed(node.right, at: $0.input(buildFirst ? 0 : 1)) ? $0 : nil }
        if !(rows.source is RelationSource), canDivide(node, kind) {
            if let keptPath, rows.columns == node.right.columns {
                plans.fixed?.keep(rows, at: keptPath.input(buildFirst ? 0 : 1))
            }
            return try divided(node, kind, left, rows, buildFirst: buildFirst, counters)
        }
        let build = try rows.materialized(context).concatenated()
        var pipeline = try step.probing(
            node, kind, left, right.columns, build, buildFirst: buildFirst, counters, matched: nil, memory: memory)
        if let output { pipeline.columns = output }
        if let keptPath { try keep(pipeline, left.columns, streamsLeft: !buildFirst, at: keptPath) }
        return pipeline
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
            kind: kind, probe: left, build: right, probeKeys: node.keys.map(\.left), buildKeys: node.keys.map(\.right),
            isNullSafe: node.keys.map(\.isNullSafe), buildFirst: isFilter ? nil : buildFirst, context: context, counters: counters
        ) { kind, probe, build, counters throws(ExecutionError) in
            try step.probing(node, kind, probe, right.columns, build, buildFirst: buildFirst, counters, matched: nil)
        }.pipeline()
    }

    private func inner(
        _ node: JoinNode, _ left: Pipeline, _ right: Pipeline, _ path: PlanPath, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let factor = node.hasChosenSides ? JoinCompiler.chosenSwapFactor : JoinCompiler.swapFactor
        var isMirrored =
            left.estimatedRowCount.multipliedReportingOverflow(by: factor).partialValue < right.estimatedRowCount
        let leftIsFixed = isFixed(node.left, at: path.input(0))
        if leftIsFixed || isFixed(node.right, at: path.input(1)),
            plans.fixed?.isWorthBuilding(rowCount: (leftIsFixed ? left : right).estimatedRowCount) == true
        {
            isMirrored = leftIsFixed
        }
        if isMirrored { return try streamed(mirrored(node), .inner, right, left, buildFirst: true, counters, keptAt: path) }
        return try streamed(node, .inner, left, right, buildFirst: false, counters, keptAt: path)
    }

    private func full(
        _ node: JoinNode, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let right = try inMemoryIfRoom(right, counters)
        guard right.source is RelationSource || node.keys.isEmpty else {
            return try fullDivided(node, try left.collected(context, counters: counters), right, counters)
        }
        let build = try right.materialized(context).concatenated()
        let matched = MatchedRows(rowCount: build.rowCount)
        let probing = try step.probing(
            node, .left, left, right.columns, build, buildFirst: false, counters, matched: matched)
        let joined = try probing.collected(context, counters: counters)
        let missing = matched.missing
        if missing.isEmpty { return joined }
        let empty = left.columns.map { Vector.constant(.null, type: $0.type, count: missing.count) }
        let rest = Batch(columns: empty + build.columns.map { $0.gathered(missing) }, rowCount: missing.count)
        counters.count(rows: missing.count)
        guard joined.source is RelationSource else {
            let restPipeline = try Relation(columns: probing.columns, batches: [rest]).held(by: context).pipeline
            return Pipeline(source: UnionSource([joined, restPipeline]), columns: probing.columns)
        }
        return Relation(columns: probing.columns, batches: try joined.materialized(context).batches + [rest]).pipeline
    }

    /// A full join with more rows on the right than memory holds: a left join, and behind it the rows of the right side that match none.
    private func fullDivided(
        _ node: JoinNode, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let joined = try streamed(node, .left, left, right, buildFirst: false, counters)
        var missing = try streamed(mirrored(node), .anti, right, left, buildFirst: false, counters)
        let nulls = left.columns.map { BoundExpression.constant(.null, $0.type) }
        missing.operators.append(
            try ProjectOperator(nulls + right.columns.map(\.reference), columns: missing.layout, counters: OperatorCounters(.root)))
        missing.columns = joined.columns
        // How many rows there are is known, as it is in memory.
        missing = try missing.collected(context, counters: counters)
        return Pipeline(source: UnionSource([joined.counted, missing]), columns: joined.columns)
    }

    /// Semi and anti joins: either side may be the one in memory.
    private func filtering(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, _ path: PlanPath,
        _ counters: OperatorCounters, _ memory: RememberedMatches?
    ) throws(ExecutionError) -> Pipeline {
        var left = left
        let isWorthBuilding =
            isFixed(node.right, at: path.input(1))
            && plans.fixed?.isWorthBuilding(rowCount: right.estimatedRowCount) == true
        guard node.residual == nil, !node.keys.isEmpty else {
            if !node.keys.isEmpty, !isWorthBuilding, right.estimatedRowCount > JoinCompiler.distinctLimit {
                return try filteringThinned(node, kind, left, right, counters)
            }
            return try streamed(node, kind, left, right, buildFirst: false, counters, keptAt: path)
        }
        if !isWorthBuilding, left.estimatedRowCount.multipliedReportingOverflow(by: 4).partialValue < right.estimatedRowCount {
            left = try inMemoryIfRoom(left, counters)
            if left.source is RelationSource {
                let keys = try step.keys(node, left.layout, right.layout)
                return try ReversedSemiJoin.relation(
                    left: try left.materialized(context), leftPrograms: keys.left, right: right,
                    rightPrograms: keys.right, isNullSafe: keys.isNullSafe, keepsMatches: kind == .semi, context,
                    counters: counters
                ).held(by: context).pipeline
            }
            // In memory it is known how many rows are left.
            return try filteringByKey(node, kind, left, right, path, counters, memory).collected(context, counters: counters)
        }
        return try filteringByKey(node, kind, left, right, path, counters, memory)
    }

    /// Semi and anti joins by key that hold the right side.
    private func filteringByKey(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, _ path: PlanPath,
        _ counters: OperatorCounters, _ memory: RememberedMatches?
    ) throws(ExecutionError) -> Pipeline {
        guard right.estimatedRowCount > JoinCompiler.distinctLimit else {
            return try streamed(node, kind, left, right, buildFirst: false, counters, keptAt: path, memory: memory)
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
        return try streamed(reduced, kind, left, rows, buildFirst: false, counters, keptAt: path, memory: memory)
    }

    /// The rows in memory; in a file where it has no room for them.
    private func inMemoryIfRoom(_ rows: Pipeline, _ counters: OperatorCounters) throws(ExecutionError) -> Pipeline {
        if context.spillingByteCount == nil { return try rows.materialized(context).pipeline }
        return try rows.collected(
            context, counters: counters, extraSize: Relation.joiningSize, isAnew: !(rows.source is RelationSource && rows.operators.isEmpty))
    }

    /// A semi or anti join that asks more than its keys, against many rows: where there are fewer rows on the left, only
    /// those of the right side that have one of their keys are kept in memory.
    private func filteringThinned(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ right: Pipeline, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        let left = try inMemoryIfRoom(left, counters)
        guard left.source is RelationSource else { return try streamed(node, kind, left, right, buildFirst: false, counters) }
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
