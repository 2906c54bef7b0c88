/// Keys of one worker's table, or of rows that were put aside ungrouped.
struct KeyList: Sendable {
    enum Positions: Sendable {
        /// The first key's position; those that follow count up.
        case from(UInt64)
        case listed([UInt64])
    }

    /// `stride` words a key.
    let words: [UInt64]
    let count: Int
    /// Where each key stood in the input; keys may repeat unless positions are listed.
    let positions: Positions
}

/// One numbering of the groups of several key lists, in order of first appearance in the input.
struct GroupMerge: Sendable {
    /// For each list, the merged group of each of its keys.
    var maps: [[UInt32]]
    /// Keys of the merged groups, `stride` words each.
    var keys: [UInt64]
    var groupCount: Int

    private static let serialLimit = 16_384
    private static let largeLimit = 1 << 20

    /// The keys of one list by partition: those of partition `p` are `items[starts[p]..<starts[p + 1]]`.
    private struct Division: Sendable {
        var items: [UInt32]
        var starts: [Int]
    }

    private struct Partition: Sendable {
        var keys: [UInt64]
        /// First position of each group.
        var positions: [UInt64]
        /// For each list, the partition's group of each of the list's items that fall here.
        var groups: [[UInt32]]
    }

    /// Keys are divided by their hash into partitions that fit a core's cache, which are then grouped in parallel.
    static func merge(_ lists: [KeyList], stride: Int, workerCount: Int) -> GroupMerge {
        if lists.count == 1, case .listed = lists[0].positions {
            let identity = (0..<lists[0].count).map { UInt32(truncatingIfNeeded: $0) }
            return GroupMerge(maps: [identity], keys: lists[0].words, groupCount: lists[0].count)
        }
        let total = lists.reduce(0) { $0 + $1.count }
        let bits = total < serialLimit ? 0 : total < largeLimit ? 5 : 8
        let divisions = WorkerThreads.map(count: lists.count, workerCount: workerCount) { list in
            divided(lists[list].words, lists[list].count, stride, bits)
        }
        let partitions = WorkerThreads.map(count: 1 << bits, workerCount: workerCount) { partition in
            grouped(lists, divisions, partition, stride)
        }
        return numbered(partitions, divisions, stride, workerCount)
    }

    private static func divided(_ words: [UInt64], _ count: Int, _ stride: Int, _ bits: Int) -> Division {
        var starts = [Int](repeating: 0, count: (1 << bits) + 1)
        var partitionOf = [UInt8](repeating: 0, count: count)
        for item in 0..<count {
            let partition = GroupTable.partition(words, group: item, stride: stride, bits: bits)
            partitionOf[item] = UInt8(truncatingIfNeeded: partition)
            starts[partition &+ 1] &+= 1
        }
        for partition in 0..<(1 << bits) { starts[partition &+ 1] &+= starts[partition] }
        var next = starts
        var items = [UInt32](repeating: 0, count: count)
        for item in 0..<count {
            let partition = Int(partitionOf[item])
            items[next[partition]] = UInt32(truncatingIfNeeded: item)
            next[partition] &+= 1
        }
        return Division(items: items, starts: starts)
    }

    private static func grouped(
        _ lists: [KeyList], _ divisions: [Division], _ partition: Int, _ stride: Int
    ) -> Partition {
        let counts = divisions.map { $0.starts[partition + 1] - $0.starts[partition] }
        var table = GroupTable(
            stride: stride, denseBitCount: nil, capacity: counts.max() ?? 0, keepsPositions: false)
        var positions: [UInt64] = []
        var groups: [[UInt32]] = []
        groups.reserveCapacity(lists.count)
        for (number, list) in lists.enumerated() {
            let first = divisions[number].starts[partition]
            let words = gathered(list.words, divisions[number].items, first..<(first + counts[number]), stride)
            let own = table.assign(words, count: counts[number], firstPosition: 0)
            positions.pad(to: table.count, with: .max)
            lower(&positions, own, divisions[number].items, first, list.positions)
            groups.append(own)
        }
        return Partition(keys: table.keys, positions: positions, groups: groups)
    }

    private static func gathered(
        _ words: [UInt64], _ items: [UInt32], _ range: Range<Int>, _ stride: Int
    ) -> [UInt64] {
        [UInt64](capacity: range.count * stride) { output in
            for index in range {
                let start = Int(items[index]) &* stride
                for word in 0..<stride { output.append(words[start &+ word]) }
            }
        }
    }

    /// Keeps the smallest position of each group.
    private static func lower(
        _ positions: inout [UInt64], _ groups: [UInt32], _ items: [UInt32], _ first: Int, _ known: KeyList.Positions
    ) {
        switch known {
        case .from(let base):
            for index in 0..<groups.count {
                let group = Int(groups[index])
                positions[group] = min(positions[group], base &+ UInt64(items[first &+ index]))
            }
        case .listed(let own):
            for index in 0..<groups.count {
                let group = Int(groups[index])
                positions[group] = min(positions[group], own[Int(items[first &+ index])])
            }
        }
    }

    private static func numbered(
        _ partitions: [Partition], _ divisions: [Division], _ stride: Int, _ workerCount: Int
    ) -> GroupMerge {
        var bases: [Int] = []
        var positions: [UInt64] = []
        for partition in partitions {
            bases.append(positions.count)
            positions.append(contentsOf: partition.positions)
        }
        let order = ordered(positions, workerCount)
        var newRank = [UInt32](repeating: 0, count: order.count)
        for place in 0..<order.count { newRank[Int(order[place])] = UInt32(truncatingIfNeeded: place) }
        let rank = newRank
        let firstGroups = bases
        let maps = WorkerThreads.map(count: divisions.count, workerCount: workerCount) { list in
            mapped(partitions.map { $0.groups[list] }, divisions[list], firstGroups, rank)
        }
        var keys = [UInt64](repeating: 0, count: order.count * stride)
        for (number, partition) in partitions.enumerated() {
            place(partition.keys, partition.positions.count, rank, bases[number], stride, &keys)
        }
        return GroupMerge(maps: maps, keys: keys, groupCount: order.count)
    }

    private static func place(
        _ source: [UInt64], _ count: Int, _ rank: [UInt32], _ base: Int, _ stride: Int, _ keys: inout [UInt64]
    ) {
        for group in 0..<count {
            let target = Int(rank[base &+ group]) &* stride
            for word in 0..<stride { keys[target &+ word] = source[group &* stride &+ word] }
        }
    }

    private static func mapped(
        _ groups: [[UInt32]], _ division: Division, _ bases: [Int], _ rank: [UInt32]
    ) -> [UInt32] {
        var map = [UInt32](repeating: 0, count: division.items.count)
        for (partition, own) in groups.enumerated() {
            let first = division.starts[partition]
            let base = bases[partition]
            for index in 0..<own.count { map[Int(division.items[first &+ index])] = rank[base &+ Int(own[index])] }
        }
        return map
    }

    /// Group numbers in the order of their positions: first by morsel, then each morsel's by row, in parallel.
    static func ordered(_ positions: [UInt64], _ workerCount: Int) -> [UInt32] {
        var morselCount = 1
        for position in positions { morselCount = max(morselCount, Int(position >> 32) + 1) }
        var newStarts = [Int](repeating: 0, count: morselCount + 1)
        for position in positions { newStarts[Int(position >> 32) &+ 1] &+= 1 }
        for morsel in 0..<morselCount { newStarts[morsel &+ 1] &+= newStarts[morsel] }
        var next = newStarts
        var byMorsel = [UInt32](repeating: 0, count: positions.count)
        for group in 0..<positions.count {
            let morsel = Int(positions[group] >> 32)
            byMorsel[next[morsel]] = UInt32(truncatingIfNeeded: group)
            next[morsel] &+= 1
        }
        let starts = newStarts
        let groups = byMorsel
        let parts = WorkerThreads.map(count: morselCount, workerCount: workerCount) { morsel in
            var own = Array(groups[starts[morsel]..<starts[morsel + 1]])
            RadixSort.sort(&own, by: positions)
            return own
        }
        return Array(parts.joined())
    }
}
