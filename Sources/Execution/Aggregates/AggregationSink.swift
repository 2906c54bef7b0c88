import CKernels
import Columns
import Planning
import Synchronization

/// What all workers of one aggregation share.
final class AggregationPlan: Sendable {
    struct Aggregate: Sendable {
        let factory: AggregateFactory
        /// Indexes into `programs`.
        let inputs: [Int]
        let filter: PredicateProgram?
        /// An aggregate before it whose state keeps the values of both; nil for one with a state of its own.
        var valuesKeptBy: Int?
    }

    /// Group expressions first, then the distinct inputs of the aggregates.
    let programs: [ExpressionProgram]
    let groupCount: Int
    /// Indexes of groups, for each grouping set.
    let sets: [[Int]]
    /// For each grouping set, how its keys are laid out.
    let choices: [LayoutChoice]
    /// For each grouping set, the key whose runs its groups lie in.
    let runChoices: [RunKeyChoice]
    /// For each grouping set, places of keys whose columns nobody reads.
    let unreadKeys: [Set<Int>]
    /// Other groups may be left out.
    let kept: GroupCondition
    /// Of those, which groups may be wanted.
    let choice: GroupChoice?
    /// For each grouping set, its aggregates.
    let aggregates: [[Aggregate]]
    let columns: [PlanColumn]
    /// Groups above which a worker looks whether grouping right away pays.
    let deferringGroupCount: Int
    private let countedTextByteCount = Mutex(0)

    init(
        _ node: AggregateNode, layout: [ColumnID: Int], isRoomy: Bool, followsRuns: Bool, keeping kept: GroupCondition = .none,
        choosing choice: GroupChoice? = nil, _ options: ExecutionOptions
    ) throws(ExecutionError) {
        var expressions: [BoundExpression] = node.groups.map(\.expression)
        var indexOf: [BoundExpression: Int] = [:]
        var aggregates: [[Aggregate]] = []
        for set in node.groupingSets {
            var own: [Aggregate] = []
            for aggregate in node.aggregates {
                let factory = try AggregateFactory(
                    aggregate.call, hasGroups: !set.isEmpty, isRoomy: isRoomy, deferringKeyCount: options.deferringGroupCount)
                var inputs: [Int] = []
                for input in factory.inputs {
                    let index = indexOf[input] ?? expressions.count
                    if index == expressions.count { expressions.append(input) }
                    indexOf[input] = index
                    inputs.append(index)
                }
                let filter =
                    if let condition = factory.filter {
                        try PredicateProgram(predicates: [condition], columns: layout)
                    } else { nil as PredicateProgram? }
                var ready = Aggregate(factory: factory, inputs: inputs, filter: filter)
                ready.valuesKeptBy =
                    !factory.keepsValues
                    ? nil
                    : own.firstIndex {
                        $0.factory.keepsValues && $0.inputs == inputs && $0.factory.filter == factory.filter
                    }
                own.append(ready)
            }
            aggregates.append(own)
        }
        var programs: [ExpressionProgram] = []
        for expression in expressions { programs.append(try ExpressionProgram(expression, columns: layout)) }
        self.programs = programs
        self.aggregates = aggregates
        groupCount = node.groups.count
        self.kept = kept
        self.choice = choice
        sets = node.groupingSets
        unreadKeys = node.groupingSets.map { set in Set(set.indices.filter { node.unreadGroups.contains(set[$0]) }) }
        choices = node.groupingSets.map { _ in LayoutChoice(isRoomy: isRoomy) }
        runChoices = node.groupingSets.map { set in
            RunKeyChoice(isAllowed: followsRuns && !set.isEmpty, leastRunCount: options.leastRunCount)
        }
        columns = LogicalPlan.aggregate(node).columns
        deferringGroupCount = options.deferringGroupCount
    }

    /// Bytes of strings that were not counted yet; all workers share them.
    func newTextByteCount() -> Int {
        let choices = choices + aggregates.flatMap { $0.compactMap(\.factory.choice) }
        return countedTextByteCount.withLock { counted in
            let total = choices.reduce(0) { $0 + $1.textByteCount }
            defer { counted = total }
            return total - counted
        }
    }

    /// Whether any key outgrew its layout.
    var hasMisfit: Bool {
        choices.contains { $0.hasMisfit }
            || aggregates.contains { $0.contains { $0.factory.choice?.hasMisfit == true } }
    }
}

extension AggregationPlan {
    /// Whether the runs that groups were sought in came out of order.
    var hasDisorder: Bool { runChoices.contains { $0.hasDisorder } }
}

extension [AggregationPlan.Aggregate] {
    /// New states, those that keep the same values as another one tied to it.
    func makeStates() -> [AggregateState] {
        let states = map { $0.factory.makeState() }
        for (index, aggregate) in enumerated() {
            guard let keeper = aggregate.valuesKeptBy, let own = states[index] as? QuantileState,
                let other = states[keeper] as? QuantileState
            else { continue }
            own.readValues(of: other)
        }
        return states
    }

    /// The aggregates with a state of their own, each with those that read its values.
    var byKeeper: [[Int]] {
        indices.filter { self[$0].valuesKeptBy == nil }.map { keeper in
            [keeper] + indices.filter { self[$0].valuesKeptBy == keeper }
        }
    }
}

/// One worker's groups of one grouping set.
///
/// Unchecked because it belongs to one worker until all are done.
final class GroupingPass: @unchecked Sendable {
    let keyIndexes: [Int]
    let choice: LayoutChoice
    let aggregates: [AggregationPlan.Aggregate]
    private(set) var states: [AggregateState]
    /// What was grouped within runs: then there is neither a table nor are rows put aside.
    private(set) var parts: [RunGroupedPart] = []
    private let runChoice: RunKeyChoice
    private let grouping: RunGrouping
    private(set) var table: GroupTable?
    private(set) var deferred: [DeferredRows] = []
    private(set) var isDeferring = false
    /// The rows in the table, kept until it is clear whether grouping right away pays; nil: no longer all of them.
    private(set) var pending: [DeferredRows]? = []
    /// Whether all keys so far came in ascending order, and so were put aside.
    private(set) var isAscending = true
    private var keyCount = 0
    private var deferredByteCount = 0
    private var pendingByteCount = 0
    private var pendingRowCount = 0
    private let deferringGroupCount: Int

    init(_ plan: AggregationPlan, set: Int) {
        keyIndexes = plan.sets[set]
        choice = plan.choices[set]
        deferringGroupCount = plan.deferringGroupCount
        aggregates = plan.aggregates[set]
        runChoice = plan.runChoices[set]
        grouping = RunGrouping(plan, set: set)
        states = plan.aggregates[set].makeStates()
        if keyIndexes.isEmpty { for state in states { state.grow(to: 1) } }
    }

    var byteCount: Int {
        let waiting = pending == nil ? 0 : pendingByteCount
        return (table?.byteCount ?? 0) + deferredByteCount + waiting + states.reduce(0) { $0 + $1.byteCount }
    }

    func update(
        _ vectors: [Vector], _ batch: Batch, firstPosition: UInt64, _ state: inout ExpressionState
    ) throws(ExecutionError) {
        var selections: [Selection?] = []
        for aggregate in aggregates { selections.append(try aggregate.filter?.select(batch, &state)) }
        let inputs = aggregates.map { $0.inputs.map { vectors[$0] } }
        if keyIndexes.isEmpty {
            try GroupingPass.update(
                states, inputs, selections, .single(rowCount: batch.rowCount), morsel: batch.morsel)
            return
        }
        let keys = keyIndexes.map { vectors[$0] }
        if let runs = try runChoice.runs(keys, rowCount: batch.rowCount) {
            let part = try grouping.part(
                keys, runs, inputs: inputs, selections: selections, position: firstPosition, morsel: batch.morsel)
            deferredByteCount += part.byteCount
            parts.append(part)
            return
        }
        var map = RunMap.common(keys, rowCount: batch.rowCount)
        var count = map?.runCount ?? batch.rowCount
        let coded = keys.map { key in map.map { key.perRun($0) } ?? key.asRunsOrFlat() }
        let layout = try choice.layout(for: coded)
        var (words, misfits) = layout.encode(coded, rowCount: count, adding: true)
        if misfits != nil { try choice.reportMisfit() }
        // Where a key is its own place in a small table, looking for equal neighbours costs more than it saves.
        if map == nil, layout.denseBitCount ?? .max > GroupTable.directBitLimit, let runs = GroupingPass.equalNeighbours(words, count, layout.stride) {
            words = runs.words
            map = runs.map
            count = runs.map.runCount
        }
        let ascending = isAscending ? ascendingRuns(words, count, layout.stride, map) : nil
        isAscending = ascending != nil
        let aside = ascending ?? (words, count, map)
        let rows = DeferredRows(
            keys: KeyList(words: aside.words, count: aside.count, positions: .from(firstPosition)), map: aside.map,
            inputs: inputs, selections: selections, morsel: batch.morsel)
        if ascending != nil || isDeferring {
            put(rows)
            return
        }
        if pending != nil {
            pending?.append(rows)
            pendingByteCount += rows.byteCount
            pendingRowCount += batch.rowCount
        }
        let own = assign(words, count, layout, firstPosition)
        try GroupingPass.update(
            states, inputs, selections, map.map { .runs(own, $0) } ?? .rows(own), morsel: batch.morsel)
        settlePending()
    }

    /// Puts aside what the table holds too if later rows are, so that all are grouped in one way.
    private func settlePending() {
        guard let rows = pending else { return }
        if isDeferring {
            for part in rows { put(part) }
            table = nil
            states = aggregates.makeStates()
            pending = []
            pendingByteCount = 0
        } else if pendingRowCount > deferringGroupCount &* 8 || (table?.count ?? 0) > deferringGroupCount {
            pending = nil
        }
    }

    /// Whether every row of the pass is among those that were put aside.
    var hasAllDeferred: Bool { (table?.count ?? 0) == 0 || pending != nil }

    /// Every row of the pass as rows that were put aside; the pass has none of them any more.
    ///
    /// - Precondition: `hasAllDeferred`.
    func takeDeferred() -> [DeferredRows] {
        precondition(hasAllDeferred)
        defer {
            deferred = []
            pending = []
            table = nil
        }
        return (table?.count ?? 0) == 0 ? deferred : deferred + (pending ?? [])
    }

    private func put(_ given: DeferredRows) {
        let rows = isDeferring ? given.foldingRuns(states) : given
        deferredByteCount += rows.byteCount
        deferred.append(rows)
    }

    /// Rows with the keys of the row before them brought together, if most are such: the lines of a claim on a day.
    private static func equalNeighbours(_ words: [UInt64], _ count: Int, _ stride: Int) -> (words: [UInt64], map: RunMap)? {
        // A look at the first rows tells for most batches.
        let sampled = min(count, 512)
        guard count > 1, self.heads(words, sampled, stride, limit: sampled / 2) != nil,
            let heads = self.heads(words, count, stride, limit: count / 2)
        else { return nil }
        let keys = stride == 1 ? gather(words, heads) : heads.flatMap { words[(Int($0) * stride)..<((Int($0) + 1) * stride)] }
        return (keys, RunMap(starts: heads + [Int32(truncatingIfNeeded: count)]))
    }

    /// The first rows of equal neighbours; nil if there are more than `limit`.
    static func heads(_ words: [UInt64], _ count: Int, _ stride: Int, limit: Int) -> [Int32]? {
        precondition(count > 0 && count * stride <= words.count)
        if stride == 1 {
            var found = 0
            let heads = unsafe [Int32](unsafeUninitializedCapacity: limit + Int(CK_KEY_HEADS_SLACK)) { target, filled in
                // Bounds: as many keys as were asked for are there, and room for the limit and the slack.
                found = unsafe ck_key_heads(ck_level(), words, count, limit, target.baseAddress)
                filled = min(found, limit)
            }
            return found > limit ? nil : heads
        }
        var heads = [Int32](repeating: 0, count: limit + 1)
        let keys = words.span
        var found = 1
        for row in 1..<count {
            if found > limit { return nil }
            let place = row &* stride
            var different: UInt64 = 0
            for word in 0..<stride { different |= keys[place &+ word] ^ keys[place &- stride &+ word] }
            // Every row is written, the next one over it if it begins no run.
            heads[found] = Int32(truncatingIfNeeded: row)
            found &+= different == 0 ? 0 : 1
        }
        if found > limit { return nil }
        heads.removeLast(heads.count - found)
        return heads
    }

    /// The runs of equal keys, if keys ascend from run to run, and from where those before them ended: then each group lies in
    /// one place. Runs must be short: rows that are put aside take memory.
    private func ascendingRuns(
        _ words: [UInt64], _ count: Int, _ stride: Int, _ map: RunMap?
    ) -> (words: [UInt64], count: Int, map: RunMap?)? {
        if let last = deferred.last?.lastKey(stride), words[0..<stride].lexicographicallyPrecedes(last) { return nil }
        guard let heads = AscendingGroups.heads(words, count: count, stride: stride) else { return nil }
        let end = map?.starts[count] ?? Int32(truncatingIfNeeded: count)
        guard heads.count * AscendingGroups.longestMeanRun >= Int(end) else { return nil }
        if heads.count == count { return (words, count, map) }
        var keys: [UInt64] = []
        keys.reserveCapacity(heads.count * stride)
        for head in heads { keys.append(contentsOf: words[(Int(head) * stride)..<((Int(head) + 1) * stride)]) }
        let starts = map.map { gather($0.starts, heads) } ?? heads
        return (keys, heads.count, RunMap(starts: starts + [end]))
    }

    private func assign(
        _ words: [UInt64], _ count: Int, _ layout: KeyLayout, _ firstPosition: UInt64
    ) -> [UInt32] {
        var own = table ?? GroupTable(stride: layout.stride, denseBitCount: layout.denseBitCount)
        table = nil
        let groups = own.assign(words, count: count, firstPosition: firstPosition)
        for state in states { state.grow(to: own.count) }
        keyCount += count
        isDeferring = own.count > deferringGroupCount && own.count > keyCount / 4
        table = own
        return groups
    }

    /// Gives each state its inputs.
    static func update(
        _ states: [AggregateState], _ inputs: [[Vector]], _ selections: [Selection?], _ groups: GroupAssignment,
        morsel: Int
    ) throws(ExecutionError) {
        for (index, state) in states.enumerated() {
            try update(state, inputs[index], selections[index], groups, morsel: morsel)
        }
    }

    static func update(
        _ state: AggregateState, _ inputs: [Vector], _ selection: Selection?, _ groups: GroupAssignment, morsel: Int
    ) throws(ExecutionError) {
        switch selection {
        case nil, .all: try state.update(inputs, groups, morsel: morsel)
        case .none?: break
        case .rows(let rows):
            try state.update(inputs.map { $0.gathered(rows) }, groups.selecting(rows), morsel: morsel)
        }
    }
}

extension RunMap {
    /// The map all columns share, constants aside; one run of all rows if all are constants; nil if there is none.
    static func common(_ vectors: [Vector], rowCount: Int) -> RunMap? {
        var map: RunMap?
        for vector in vectors {
            switch vector.values {
            case .constant: continue
            case .runs(_, let other):
                if let known = map, known !== other { return nil }
                map = other
            default: return nil
            }
        }
        return map ?? RunMap(starts: [0, Int32(truncatingIfNeeded: rowCount)])
    }
}

extension Vector {
    /// Flat, unless it has one value a run.
    func asRunsOrFlat() -> Vector { if case .runs = values { self } else { flattened() } }

    /// One flat value a run of `map`, for a constant or a column of that very map.
    func perRun(_ map: RunMap) -> Vector {
        switch values {
        case .runs(let child, _): child.flattened()
        case .constant(let value): .flatConstant(value, type: type, count: map.runCount)
        default: flattened()
        }
    }
}

/// Groups the batches of one worker.
///
/// Unchecked because each sink belongs to one worker until all workers are done.
final class AggregationSink: BatchConsumer, @unchecked Sendable {
    let passes: [GroupingPass]
    private let plan: AggregationPlan
    private let share: MemoryShare
    private let counters: OperatorCounters
    private var state = ExpressionState()
    private var morsel = -1
    private var rowsOfMorsel = 0
    private var countedByteCount = 0

    /// - Parameter share: What all workers of the aggregation hold.
    init(_ plan: AggregationPlan, share: MemoryShare, counters: OperatorCounters) {
        self.plan = plan
        self.share = share
        self.counters = counters
        passes = plan.sets.indices.map { GroupingPass(plan, set: $0) }
    }

    func consume(_ batch: Batch) throws(ExecutionError) {
        if batch.rowCount == 0 { return }
        let start = ContinuousClock.now
        let batch = batch.withoutEmptyRuns()
        if batch.morsel != morsel {
            morsel = batch.morsel
            rowsOfMorsel = 0
        }
        var vectors: [Vector] = []
        vectors.reserveCapacity(plan.programs.count)
        for program in plan.programs { vectors.append(try program.evaluate(batch, &state)) }
        let position = (UInt64(batch.morsel) << 32) | UInt64(rowsOfMorsel)
        for pass in passes { try pass.update(vectors, batch, firstPosition: position, &state) }
        rowsOfMorsel += batch.rowCount
        let byteCount = passes.reduce(0) { $0 + $1.byteCount }
        let new = byteCount - countedByteCount + plan.newTextByteCount()
        countedByteCount = byteCount
        if try share.add(new) { try share.reportExceeded() }
        counters.add(ContinuousClock.now - start)
    }
}
