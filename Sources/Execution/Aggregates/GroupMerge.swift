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
        /// First position of each group of the partition.
        var positions: [UInt64]
        /// For each worker, the partition's group of each of the worker's groups that fall here.
        var groups: [[UInt32]]
    }

    /// - Parameter tables: One for each worker, all of one layout; first positions differ between any two groups.
    static func merge(
        _ tables: [GroupTable], stride: Int, workerCount: Int
    ) -> GroupMerge {
        if tables.count == 1 {
            let identity = (0..<tables[0].count).map { UInt32(truncatingIfNeeded: $0) }
            return GroupMerge(maps: [identity], keys: tables[0].keys, groupCount: tables[0].count)
        }
        let bits = tables.reduce(0) { $0 + $1.count } < serialLimit ? 0 : partitionBitCount
        // For each worker and partition, its groups there.
        let lists = WorkerThreads.map(count: tables.count, workerCount: workerCount) { worker in
            divided(tables[worker], stride, bits)
        }
        let partitions = WorkerThreads.map(count: 1 << bits, workerCount: workerCount) { partition in
            merged(tables, lists.map { $0[partition] }, stride)
        }
        return numbered(partitions, lists, tables, stride, workerCount)
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
        let largest = lists.reduce(0) { max($0, $1.count) }
        var table = GroupTable(stride: stride, denseBitCount: nil, capacity: largest, keepsPositions: false)
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
        return Partition(positions: positions, groups: groups)
    }

    /// One worker's groups as groups of all partitions together, and whether it met each of them first.
    private struct Share: Sendable {
        var groups: [UInt32]
        var isFirst: [UInt8]
    }

    private static func numbered(
        _ partitions: [Partition], _ lists: [[[UInt32]]], _ tables: [GroupTable], _ stride: Int, _ workerCount: Int
    ) -> GroupMerge {
        var bases: [Int] = []
        var groupCount = 0
        for partition in partitions {
            bases.append(groupCount)
            groupCount += partition.positions.count
        }
        let ownBases = bases
        let shares = WorkerThreads.map(count: tables.count, workerCount: workerCount) { worker in
            share(partitions, lists[worker], tables[worker], worker, ownBases)
        }
        let (rank, keys) = ranked(shares, tables, stride, groupCount)
        let maps = WorkerThreads.map(count: tables.count, workerCount: workerCount) { worker in
            shares[worker].groups.map { rank[Int($0)] }
        }
        return GroupMerge(maps: maps, keys: keys, groupCount: groupCount)
    }

    private static func share(
        _ partitions: [Partition], _ lists: [[UInt32]], _ table: GroupTable, _ worker: Int, _ bases: [Int]
    ) -> Share {
        var groups = [UInt32](repeating: 0, count: table.count)
        var isFirst = [UInt8](repeating: 0, count: table.count)
        for (number, partition) in partitions.enumerated() {
            let list = lists[number]
            let own = partition.groups[worker]
            for index in 0..<list.count {
                let group = Int(list[index])
                groups[group] = UInt32(truncatingIfNeeded: bases[number] &+ Int(own[index]))
                isFirst[group] = partition.positions[Int(own[index])] == table.positions[group] ? 1 : 0
            }
        }
        return Share(groups: groups, isFirst: isFirst)
    }

    /// Each worker's groups lie in the order of their positions: merging these lists numbers all groups.
    private static func ranked(
        _ shares: [Share], _ tables: [GroupTable], _ stride: Int, _ groupCount: Int
    ) -> (rank: [UInt32], keys: [UInt64]) {
        var rank = [UInt32](repeating: 0, count: groupCount)
        var keys: [UInt64] = []
        keys.reserveCapacity(groupCount * stride)
        var cursors = [Int](repeating: 0, count: tables.count)
        for next in 0..<groupCount {
            var best = -1
            var bestPosition = UInt64.max
            for worker in 0..<tables.count {
                var cursor = cursors[worker]
                while cursor < shares[worker].isFirst.count, shares[worker].isFirst[cursor] == 0 { cursor &+= 1 }
                cursors[worker] = cursor
                if cursor < shares[worker].isFirst.count, tables[worker].positions[cursor] < bestPosition {
                    best = worker
                    bestPosition = tables[worker].positions[cursor]
                }
            }
            let group = cursors[best]
            rank[Int(shares[best].groups[group])] = UInt32(truncatingIfNeeded: next)
            for word in 0..<stride { keys.append(tables[best].keys[group &* stride &+ word]) }
            cursors[best] = group &+ 1
        }
        return (rank, keys)
    }
}
