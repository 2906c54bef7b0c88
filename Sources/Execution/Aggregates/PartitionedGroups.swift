import Columns

/// Groups of rows that were put aside: rows are divided by a hash of their keys into partitions that fit a core's cache, each
/// partition is grouped and aggregated to the end by itself, and its groups take their places by first appearance.
struct PartitionedGroups: Sendable {
    let aggregates: [AggregationPlan.Aggregate]
    let keyCount: Int
    let layout: KeyLayout

    /// Keys of a partition that are aimed at.
    private static let partitionKeyCount = 16_384

    /// One list of rows in the order of its partitions, so that each partition reads it in one piece.
    private struct Source: Sendable {
        /// Keys in the list's own order.
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

        init(_ own: DeferredRows, stride: Int, bits: Int) {
            let division = GroupMerge.divided(own.keys.words, own.keys.count, stride, bits)
            self.division = division
            positions = own.keys.positions
            morsel = own.morsel
            words = GroupMerge.gathered(own.keys.words, division.items, 0..<own.keys.count, stride)
            var rows: [Int32] = []
            if let map = own.map {
                var counts: [Int32] = []
                var starts = [0]
                rows.reserveCapacity(map.rowCount)
                counts.reserveCapacity(division.items.count)
                for partition in 0..<(1 << bits) {
                    for item in division.items[division.starts[partition]..<division.starts[partition + 1]] {
                        let (first, end) = (map.starts[Int(item)], map.starts[Int(item) + 1])
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
            var distinct: [Vector] = []
            var places: [ObjectIdentifier: Int] = [:]
            inputIndexes = own.inputs.map { inputs in
                inputs.map { input in
                    if let known = places[ObjectIdentifier(input)] { return known }
                    places[ObjectIdentifier(input)] = distinct.count
                    distinct.append(input.isConstant ? .constant(input.scalar(at: 0), type: input.type, count: rows.count) : input.gathered(rows))
                    return distinct.count - 1
                }
            }
            inputs = distinct
            masks = own.selections.map { $0.map { gather($0.mask(rowCount: own.rowCount), rows) } }
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
        /// Keys, then aggregates.
        let columns: [Vector]
        /// Where each group was first seen.
        let positions: [UInt64]
    }

    /// The keys, then the aggregates, in order of first appearance.
    func batches(_ rows: [DeferredRows], _ context: ExecutionContext) throws(ExecutionError) -> [Batch] {
        // In the order of the input: some aggregates keep their values in it.
        let rows = rows.sorted { $0.firstPosition < $1.firstPosition }
        let total = rows.reduce(0) { $0 + $1.keys.count }
        var bitCount = 0
        while bitCount < 8, total >> bitCount > PartitionedGroups.partitionKeyCount { bitCount += 1 }
        let bits = bitCount
        let stride = layout.stride
        let sources = WorkerThreads.map(count: rows.count, workerCount: context.workerCount) { index in
            Source(rows[index], stride: stride, bits: bits)
        }
        let partitions = try WorkerThreads.map(count: 1 << bits, workerCount: context.workerCount) {
            number throws(ExecutionError) in
            try context.options.checkRunning()
            return try partition(number, sources)
        }
        return arranged(partitions, context)
    }

    private func partition(_ number: Int, _ sources: [Source]) throws(ExecutionError) -> Partition {
        let stride = layout.stride
        var table = GroupTable(stride: stride, denseBitCount: nil, keepsPositions: false)
        var positions: [UInt64] = []
        let states = aggregates.map { $0.factory.makeState() }
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
        var columns = (0..<keyCount).map { layout.decode(column: $0, words: table.keys, rowCount: table.count) }
        for state in states { columns.append(try state.finish(groupCount: table.count, workerCount: 1)) }
        return Partition(columns: columns, positions: positions)
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
    private func arranged(_ partitions: [Partition], _ context: ExecutionContext) -> [Batch] {
        var joined: [UInt64] = []
        joined.reserveCapacity(partitions.reduce(0) { $0 + $1.positions.count })
        for partition in partitions { joined.append(contentsOf: partition.positions) }
        let order = GroupMerge.ordered(joined, context.workerCount).map { Int32(bitPattern: $0) }
        let columns = WorkerThreads.map(count: keyCount + aggregates.count, workerCount: context.workerCount) { index in
            Vector.concatenated(
                partitions.map { $0.columns[index] }, type: partitions.first?.columns[index].type ?? .unknown)
        }
        let count = (order.count + Relation.batchRowCount - 1) / Relation.batchRowCount
        return WorkerThreads.map(count: count, workerCount: context.workerCount) { number in
            let range = (number * Relation.batchRowCount)..<min(order.count, (number + 1) * Relation.batchRowCount)
            let rows = Array(order[range])
            return Batch(columns: columns.map { $0.gathered(rows) }, rowCount: rows.count)
        }
    }
}

extension DeferredRows {
    var rowCount: Int { map?.rowCount ?? keys.count }
}

extension Vector {
    fileprivate var isConstant: Bool { if case .constant = values { true } else { false } }
}
