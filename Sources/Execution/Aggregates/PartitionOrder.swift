import Columns

/// Groups of several partitions in the order of their first positions.
struct PartitionOrder: Sendable {
    /// By morsel: partition << 32 | place in it, in order. Not one list: its memory would be touched for the first time by one thread.
    private let parts: [[UInt64]]
    /// Where each part begins, and the end.
    private let starts: [Int]

    var count: Int { starts[starts.count - 1] }

    /// The groups from one to before another: partition << 32 | place in it.
    func ids(_ range: Range<Int>) -> [UInt64] {
        var ids: [UInt64] = []
        ids.reserveCapacity(range.count)
        // The part that holds the first of them.
        var (part, end) = (0, parts.count)
        while part < end {
            let middle = (part + end) / 2
            if starts[middle + 1] <= range.lowerBound { part = middle + 1 } else { end = middle }
        }
        while ids.count < range.count {
            let own = parts[part]
            let first = range.lowerBound + ids.count - starts[part]
            ids += own[first..<min(own.count, first + range.count - ids.count)]
            part += 1
        }
        return ids
    }

    /// - Parameter positions: Of each partition's groups: morsel << 32 | row, no two the same.
    init(_ positions: [[UInt64]], workerCount: Int) {
        // Places of each partition in ascending order: as they are, if rows came in the order of the input.
        let orders = WorkerThreads.map(count: positions.count, workerCount: workerCount) { partition in
            PartitionOrder.ascending(positions[partition])
        }
        var morselCount = 0
        for (own, order) in zip(positions, orders) {
            if let last = order.map({ $0.last.map { own[Int($0)] } }) ?? own.last { morselCount = max(morselCount, Int(last >> 32) + 1) }
        }
        let morsels = morselCount
        // By partition, where the groups of each morsel begin.
        let starts = WorkerThreads.map(count: positions.count, workerCount: workerCount) { partition in
            var starts = [UInt32](repeating: 0, count: morsels + 1)
            for position in positions[partition] { starts[Int(position >> 32) &+ 1] &+= 1 }
            for morsel in 0..<morsels { starts[morsel &+ 1] &+= starts[morsel] }
            return starts
        }
        parts = WorkerThreads.map(count: morsels, workerCount: workerCount) { morsel in
            PartitionOrder.ids(ofMorsel: morsel, positions, orders, starts)
        }
        self.starts = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    }

    /// The places of positions in ascending order; nil if they ascend.
    private static func ascending(_ positions: [UInt64]) -> [UInt32]? {
        var isAscending = true
        for place in 1..<max(1, positions.count) where positions[place] < positions[place &- 1] { isAscending = false }
        if isAscending { return nil }
        var places = (0..<positions.count).map { UInt32(truncatingIfNeeded: $0) }
        places.sort { positions[Int($0)] < positions[Int($1)] }
        return places
    }

    private static func ids(
        ofMorsel morsel: Int, _ positions: [[UInt64]], _ orders: [[UInt32]?], _ starts: [[UInt32]]
    ) -> [UInt64] {
        var count = 0
        var rowCount = 0
        for partition in positions.indices {
            let (first, end) = (Int(starts[partition][morsel]), Int(starts[partition][morsel &+ 1]))
            if first == end { continue }
            count += end - first
            let last = orders[partition].map { Int($0[end - 1]) } ?? end - 1
            rowCount = max(rowCount, Int(positions[partition][last] & 0xFFFF_FFFF) + 1)
        }
        // Where most rows begin a group, each has a slot of its own; else the few are sorted.
        if rowCount <= 8 * count {
            var slots = [UInt64](repeating: .max, count: rowCount)
            forEach(ofMorsel: morsel, positions, orders, starts) { slots[$0] = $1 }
            return slots.filter { $0 != .max }
        }
        var pairs: [(row: Int, id: UInt64)] = []
        pairs.reserveCapacity(count)
        forEach(ofMorsel: morsel, positions, orders, starts) { pairs.append(($0, $1)) }
        pairs.sort { $0.row < $1.row }
        return pairs.map(\.id)
    }

    @inline(__always)
    private static func forEach(
        ofMorsel morsel: Int, _ positions: [[UInt64]], _ orders: [[UInt32]?], _ starts: [[UInt32]], _ body: (Int, UInt64) -> Void
    ) {
        for partition in positions.indices {
            let own = positions[partition]
            let base = UInt64(partition) << 32
            let range = Int(starts[partition][morsel])..<Int(starts[partition][morsel &+ 1])
            if let order = orders[partition] {
                for place in order[range] { body(Int(own[Int(place)] & 0xFFFF_FFFF), base | UInt64(place)) }
            } else {
                for place in range { body(Int(own[place] & 0xFFFF_FFFF), base | UInt64(place)) }
            }
        }
    }
}

/// Some neighbours of a `PartitionOrder`, partition by partition.
struct PartitionPlaces {
    /// In the order of the partitions: places in them, and where they are among the neighbours.
    let sources: [Int32]
    let targets: [Int32]
    /// Where those of each partition begin, and the end.
    let starts: [Int]

    init(_ ids: [UInt64], partitionCount: Int) {
        var starts = [Int](repeating: 0, count: partitionCount + 1)
        for id in ids { starts[Int(id >> 32) &+ 1] &+= 1 }
        for partition in 0..<partitionCount { starts[partition &+ 1] &+= starts[partition] }
        var next = starts
        var sources = [Int32](repeating: 0, count: ids.count)
        var targets = sources
        var target: Int32 = 0
        for id in ids {
            let place = next[Int(id >> 32)]
            next[Int(id >> 32)] = place &+ 1
            sources[place] = Int32(truncatingIfNeeded: id & 0xFFFF_FFFF)
            targets[place] = target
            target &+= 1
        }
        self.sources = sources
        self.targets = targets
        self.starts = starts
    }

    var count: Int { sources.count }

    /// Copies the rows of one partition, `stride` values each.
    @inlinable
    func copy<Value: BitwiseCopyable>(_ values: [Value], of partition: Int, stride: Int = 1, to target: inout [Value]) {
        let range = starts[partition]..<starts[partition + 1]
        if range.isEmpty { return }
        let (from, rows, to) = (values.span, sources.span, targets.span)
        var result = target.mutableSpan
        if stride == 1 {
            for item in range { result[Int(to[item])] = from[Int(rows[item])] }
            return
        }
        for item in range {
            let (source, place) = (Int(rows[item]) &* stride, Int(to[item]) &* stride)
            for word in 0..<stride { result[place &+ word] = from[source &+ word] }
        }
    }
}

/// A column whose rows lie in several partitions.
struct PartedColumn: Sendable {
    private let parts: [Vector]
    private let type: LogicalType
    /// All parts in one, for kinds of values that are not copied one by one, and where each part begins.
    private let joined: (column: Vector, starts: [Int32])?

    init(_ parts: [Vector], type: LogicalType) {
        self.parts = parts
        self.type = type
        let isPlain: Bool =
            switch parts.first?.values {
            case .int64: parts.allSatisfy { if case .int64 = $0.values { true } else { false } }
            case .int128: parts.allSatisfy { if case .int128 = $0.values { true } else { false } }
            case .double: parts.allSatisfy { if case .double = $0.values { true } else { false } }
            default: false
            }
        if isPlain {
            joined = nil
        } else {
            var starts: [Int32] = [0]
            for part in parts { starts.append(starts[starts.count - 1] + Int32(part.count)) }
            joined = (Vector.concatenated(parts, type: type), starts)
        }
    }

    func gathered(_ places: PartitionPlaces) -> Vector {
        if let joined {
            var rows = [Int32](repeating: 0, count: places.count)
            for part in parts.indices {
                for item in places.starts[part]..<places.starts[part + 1] {
                    rows[Int(places.targets[item])] = joined.starts[part] + places.sources[item]
                }
            }
            return joined.column.gathered(rows)
        }
        let values: VectorValues
        switch parts[0].values {
        case .int64: values = .int64(copied(places, filler: 0) { if case .int64(let rows) = $0 { rows } else { [] } })
        case .int128: values = .int128(copied(places, filler: 0) { if case .int128(let rows) = $0 { rows } else { [] } })
        default: values = .double(copied(places, filler: 0) { if case .double(let rows) = $0 { rows } else { [] } })
        }
        return Vector(type: parts[0].type, count: places.count, values: values, validity: validity(places))
    }

    private func copied<Value: BitwiseCopyable>(
        _ places: PartitionPlaces, filler: Value, _ rows: (VectorValues) -> [Value]
    ) -> [Value] {
        var result = [Value](repeating: filler, count: places.count)
        for part in parts.indices { places.copy(rows(parts[part].values), of: part, to: &result) }
        return result
    }

    private func validity(_ places: PartitionPlaces) -> Validity {
        if parts.allSatisfy({ $0.validity == .allPresent }) { return .allPresent }
        var mask = [UInt8](repeating: 1, count: places.count)
        for part in parts.indices {
            if case .mask(let own) = parts[part].validity { places.copy(own, of: part, to: &mask) }
        }
        return Validity(compacting: mask)
    }
}
