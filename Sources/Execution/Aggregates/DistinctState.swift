import Columns

/// An aggregate over the distinct values of its arguments: keeps each (group, value) once.
///
/// `count(distinct x)` counts them; any other aggregate gets them, sorted, as its input.
final class DistinctState: AggregateState, @unchecked Sendable {
    /// The code of a group number in keys: the lowest 32 bits of their first word.
    static let groupCodec = KeyCodec(
        type: .bigint, coding: .integer(base: 0, unit: 1, limit: 0xFFFF_FFFF), bitCount: 32)

    private struct Part: Sendable {
        var keys: [UInt64]
        var map: [UInt32]?
        /// Whether no key comes twice.
        var isDistinct: Bool
    }

    private let inputCount: Int
    /// Whether keys hold a group number: not for an aggregate without GROUP BY.
    private let hasGroups: Bool
    private let choice: LayoutChoice
    /// Keys above which a state looks whether removing duplicates right away pays.
    private let deferringKeyCount: Int
    /// Nil for `count`.
    private let inner: AggregateState?
    private var table: GroupTable?
    private var keyCount = 0
    private var isDeferring = false
    private var parts: [Part] = []
    private var deferredByteCount = 0

    init(inputCount: Int, hasGroups: Bool, choice: LayoutChoice, deferringKeyCount: Int, inner: AggregateState?) {
        self.inputCount = inputCount
        self.hasGroups = hasGroups
        self.choice = choice
        self.deferringKeyCount = deferringKeyCount
        self.inner = inner
    }

    override var byteCount: Int { (table?.byteCount ?? 0) + deferredByteCount + (inner?.byteCount ?? 0) }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        var vectors: [Vector]
        var groupOfItem: [UInt32]
        if inputs.count == 1 {
            let input = AlignedInput(inputs[0], groups)
            if !hasGroups, let entries = DistinctState.entries(of: input.vector) {
                vectors = [entries]
                groupOfItem = [UInt32](repeating: 0, count: entries.count)
            } else {
                let (vector, items) = input.presentItems()
                vectors = [vector]
                groupOfItem = items
            }
        } else {
            vectors = inputs.map { $0.flattened() }
            groupOfItem = groups.groupOfRow ?? [UInt32](repeating: 0, count: groups.rowCount)
            if case .mask(let mask) = vectors[0].validity {
                var kept: [Int32] = []
                for row in 0..<mask.count where mask[row] != 0 { kept.append(Int32(truncatingIfNeeded: row)) }
                vectors = vectors.map { $0.gathered(kept) }
                groupOfItem = gather(groupOfItem, kept)
            }
        }
        if groupOfItem.isEmpty { return }
        let layout = try choice.layout(for: vectors)
        if hasGroups { vectors.insert(DistinctState.vector(of: groupOfItem), at: 0) }
        let (words, misfits) = layout.encode(vectors, rowCount: groupOfItem.count, adding: true)
        if misfits != nil { try choice.reportMisfit() }
        if isDeferring {
            parts.append(Part(keys: words, map: nil, isDistinct: false))
            deferredByteCount += words.count * 8
            return
        }
        var own =
            table
            ?? GroupTable(stride: layout.stride, denseBitCount: layout.denseBitCount, keepsPositions: false)
        table = nil
        _ = own.assign(words, count: groupOfItem.count, firstPosition: 0)
        keyCount += groupOfItem.count
        isDeferring = own.count > deferringKeyCount && own.count > keyCount / 2
        table = own
    }

    /// The entries of a dictionary that occur, each once; nil where looking for them would not pay.
    private static func entries(of vector: Vector) -> Vector? {
        guard case .dictionary(let codes, let dictionary) = vector.values, dictionary.count <= codes.count / 2 else { return nil }
        let isUsed = dictionary.usedEntries(of: codes, vector.validity)
        let used = (0..<UInt32(isUsed.count)).filter { isUsed[Int($0)] != 0 }
        return Vector(type: vector.type, count: used.count, values: .dictionary(codes: used, dictionary))
    }

    private static func vector(of groups: [UInt32]) -> Vector {
        Vector(type: .bigint, count: groups.count, values: .int64(groups.map { Int64($0) }))
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? DistinctState else { return }
        if let table = other.table { parts.append(Part(keys: table.keys, map: map, isDistinct: true)) }
        other.table = nil
        for part in other.parts {
            let joined = part.map.map { own in own.map { map[Int($0)] } } ?? map
            parts.append(Part(keys: part.keys, map: joined, isDistinct: part.isDistinct))
        }
        other.parts = []
    }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        if let table { parts.append(Part(keys: table.keys, map: nil, isDistinct: true)) }
        table = nil
        guard let layout = choice.chosen, !parts.isEmpty else { return try finishInner([], [], groupCount, workerCount) }
        let keys = distinctKeys(layout.stride, workerCount)
        let pairCount = keys.reduce(0) { $0 + $1.count / layout.stride }
        if inner == nil { return counts(keys, layout.stride, groupCount) }
        let joined = Array(keys.joined())
        var groups = [UInt32](repeating: 0, count: pairCount)
        if hasGroups {
            for pair in 0..<pairCount { groups[pair] = UInt32(truncatingIfNeeded: joined[pair * layout.stride]) }
        }
        let first = hasGroups ? 1 : 0
        let vectors = (first..<(first + inputCount)).map {
            layout.decode(column: $0, words: joined, rowCount: pairCount)
        }
        return try finishInner(vectors, groups, groupCount, workerCount)
    }

    /// The keys of all parts under the groups of this state, each once.
    private func distinctKeys(_ stride: Int, _ workerCount: Int) -> [[UInt64]] {
        let own = parts
        parts = []
        let hasGroups = hasGroups
        if own.count == 1, own[0].isDistinct {
            return [DistinctState.renumbered(own[0].keys, own[0].map, stride, hasGroups)]
        }
        let total = own.reduce(0) { $0 + $1.keys.count } / stride
        let bits = total < 16_384 ? 0 : total < 1 << 20 ? 5 : 8
        let buckets = WorkerThreads.map(count: own.count, workerCount: workerCount) { index in
            let keys = DistinctState.renumbered(own[index].keys, own[index].map, stride, hasGroups)
            return DistinctState.bucketed(keys, stride, bits: bits)
        }
        return WorkerThreads.map(count: 1 << bits, workerCount: workerCount) { bucket in
            let largest = min(1 << 15, buckets.reduce(0) { $0 + $1[bucket].count / stride })
            var table = GroupTable(stride: stride, denseBitCount: nil, capacity: largest, keepsPositions: false)
            for part in buckets {
                _ = table.assign(part[bucket], count: part[bucket].count / stride, firstPosition: 0)
            }
            return table.keys
        }
    }

    private static func renumbered(
        _ keys: [UInt64], _ map: [UInt32]?, _ stride: Int, _ hasGroups: Bool
    ) -> [UInt64] {
        guard let map, hasGroups else { return keys }
        var keys = keys
        var position = 0
        while position < keys.count {
            let word = keys[position]
            keys[position] = (word & 0xFFFF_FFFF_0000_0000) | UInt64(map[Int(truncatingIfNeeded: word & 0xFFFF_FFFF)])
            position &+= stride
        }
        return keys
    }

    private static func bucketed(_ keys: [UInt64], _ stride: Int, bits: Int) -> [[UInt64]] {
        if bits == 0 { return [keys] }
        let count = keys.count / stride
        var bucketOf = [UInt8](repeating: 0, count: count)
        var starts = [Int](repeating: 0, count: (1 << bits) + 1)
        for key in 0..<count {
            let bucket = GroupTable.partition(keys, group: key, stride: stride, bits: bits)
            bucketOf[key] = UInt8(truncatingIfNeeded: bucket)
            starts[bucket + 1] &+= 1
        }
        for bucket in 0..<(1 << bits) { starts[bucket + 1] &+= starts[bucket] }
        // Into one piece first: an append to one of many arrays costs more than the copy.
        var ordered = [UInt64](repeating: 0, count: keys.count)
        var next = starts
        let words = keys.span
        var places = ordered.mutableSpan
        for key in 0..<count {
            let bucket = Int(bucketOf[key])
            let place = next[bucket] &* stride
            next[bucket] &+= 1
            for word in 0..<stride { places[place &+ word] = words[key &* stride &+ word] }
        }
        return (0..<(1 << bits)).map { Array(ordered[(starts[$0] * stride)..<(starts[$0 + 1] * stride)]) }
    }

    private func counts(_ keys: [[UInt64]], _ stride: Int, _ groupCount: Int) -> Vector {
        var counts = [Int64](repeating: 0, count: groupCount)
        for part in keys {
            if !hasGroups {
                counts[0] += Int64(part.count / stride)
                continue
            }
            var position = 0
            while position < part.count {
                counts[Int(truncatingIfNeeded: part[position] & 0xFFFF_FFFF)] &+= 1
                position &+= stride
            }
        }
        return Vector(type: .bigint, count: groupCount, values: .int64(counts))
    }

    private func finishInner(
        _ vectors: [Vector], _ groups: [UInt32], _ groupCount: Int, _ workerCount: Int
    ) throws(ExecutionError) -> Vector {
        guard let inner else {
            return Vector(
                type: .bigint, count: groupCount, values: .int64([Int64](repeating: 0, count: groupCount)))
        }
        inner.grow(to: groupCount)
        if !groups.isEmpty {
            var keys = [SortKeys.Key(column: DistinctState.vector(of: groups), descending: false, nullsFirst: false)]
            for vector in vectors { keys.append(SortKeys.Key(column: vector, descending: false, nullsFirst: false)) }
            let order = SortKeys(keys, rowCount: groups.count).order().map { Int32(bitPattern: $0) }
            try inner.update(vectors.map { $0.gathered(order) }, .rows(gather(groups, order)), morsel: 0)
        }
        return try inner.finish(groupCount: groupCount, workerCount: workerCount)
    }
}
