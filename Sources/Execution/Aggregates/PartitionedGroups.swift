import Columns

/// Groups of rows that were put aside: rows are divided by a hash of their keys into partitions that fit a core's cache, each
/// partition is grouped and aggregated to the end by itself, and its groups take their places by first appearance.
struct PartitionedGroups: Sendable {
    let aggregates: [AggregationPlan.Aggregate]
    let keyCount: Int
    let layout: KeyLayout

    /// Keys of a partition that are aimed at.
    private static let partitionKeyCount = 16_384

    /// One list of rows, ready to be divided.
    private struct Source: Sendable {
        let rows: DeferredRows
        let division: GroupMerge.Division
        /// As `rows.inputs`, flat.
        let inputs: [[Vector]]
        /// For each aggregate with a filter, 1 for each row that it keeps.
        let masks: [[UInt8]?]
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
            let own = rows[index]
            return Source(
                rows: own, division: GroupMerge.divided(own.keys.words, own.keys.count, stride, bits),
                inputs: own.inputs.map { $0.map { $0.isConstant ? $0 : $0.flattened() } },
                masks: own.selections.map { $0?.mask(rowCount: own.rowCount) })
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
            let division = source.division
            let range = division.starts[number]..<division.starts[number + 1]
            if range.isEmpty { continue }
            let words = GroupMerge.gathered(source.rows.keys.words, division.items, range, stride)
            let groups = table.assign(words, count: range.count, firstPosition: 0)
            positions.pad(to: table.count, with: .max)
            GroupMerge.lower(&positions, groups, division.items, range.lowerBound, source.rows.keys.positions)
            for state in states { state.grow(to: table.count) }
            try update(states, source, division.items[range], groups)
        }
        var columns = (0..<keyCount).map { layout.decode(column: $0, words: table.keys, rowCount: table.count) }
        for state in states { columns.append(try state.finish(groupCount: table.count, workerCount: 1)) }
        return Partition(columns: columns, positions: positions)
    }

    /// Gives the states the rows of some keys.
    private func update(
        _ states: [AggregateState], _ source: Source, _ items: ArraySlice<UInt32>, _ groups: [UInt32]
    ) throws(ExecutionError) {
        let (rows, groupOfRow) = source.rows.rows(items, groups)
        var gathered: [ObjectIdentifier: Vector] = [:]
        for (index, state) in states.enumerated() {
            if let mask = source.masks[index] {
                let kept = (0..<Int32(rows.count)).filter { mask[Int(rows[Int($0)])] != 0 }
                if kept.isEmpty { continue }
                let own = gather(rows, kept)
                try state.update(
                    source.inputs[index].map { $0.gathered(own) }, .rows(gather(groupOfRow, kept)), morsel: source.rows.morsel)
                continue
            }
            let inputs = source.inputs[index].map { input -> Vector in
                if let known = gathered[ObjectIdentifier(input)] { return known }
                let new = input.gathered(rows)
                gathered[ObjectIdentifier(input)] = new
                return new
            }
            try state.update(inputs, .rows(groupOfRow), morsel: source.rows.morsel)
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

    /// The rows of some keys, with the group of each.
    fileprivate func rows(_ items: ArraySlice<UInt32>, _ groups: [UInt32]) -> (rows: [Int32], groups: [UInt32]) {
        guard let map else { return (items.map { Int32(bitPattern: $0) }, groups) }
        var rows: [Int32] = []
        var groupOfRow: [UInt32] = []
        for (index, item) in items.enumerated() {
            for row in map.starts[Int(item)]..<map.starts[Int(item) + 1] {
                rows.append(row)
                groupOfRow.append(groups[index])
            }
        }
        return (rows, groupOfRow)
    }
}

extension Selection {
    /// 1 for each row that is kept.
    fileprivate func mask(rowCount: Int) -> [UInt8] {
        switch self {
        case .all: return [UInt8](repeating: 1, count: rowCount)
        case .none: return [UInt8](repeating: 0, count: rowCount)
        case .rows(let rows):
            var mask = [UInt8](repeating: 0, count: rowCount)
            for row in rows { mask[Int(row)] = 1 }
            return mask
        }
    }
}

extension Vector {
    fileprivate var isConstant: Bool { if case .constant = values { true } else { false } }
}
