import Columns
import Synchronization

/// Groups of rows that were put aside: rows are divided by a hash of their keys into partitions that fit a core's cache, each
/// partition is grouped and aggregated to the end by itself, and its groups take their places by first appearance.
struct PartitionedGroups: Sendable {
    let aggregates: [AggregationPlan.Aggregate]
    let keyTypes: [LogicalType]
    /// Places of keys whose columns nobody reads; they are put out as NULL.
    let unreadKeys: Set<Int>
    let layout: KeyLayout
    /// Over the aggregates: other groups are left out.
    let kept: PredicateProgram?

    /// Keys of a partition that are aimed at.
    private static let partitionKeyCount = 16_384

    /// Keys that a partition gets from one source at the least, where there are so many: what each visit costs by itself
    /// is divided by them.
    private static let visitedKeyCount = 1024

    /// Neighbouring lists of rows in the order of their partitions, so that each partition reads them in one piece.
    private struct Source: Sendable {
        /// Keys in the lists' own order.
        let division: GroupMerge.Division
        let positions: KeyList.Positions
        /// Keys partition after partition, `stride` words each.
        let words: [UInt64]
        /// Rows of each of these keys; nil: one a key.
        let rowCounts: [Int32]?
        /// Where the rows of each partition start, and the end.
        let rowStarts: [Int]
        /// The distinct inputs, flat or constant, and which of them each aggregate takes.
        let inputs: [Vector]
        let inputIndexes: [[Int]]
        /// For each aggregate with a filter, 1 for each row that it keeps.
        let masks: [[UInt8]?]
        let morsel: Int

        /// - Precondition: The lists can be joined.
        init(_ lists: ArraySlice<DeferredRows>, stride: Int, bits: Int) {
            let first = lists[lists.startIndex]
            let own = lists.count == 1 ? first.keys : KeyList(joining: lists.map(\.keys))
            let division = GroupMerge.divided(own.words, own.count, stride, bits)
            self.division = division
            positions = own.positions
            morsel = first.morsel
            words = GroupMerge.gathered(own.words, division.items, 0..<own.count, stride)
            var rows: [Int32] = []
            if let rowsOfKeys = DeferredRows.rowStarts(lists) {
                var counts: [Int32] = []
                var starts = [0]
                rows.reserveCapacity(Int(rowsOfKeys[own.count]))
                counts.reserveCapacity(division.items.count)
                for partition in 0..<(1 << bits) {
                    for item in division.items[division.starts[partition]..<division.starts[partition + 1]] {
                        let (first, end) = (rowsOfKeys[Int(item)], rowsOfKeys[Int(item) + 1])
                        counts.append(end - first)
                        for row in first..<end { rows.append(row) }
                    }
                    starts.append(rows.count)
                }
                rowCounts = counts
                rowStarts = starts
            } else {
                rows = division.items.map { Int32(bitPattern: $0) }
                rowCounts = nil
                rowStarts = division.starts
            }
            let distinct = lists.map(\.distinctInputs)
            inputIndexes = distinct[0].indexes
            inputs = distinct[0].inputs.indices.map { index in
                let parts = distinct.map { $0.inputs[index] }
                if parts[0].isConstant { return .constant(parts[0].scalar(at: 0), type: parts[0].type, count: rows.count) }
                return (parts.count == 1 ? parts[0] : Vector.concatenated(parts, type: parts[0].type)).gathered(rows)
            }
            masks = first.selections.indices.map { index in
                if first.selections[index] == nil { return nil }
                return gather(lists.flatMap { $0.selections[index]?.mask(rowCount: $0.rowCount) ?? [] }, rows)
            }
        }

        /// The group of each row of a partition, from that of each of its keys.
        func groupOfRow(_ groups: [UInt32], keys: Range<Int>) -> [UInt32] {
            guard let rowCounts else { return groups }
            var result: [UInt32] = []
            for (index, key) in keys.enumerated() {
                for _ in 0..<rowCounts[key] { result.append(groups[index]) }
            }
            return result
        }
    }

    private struct Partition: Sendable {
        /// Keys of the groups, `stride` words each.
        var words: [UInt64]
        let aggregates: [Vector]
        /// Where each group was first seen.
        var positions: [UInt64]
    }

    /// The keys, then the aggregates, in order of first appearance.
    ///
    /// Each step lets go of what the one before it made: pages that are used again need not be cleared.
    func batches(_ lists: consuming [DeferredRows], _ context: ExecutionContext) throws(ExecutionError) -> [Batch] {
        // In the order of the input: some aggregates keep their values in it.
        var rows = (consume lists).sorted { $0.firstPosition < $1.firstPosition }
        let total = rows.reduce(0) { $0 + $1.keys.count }
        var bitCount = 0
        while bitCount < 8, total >> bitCount > PartitionedGroups.partitionKeyCount { bitCount += 1 }
        let bits = bitCount
        let pieces = DeferredRows.joinable(rows, keyCount: PartitionedGroups.visitedKeyCount << bits).map { Array(rows[$0]) }
        rows = []
        var sources = self.sources(consume pieces, bits: bits, context)
        let partitions = try self.partitions(sources, bits: bits, context)
        sources = []
        return arranged(partitions, context)
    }

    /// - Parameter pieces: Lists to be read as one; each is let go of when it has been read.
    private func sources(
        _ pieces: consuming [[DeferredRows]], bits: Int, _ context: ExecutionContext
    ) -> [Source] {
        let stride = layout.stride
        let count = pieces.count
        let waiting = Mutex(consume pieces)
        return WorkerThreads.map(count: count, workerCount: context.workerCount) { index in
            let own = waiting.withLock { waiting in
                let own = waiting[index]
                waiting[index] = []
                return own
            }
            return Source(own[...], stride: stride, bits: bits)
        }
    }

    private func partitions(
        _ sources: [Source], bits: Int, _ context: ExecutionContext
    ) throws(ExecutionError) -> [Partition] {
        try WorkerThreads.map(count: 1 << bits, workerCount: context.workerCount) { number throws(ExecutionError) in
            try context.options.checkRunning()
            return try partition(number, sources)
        }
    }

    private func partition(_ number: Int, _ sources: [Source]) throws(ExecutionError) -> Partition {
        let stride = layout.stride
        var table = GroupTable(stride: stride, denseBitCount: nil, keepsPositions: false)
        var positions: [UInt64] = []
        let states = aggregates.makeStates()
        for source in sources {
            let range = source.division.starts[number]..<source.division.starts[number + 1]
            if range.isEmpty { continue }
            let words = Array(source.words[(range.lowerBound * stride)..<(range.upperBound * stride)])
            let groups = table.assign(words, count: range.count, firstPosition: 0)
            positions.pad(to: table.count, with: .max)
            GroupMerge.lower(&positions, groups, source.division.items, range.lowerBound, source.positions)
            for state in states { state.grow(to: table.count) }
            try update(
                states, source, source.rowStarts[number]..<source.rowStarts[number + 1],
                source.groupOfRow(groups, keys: range))
        }
        var results: [Vector] = []
        for state in states { results.append(try state.finish(groupCount: table.count, workerCount: 1)) }
        guard let kept else { return Partition(words: table.keys, aggregates: results, positions: positions) }
        var expressions = ExpressionState()
        switch try kept.select(Batch(columns: results, rowCount: table.count), &expressions) {
        case .all: return Partition(words: table.keys, aggregates: results, positions: positions)
        case .none: return Partition(words: [], aggregates: results.map { $0.sliced(0..<0) }, positions: [])
        case .rows(let rows):
            var words: [UInt64] = []
            words.reserveCapacity(rows.count * stride)
            for row in rows { words += table.keys[(Int(row) * stride)..<((Int(row) + 1) * stride)] }
            return Partition(words: words, aggregates: results.map { $0.gathered(rows) }, positions: gather(positions, rows))
        }
    }

    /// Gives the states the rows of one partition.
    private func update(
        _ states: [AggregateState], _ source: Source, _ rows: Range<Int>, _ groupOfRow: [UInt32]
    ) throws(ExecutionError) {
        let inputs = source.inputs.map { $0.isConstant ? .constant($0.scalar(at: 0), type: $0.type, count: rows.count) : $0.sliced(rows) }
        for (index, state) in states.enumerated() {
            let own = source.inputIndexes[index].map { inputs[$0] }
            guard let mask = source.masks[index] else {
                try state.update(own, .rows(groupOfRow), morsel: source.morsel)
                continue
            }
            let kept = (0..<Int32(rows.count)).filter { mask[rows.lowerBound + Int($0)] != 0 }
            if kept.isEmpty { continue }
            try state.update(own.map { $0.gathered(kept) }, .rows(gather(groupOfRow, kept)), morsel: source.morsel)
        }
    }

    /// The groups of all partitions in the order of their positions.
    private func arranged(_ made: consuming [Partition], _ context: ExecutionContext) -> [Batch] {
        var partitions = consume made
        let order = PartitionOrder(partitions.map(\.positions), workerCount: context.workerCount)
        for index in partitions.indices { partitions[index].positions = [] }
        let all = partitions
        let (stride, count) = (layout.stride, order.count)
        let columns = aggregates.indices.map { index in
            PartedColumn(all.map { $0.aggregates[index] }, type: all.first?.aggregates[index].type ?? .unknown)
        }
        let batchCount = (count + Relation.batchRowCount - 1) / Relation.batchRowCount
        return WorkerThreads.map(count: batchCount, workerCount: context.workerCount) { number in
            let range = (number * Relation.batchRowCount)..<min(count, (number + 1) * Relation.batchRowCount)
            let places = PartitionPlaces(order.ids(range), partitionCount: all.count)
            var keys = [UInt64](repeating: 0, count: range.count * stride)
            for partition in all.indices { places.copy(all[partition].words, of: partition, stride: stride, to: &keys) }
            var result = keyTypes.enumerated().map { place, type in
                unreadKeys.contains(place)
                    ? .constant(.null, type: type, count: range.count)
                    : layout.decode(column: place, words: keys, rowCount: range.count)
            }
            result += columns.map { $0.gathered(places) }
            return Batch(columns: result, rowCount: range.count)
        }
    }
}

extension Vector {
    fileprivate var isConstant: Bool { if case .constant = values { true } else { false } }
}
