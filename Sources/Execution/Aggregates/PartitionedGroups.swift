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
    /// Of what that leaves, which groups may be wanted.
    let choice: GroupChoice?

    /// Keys of a partition that are aimed at.
    private static let partitionKeyCount = 16_384

    /// Keys that a partition gets from one source at the least, where there are so many: what each visit costs by itself
    /// is divided by them.
    private static let visitedKeyCount = 1024

    /// Neighbouring lists of rows in the order of their partitions, so that each partition reads them in one piece.
    private struct Source: Sendable {
        /// Where the keys of each partition start, and the end.
        let keyStarts: [Int]
        /// Where the keys stood in the input, in the order of `words`; empty if nobody asks.
        let positions: [UInt64]
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
        init(_ lists: [DeferredRows], _ rule: PartitionRule) {
            let keys = lists.map(\.keys)
            let places = PartitionedPlaces(keys, rule)
            keyStarts = places.starts
            positions = rule.keepsPositions ? places.arranged(keys) : []
            morsel = lists[0].morsel
            words = places.arranged(keys.map(\.words), stride: rule.stride)
            var rows = places
            if let rowsOfKeys = DeferredRows.rowStarts(lists) {
                let own = places.ofRows(rowsOfKeys)
                rows = own.rows
                rowCounts = own.counts
            } else {
                rowCounts = nil
            }
            rowStarts = rows.starts
            let rowPlaces = rows
            let distinct = lists.map(\.distinctInputs)
            inputIndexes = distinct[0].indexes
            inputs = distinct[0].inputs.indices.map { index in
                let parts = distinct.map { $0.inputs[index] }
                if parts[0].isConstant { return .constant(parts[0].scalar(at: 0), type: parts[0].type, count: rowPlaces.places.count) }
                return rowPlaces.arranged(parts)
            }
            masks = lists[0].selections.indices.map { index in
                if lists[0].selections[index] == nil { return nil }
                return rowPlaces.arranged(lists.map { $0.selections[index]?.mask(rowCount: $0.rowCount) ?? [] })
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

        func picked(_ rows: [Int32], stride: Int) -> Partition {
            Partition(
                words: PartitionedGroups.picked(words, rows, stride: stride), aggregates: aggregates.map { $0.gathered(rows) },
                positions: gather(positions, rows))
        }
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
        var ruled = PartitionRule(bits: bits, stride: layout.stride)
        if let parts = choice?.partKeys, !parts.isEmpty, let sample = rows.max(by: { $0.keys.count < $1.keys.count }) {
            // The parts of a window are not divided, if there are enough of them.
            let byParts = PartitionRule(bits: bits, stride: layout.stride, mask: layout.mask(ofColumns: parts))
            if byParts.isEven(sample.keys) { ruled = byParts }
        }
        ruled.keepsPositions = choice?.isWholeOrder != true
        let rule = ruled
        let pieces = DeferredRows.joinable(rows, keyCount: PartitionedGroups.visitedKeyCount << bits).map { Array(rows[$0]) }
        rows = []
        var sources = self.sources(consume pieces, rule, context)
        let partitions = try self.partitions(sources, rule, context)
        sources = []
        return arranged(partitions, context)
    }

    /// - Parameter pieces: Lists to be read as one; each is let go of when it has been read.
    private func sources(
        _ pieces: consuming [[DeferredRows]], _ rule: PartitionRule, _ context: ExecutionContext
    ) -> [Source] {
        let count = pieces.count
        let waiting = Mutex(consume pieces)
        return WorkerThreads.map(count: count, workerCount: context.workerCount) { index in
            let own = waiting.withLock { waiting in
                let own = waiting[index]
                waiting[index] = []
                return own
            }
            return Source(own, rule)
        }
    }

    private func partitions(
        _ sources: [Source], _ rule: PartitionRule, _ context: ExecutionContext
    ) throws(ExecutionError) -> [Partition] {
        try WorkerThreads.map(count: 1 << rule.bits, workerCount: context.workerCount) { number throws(ExecutionError) in
            try context.options.checkRunning()
            return try partition(number, sources, rule)
        }
    }

    private func partition(_ number: Int, _ sources: [Source], _ rule: PartitionRule) throws(ExecutionError) -> Partition {
        let stride = layout.stride
        var table = GroupTable(stride: stride, denseBitCount: nil, keepsPositions: false)
        var positions: [UInt64] = []
        let states = aggregates.makeStates()
        for source in sources {
            let range = source.keyStarts[number]..<source.keyStarts[number + 1]
            if range.isEmpty { continue }
            let words = Array(source.words[(range.lowerBound * stride)..<(range.upperBound * stride)])
            let groups = table.assign(words, count: range.count, firstPosition: 0)
            if rule.keepsPositions { PartitionedGroups.addFirsts(&positions, groups, source.positions, range.lowerBound) }
            for state in states { state.grow(to: table.count) }
            try update(
                states, source, source.rowStarts[number]..<source.rowStarts[number + 1],
                source.groupOfRow(groups, keys: range))
        }
        var results: [Vector] = []
        for state in states { results.append(try state.finish(groupCount: table.count, workerCount: 1)) }
        // Any places that no two groups share will do then.
        if !rule.keepsPositions { positions = (0..<UInt64(table.count)).map { UInt64(number) << 32 | $0 } }
        return try thinned(Partition(words: table.keys, aggregates: results, positions: positions))
    }

    /// The partition without groups that nobody wants.
    private func thinned(_ whole: Partition) throws(ExecutionError) -> Partition {
        var partition = whole
        var expressions = ExpressionState()
        if let kept {
            switch try kept.select(Batch(columns: partition.aggregates, rowCount: partition.positions.count), &expressions) {
            case .all: break
            case .none: return partition.picked([], stride: layout.stride)
            case .rows(let rows): partition = partition.picked(rows, stride: layout.stride)
            }
        }
        guard let choice, !partition.positions.isEmpty else { return partition }
        let (words, stride) = (partition.words, layout.stride)
        let groups = GroupChoice.Groups(count: partition.positions.count, aggregates: partition.aggregates) { place, rows in
            let own = rows.map { PartitionedGroups.picked(words, $0, stride: stride) } ?? words
            return layout.decode(column: place, words: own, rowCount: own.count / stride)
        }
        return try choice.rows(of: groups).map { partition.picked($0, stride: stride) } ?? partition
    }

    private static func picked(_ words: [UInt64], _ rows: [Int32], stride: Int) -> [UInt64] {
        if stride == 1 { return gather(words, rows) }
        var picked: [UInt64] = []
        picked.reserveCapacity(rows.count * stride)
        for row in rows { picked += words[(Int(row) * stride)..<((Int(row) + 1) * stride)] }
        return picked
    }

    /// Where the groups that these keys have brought were first seen.
    ///
    /// Groups are numbered as they are met, and rows come in the order of the input.
    private static func addFirsts(_ positions: inout [UInt64], _ groups: [UInt32], _ known: [UInt64], _ first: Int) {
        var next = UInt32(truncatingIfNeeded: positions.count)
        for index in 0..<groups.count where groups[index] == next {
            positions.append(known[first &+ index])
            next &+= 1
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
