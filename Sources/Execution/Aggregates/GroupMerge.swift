/// One numbering of the groups of several workers, in order of first appearance in the input.
struct GroupMerge: Sendable {
    /// For each worker, the merged group of each of its groups.
    var maps: [[UInt32]]
    /// Keys of the merged groups, `stride` words each.
    var keys: [UInt64]
    var groupCount: Int

    private static let partitionBitCount = 5
    private static let serialLimit = 16_384

    private struct Partition: Sendable {
        var keys: [UInt64]
        var positions: [UInt64]
        /// For each worker, the partition's group of each of the worker's groups that fall here.
        var groups: [[UInt32]]
    }

    /// - Parameter tables: One for each worker, all of one layout; first positions differ between any two groups.
    static func merge(
        _ tables: [GroupTable], stride: Int, workerCount: Int
    ) throws(ExecutionError) -> GroupMerge {
        if tables.count == 1 {
            let identity = (0..<tables[0].count).map { UInt32(truncatingIfNeeded: $0) }
            return GroupMerge(maps: [identity], keys: tables[0].keys, groupCount: tables[0].count)
        }
        let bits = tables.reduce(0) { $0 + $1.count } < serialLimit ? 0 : partitionBitCount
        // For each worker and partition, its groups there.
        let lists = try WorkerThreads.map(count: tables.count, workerCount: workerCount) { worker in
            divided(tables[worker], stride, bits)
        }
        let partitions = try WorkerThreads.map(count: 1 << bits, workerCount: workerCount) { partition in
            merged(tables, lists.map { $0[partition] }, stride)
        }
        return numbered(partitions, lists, tables, stride)
    }

    private static func divided(_ table: GroupTable, _ stride: Int, _ bits: Int) -> [[UInt32]] {
        if bits == 0 { return [(0..<table.count).map { UInt32(truncatingIfNeeded: $0) }] }
        var lists = [[UInt32]](repeating: [], count: 1 << bits)
        for list in lists.indices { lists[list].reserveCapacity(table.count >> (bits - 1)) }
        for group in 0..<table.count {
            let partition = GroupTable.partition(table.keys, group: group, stride: stride, bits: bits)
            lists[partition].append(UInt32(truncatingIfNeeded: group))
        }
        return lists
    }

    private static func merged(_ tables: [GroupTable], _ lists: [[UInt32]], _ stride: Int) -> Partition {
        var table = GroupTable(stride: stride, denseBitCount: nil)
        var positions: [UInt64] = []
        var groups: [[UInt32]] = []
        for (worker, list) in lists.enumerated() {
            let source = tables[worker]
            var words = [UInt64](repeating: 0, count: list.count * stride)
            for index in 0..<list.count {
                let from = Int(list[index]) &* stride
                for word in 0..<stride { words[index &* stride &+ word] = source.keys[from &+ word] }
            }
            let own = table.assign(words, count: list.count, firstPosition: 0)
            positions.pad(to: table.count, with: .max)
            for index in 0..<list.count {
                let group = Int(own[index])
                positions[group] = min(positions[group], source.positions[Int(list[index])])
            }
            groups.append(own)
        }
        return Partition(keys: table.keys, positions: positions, groups: groups)
    }

    private static func numbered(
        _ partitions: [Partition], _ lists: [[[UInt32]]], _ tables: [GroupTable], _ stride: Int
    ) -> GroupMerge {
        var bases: [Int] = []
        var positions: [UInt64] = []
        for partition in partitions {
            bases.append(positions.count)
            positions.append(contentsOf: partition.positions)
        }
        var order = (0..<positions.count).map { UInt32(truncatingIfNeeded: $0) }
        RadixSort.sort(&order, by: positions)
        var rank = [UInt32](repeating: 0, count: order.count)
        for place in 0..<order.count { rank[Int(order[place])] = UInt32(truncatingIfNeeded: place) }
        var keys = [UInt64](repeating: 0, count: order.count * stride)
        for (number, partition) in partitions.enumerated() {
            for group in 0..<partition.positions.count {
                let target = Int(rank[bases[number] &+ group]) &* stride
                for word in 0..<stride { keys[target &+ word] = partition.keys[group &* stride &+ word] }
            }
        }
        let maps = tables.indices.map { worker in
            var map = [UInt32](repeating: 0, count: tables[worker].count)
            for (number, partition) in partitions.enumerated() {
                let list = lists[worker][number]
                let groups = partition.groups[worker]
                for index in 0..<list.count { map[Int(list[index])] = rank[bases[number] &+ Int(groups[index])] }
            }
            return map
        }
        return GroupMerge(maps: maps, keys: keys, groupCount: order.count)
    }
}
