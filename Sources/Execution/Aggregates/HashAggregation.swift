import Columns
import Planning

/// GROUP BY: workers group morsels on their own, then their groups are numbered by first appearance and merged.
enum HashAggregation {
    /// - Parameters:
    ///   - kept: Other groups may be left out.
    ///   - choice: Of those, which groups may be wanted.
    ///   - part: What the input is part of; nil if it is all there is.
    static func pipeline(
        _ node: AggregateNode, _ input: Pipeline, _ context: ExecutionContext, keeping kept: GroupCondition = .none,
        choosing choice: GroupChoice? = nil, counters: OperatorCounters, part: PartitionedAggregation.Part? = nil
    ) throws(ExecutionError) -> Pipeline {
        let depth = part?.depth ?? 0
        let canSpill =
            depth < RowPartitioning.depthLimit
            && (node.groupingSets.contains { !$0.isEmpty }
                || node.aggregates.contains { DividedDistinct.canDivide($0.call) })
        let result: Pipeline
        // Parts are worked on side by side: what others count cannot be told from what was given in vain.
        let before = part == nil ? context.profile.counts() : nil
        if let groups = try relation(node, input, context, kept, choice, canSpill: canSpill, counters) {
            result = groups.pipeline
        } else {
            if let before { context.profile.restore(before) }
            result = try spilled(node, input, context, counters, part)
        }
        if depth == 0 { counters.count(result: result.source) }
        return result
    }

    /// The same with the rows of each grouping set divided in a file, the set of all rows aside.
    private static func spilled(
        _ node: AggregateNode, _ input: Pipeline, _ context: ExecutionContext, _ counters: OperatorCounters,
        _ part: PartitionedAggregation.Part?
    ) throws(ExecutionError) -> Pipeline {
        var results: [Pipeline] = []
        for set in node.groupingSets {
            var own = node
            own.groupingSets = [set]
            if set.isEmpty {
                let rows = DividedDistinct(node: own, input: input, context: context, counters: counters)
                results.append(try rows.relation().pipeline)
            } else {
                results.append(
                    try PartitionedAggregation(
                        node: own, input: input, context: context, counters: counters,
                        part: part ?? .init(depth: 0, morselCount: input.source.morselCount)
                    ).pipeline())
            }
        }
        if results.count == 1 { return results[0] }
        return Pipeline(source: UnionSource(results), columns: LogicalPlan.aggregate(node).columns)
    }

    /// The groups in memory; nil if there is no room for them, which is an error where `canSpill` is false.
    private static func relation(
        _ node: AggregateNode, _ input: Pipeline, _ context: ExecutionContext, _ kept: GroupCondition, _ choice: GroupChoice?,
        canSpill: Bool, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Relation? {
        var isRoomy = false
        var followsRuns = true
        while true {
            let plan = try AggregationPlan(
                node, layout: input.layout, isRoomy: isRoomy, followsRuns: followsRuns, keeping: kept, choosing: choice, context.options)
            let share = MemoryShare(context.budget, limitBytes: canSpill ? context.spillingByteCount : nil)
            do throws(ExecutionError) {
                return try relation(plan, node, input, context, share, counters)
            } catch {
                if share.isExceeded { return nil }
                // Rows that were put aside may outgrow an aggregate's keys, and runs show disorder, as late as in the end.
                guard (plan.hasMisfit && !isRoomy) || (plan.hasDisorder && followsRuns) else { throw error }
                isRoomy = isRoomy || plan.hasMisfit
                followsRuns = followsRuns && !plan.hasDisorder
            }
        }
    }

    private static func relation(
        _ plan: AggregationPlan, _ node: AggregateNode, _ input: Pipeline, _ context: ExecutionContext,
        _ share: MemoryShare, _ counters: OperatorCounters
    ) throws(ExecutionError) -> Relation {
        let sinks = try PipelineRun.drive(input, context) { _, _ in
            AggregationSink(plan, share: share, counters: counters)
        }
        return try counters.timed { () throws(ExecutionError) -> Relation in
            var batches: [Batch] = []
            for set in plan.sets.indices {
                batches += try result(plan, node, set, sinks.map { $0.passes[set] }, context).batches
            }
            return try Relation(columns: plan.columns, batches: batches).held(by: context)
        }
    }

    private static func result(
        _ plan: AggregationPlan, _ node: AggregateNode, _ set: Int, _ passes: [GroupingPass],
        _ context: ExecutionContext
    ) throws(ExecutionError) -> Relation {
        if let within = try withinRuns(plan, node, set, passes, context) { return within }
        if let ascending = try ascending(plan, node, set, passes, context) { return ascending }
        if let partitioned = try partitioned(plan, node, set, passes, context) { return partitioned }
        let used = passes.filter { $0.keyIndexes.isEmpty || ($0.table?.count ?? 0) > 0 || !$0.deferred.isEmpty }
        guard !used.isEmpty else { return Relation(columns: plan.columns, batches: []) }
        var merge = GroupMerge(
            maps: [[UInt32]](repeating: [0], count: used.count), keys: [], groupCount: 1)
        // In the order of the input, so that first positions are met first.
        let deferred = used.flatMap(\.deferred).sorted { $0.morsel < $1.morsel }
        let layout = plan.choices[set].chosen
        if !plan.sets[set].isEmpty, let layout {
            let tables = used.map { pass in
                pass.table.map { KeyList(words: $0.keys, count: $0.count, positions: .listed($0.positions)) }
                    ?? KeyList(words: [], count: 0, positions: .listed([]))
            }
            merge = GroupMerge.merge(
                tables + deferred.map(\.keys), stride: layout.stride, workerCount: context.workerCount)
        }
        let words = merge.keys
        let groupCount = merge.groupCount
        let keyColumns = plan.sets[set]
        var vectors = WorkerThreads.map(count: node.groups.count, workerCount: context.workerCount) { index in
            if !node.unreadGroups.contains(index), let column = keyColumns.firstIndex(of: index), let layout {
                return layout.decode(column: column, words: words, rowCount: groupCount)
            }
            return .constant(.null, type: node.groups[index].column.type, count: groupCount)
        }
        vectors += try finished(plan, set, used, deferred, merge, context)
        for grouping in node.groupingColumns {
            let bits = groupingBits(grouping, plan.sets[set])
            vectors.append(.constant(.integer(bits), type: grouping.column.type, count: merge.groupCount))
        }
        return Relation.cut(
            vectors, rowCount: groupCount, columns: plan.columns, workerCount: context.workerCount)
    }

    /// The groups of one set if they were found within runs.
    private static func withinRuns(
        _ plan: AggregationPlan, _ node: AggregateNode, _ set: Int, _ passes: [GroupingPass], _ context: ExecutionContext
    ) throws(ExecutionError) -> Relation? {
        let parts = passes.flatMap(\.parts)
        if parts.isEmpty { return nil }
        let grouping = RunGrouping(plan, set: set)
        let batches = try grouping.batches(parts, choice: plan.runChoices[set], workerCount: context.workerCount)
        return relation(batches, plan, node, set)
    }

    /// From batches of the set's keys and the aggregates to the columns of the plan.
    private static func relation(
        _ batches: [Batch], _ plan: AggregationPlan, _ node: AggregateNode, _ set: Int
    ) -> Relation {
        let keys = plan.sets[set]
        let arranged = batches.map { batch in
            var columns = node.groups.enumerated().map { index, group in
                keys.firstIndex(of: index).map { batch.columns[$0] }
                    ?? .constant(.null, type: group.column.type, count: batch.rowCount)
            }
            columns += batch.columns[keys.count...]
            for grouping in node.groupingColumns {
                columns.append(
                    .constant(.integer(groupingBits(grouping, keys)), type: grouping.column.type, count: batch.rowCount))
            }
            return Batch(columns: columns, rowCount: batch.rowCount)
        }
        return Relation(columns: plan.columns, batches: arranged)
    }

    /// The groups of one set if all keys came in ascending order.
    private static func ascending(
        _ plan: AggregationPlan, _ node: AggregateNode, _ set: Int, _ passes: [GroupingPass], _ context: ExecutionContext
    ) throws(ExecutionError) -> Relation? {
        let deferred = passes.flatMap(\.deferred)
        guard !deferred.isEmpty, passes.allSatisfy(\.isAscending), let layout = plan.choices[set].chosen,
            let groups = AscendingGroups(deferred, layout: layout)
        else { return nil }
        let bits = node.groupingColumns.map { grouping in
            Vector.constant(
                .integer(groupingBits(grouping, plan.sets[set])), type: grouping.column.type, count: 1)
        }
        let batches = try groups.batches(
            plan, set: set, keyColumns: plan.sets[set], groups: node.groups, groupingBits: bits, context)
        return Relation(columns: plan.columns, batches: batches)
    }

    /// The groups of one set if all rows were put aside.
    private static func partitioned(
        _ plan: AggregationPlan, _ node: AggregateNode, _ set: Int, _ passes: [GroupingPass], _ context: ExecutionContext
    ) throws(ExecutionError) -> Relation? {
        guard passes.contains(where: \.isDeferring), let layout = plan.choices[set].chosen else { return nil }
        guard passes.allSatisfy(\.hasAllDeferred) else { return nil }
        let groups = PartitionedGroups(
            aggregates: plan.aggregates[set], keyTypes: plan.sets[set].map { node.groups[$0].column.type },
            unreadKeys: plan.unreadKeys[set], layout: layout, kept: plan.kept.predicate, choice: plan.choice?.anew)
        return relation(try groups.batches(passes.flatMap { $0.takeDeferred() }, context), plan, node, set)
    }

    private static func groupingBits(_ grouping: AggregateNode.GroupingColumn, _ set: [Int]) -> Int64 {
        grouping.groups.reduce(0) { ($0 << 1) | (set.contains($1) ? 0 : 1) }
    }

    private static func finished(
        _ plan: AggregationPlan, _ set: Int, _ passes: [GroupingPass], _ deferred: [DeferredRows],
        _ merge: GroupMerge, _ context: ExecutionContext
    ) throws(ExecutionError) -> [Vector] {
        let aggregates = plan.aggregates[set]
        let workerCount = context.workerCount
        let shares = try shares(aggregates, deferred, merge, firstMap: passes.count, context)
        let isMerged = passes.count > 1 || !deferred.isEmpty
        let states = isMerged ? aggregates.makeStates() : passes[0].states
        // Aggregates that read the values another one keeps come after it, on the same thread.
        let families = aggregates.byKeeper
        let results = try WorkerThreads.map(count: families.count, workerCount: workerCount) {
            family throws(ExecutionError) -> [Vector] in
            var vectors: [Vector] = []
            for index in families[family] {
                var target = states[index]
                if isMerged {
                    target.grow(to: merge.groupCount)
                    for (worker, pass) in passes.enumerated() { try target.absorb(pass.states[index], merge.maps[worker]) }
                }
                if let own = shares.first {
                    let identity = (0..<merge.groupCount).map { UInt32(truncatingIfNeeded: $0) }
                    try own[index].absorb(target, identity)
                    for other in shares.dropFirst() { try own[index].absorb(other[index], identity) }
                    target = own[index]
                }
                target.grow(to: merge.groupCount)
                vectors.append(try target.finish(groupCount: merge.groupCount, workerCount: workerCount))
            }
            return vectors
        }
        var finished = [Vector?](repeating: nil, count: aggregates.count)
        for (family, vectors) in zip(families, results) {
            for (index, vector) in zip(family, vectors) { finished[index] = vector }
        }
        return finished.compactMap { $0 }
    }

    /// States over the deferred rows, each of a share of the batches.
    private static func shares(
        _ aggregates: [AggregationPlan.Aggregate], _ deferred: [DeferredRows], _ merge: GroupMerge, firstMap: Int,
        _ context: ExecutionContext
    ) throws(ExecutionError) -> [[AggregateState]] {
        let count = min(context.workerCount, deferred.count)
        return try WorkerThreads.map(count: count, workerCount: context.workerCount) {
            share throws(ExecutionError) in
            let states = aggregates.makeStates()
            for state in states { state.grow(to: merge.groupCount) }
            for index in stride(from: share, to: deferred.count, by: count) {
                try context.options.checkRunning()
                let rows = deferred[index]
                try GroupingPass.update(
                    states, rows.inputs, rows.selections, rows.groups(merge.maps[firstMap + index]),
                    morsel: rows.morsel)
            }
            return states
        }
    }
}
