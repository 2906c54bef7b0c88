import Columns
import Planning

/// Groups whose keys arrive in ascending order, each in one place: the claims of a table, whose rows lie together.
///
/// No hashing then: the keys of each part of the input are its groups, and only a key that ends one part and begins the next
/// is met twice.
struct AscendingGroups {
    /// Parts of the input in its order.
    private let parts: [DeferredRows]
    /// Whether a part's first key is the last of the part before.
    private let continues: [Bool]
    private let layout: KeyLayout

    /// nil if the keys of two parts lie among each other.
    init?(_ deferred: [DeferredRows], layout: KeyLayout) {
        parts = deferred.sorted { $0.firstPosition < $1.firstPosition }
        self.layout = layout
        var continues = [Bool](repeating: false, count: parts.count)
        for index in 1..<max(1, parts.count) {
            let (last, first) = (parts[index - 1].lastKey(layout.stride), parts[index].firstKey(layout.stride))
            guard !first.lexicographicallyPrecedes(last) else { return nil }
            continues[index] = first == last
        }
        self.continues = continues
    }

    /// Rows of a group, on average, above which rows are not put aside.
    static let longestMeanRun = 16

    /// Where keys change, the first key included; nil if one is below the one before it.
    static func heads(_ words: [UInt64], count: Int, stride: Int) -> [Int32]? {
        guard count > 0 else { return nil }
        var heads: [Int32] = [0]
        heads.reserveCapacity(count)
        if stride == 1 {
            for key in 1..<count where words[key] != words[key &- 1] {
                if words[key] < words[key &- 1] { return nil }
                heads.append(Int32(truncatingIfNeeded: key))
            }
            return heads
        }
        for key in 1..<count {
            let place = key &* stride
            var word = 0
            while word < stride, words[place &+ word] == words[place &- stride &+ word] { word &+= 1 }
            if word == stride { continue }
            if words[place &+ word] < words[place &- stride &+ word] { return nil }
            heads.append(Int32(truncatingIfNeeded: key))
        }
        return heads
    }

    /// One batch a part: the columns of `groups`, then those of the aggregates.
    func batches(
        _ plan: AggregationPlan, set: Int, keyColumns: [Int], groups: [ProjectedColumn], groupingBits: [Vector],
        _ context: ExecutionContext
    ) throws(ExecutionError) -> [Batch] {
        let results = try WorkerThreads.map(count: parts.count, workerCount: context.workerCount) {
            index throws(ExecutionError) -> Batch? in
            try context.options.checkRunning()
            return try batch(index, plan, set: set, keyColumns: keyColumns, groups: groups, groupingBits: groupingBits)
        }
        return results.compactMap { $0 }
    }

    private func batch(
        _ index: Int, _ plan: AggregationPlan, set: Int, keyColumns: [Int], groups: [ProjectedColumn], groupingBits: [Vector]
    ) throws(ExecutionError) -> Batch? {
        let part = parts[index]
        let count = part.keys.count
        // A part of one key that goes on from the part before has no group of its own.
        if continues[index], count == 1 { return nil }
        let states = plan.aggregates[set].makeStates()
        for state in states { state.grow(to: count) }
        let own = (0..<count).map { UInt32(truncatingIfNeeded: $0) }
        try GroupingPass.update(states, part.inputs, part.selections, part.groups(own), morsel: part.morsel)
        var next = index + 1
        while next < parts.count, continues[next] {
            try addFirstGroup(of: parts[next], to: states, group: UInt32(count - 1))
            if parts[next].keys.count > 1 { break }
            next += 1
        }
        var columns: [Vector] = []
        for (place, group) in groups.enumerated() {
            if let column = keyColumns.firstIndex(of: place), !plan.unreadKeys[set].contains(column) {
                columns.append(layout.decode(column: column, words: part.keys.words, rowCount: count))
            } else {
                columns.append(.constant(.null, type: group.column.type, count: count))
            }
        }
        for state in states { columns.append(try state.finish(groupCount: count, workerCount: 1)) }
        columns += groupingBits.map { .constant($0.scalar(at: 0), type: $0.type, count: count) }
        guard continues[index] else { return Batch(columns: columns, rowCount: count) }
        return Batch(columns: columns.map { $0.sliced(1..<count) }, rowCount: count - 1)
    }

    private func addFirstGroup(of part: DeferredRows, to states: [AggregateState], group: UInt32) throws(ExecutionError) {
        let rowCount = part.map.map { Int($0.starts[1]) } ?? 1
        let rows = (0..<Int32(rowCount)).map { $0 }
        let inputs = part.inputs.map { $0.map { $0.gathered(rows) } }
        let selections = part.selections.map { selection -> Selection? in
            guard case .rows(let kept) = selection else { return selection }
            let own = kept.prefix { $0 < Int32(rowCount) }
            return own.isEmpty ? Selection.none : own.count == rowCount ? .all : .rows(Array(own))
        }
        try GroupingPass.update(
            states, inputs, selections, .rows([UInt32](repeating: group, count: rowCount)), morsel: part.morsel)
    }
}

extension DeferredRows {
    /// Where its first row stands in the input.
    var firstPosition: UInt64 {
        if case .from(let position) = keys.positions { position } else { UInt64(morsel) << 32 }
    }

    func firstKey(_ stride: Int) -> ArraySlice<UInt64> { keys.words[0..<stride] }
    func lastKey(_ stride: Int) -> ArraySlice<UInt64> { keys.words[((keys.count - 1) * stride)..<(keys.count * stride)] }
}
