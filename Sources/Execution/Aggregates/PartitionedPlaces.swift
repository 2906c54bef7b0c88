import Columns

/// How keys are divided.
struct PartitionRule: Sendable {
    /// 1 << bits partitions.
    let bits: Int
    /// Words of a key.
    let stride: Int
    /// The bits of a key that count, `stride` words; empty: all.
    var mask: [UInt64] = []
    /// Whether it matters where groups were first seen.
    var keepsPositions = true

    /// Adds the partition of each key to `partitions`.
    func divide(_ keys: KeyList, into partitions: inout [UInt8]) {
        if bits == 0 {
            partitions.append(contentsOf: repeatElement(0, count: keys.count))
            return
        }
        let words = keys.words
        let shift = UInt64(64 - bits)
        if stride == 1 {
            let mask = mask.first ?? .max
            for key in 0..<keys.count {
                partitions.append(UInt8(truncatingIfNeeded: GroupTable.mix(GroupTable.seed, words[key] & mask) &>> shift))
            }
            return
        }
        let mask = mask.isEmpty ? [UInt64](repeating: .max, count: stride) : mask
        for key in 0..<keys.count {
            var hash = GroupTable.seed
            for word in 0..<stride { hash = GroupTable.mix(hash, words[key &* stride &+ word] & mask[word]) }
            partitions.append(UInt8(truncatingIfNeeded: hash &>> shift))
        }
    }

    /// Whether the keys are spread over the partitions, as far as these tell.
    func isEven(_ keys: KeyList) -> Bool {
        let starts = PartitionedPlaces([keys], self).starts
        let largest = zip(starts, starts.dropFirst()).map { $1 - $0 }.max() ?? 0
        return largest * 8 <= keys.count
    }
}

/// Where the keys of some lists stand when they are put in the order of their partitions, and in it in their own.
struct PartitionedPlaces {
    /// In the order of the lists.
    let places: [UInt32]
    /// Where the keys of each partition start, and the end.
    let starts: [Int]

    init(_ lists: [KeyList], _ rule: PartitionRule) {
        let count = lists.reduce(0) { $0 + $1.count }
        var partitions: [UInt8] = []
        partitions.reserveCapacity(count)
        for list in lists { rule.divide(list, into: &partitions) }
        var starts = [Int](repeating: 0, count: (1 << rule.bits) + 1)
        for key in 0..<count { starts[Int(partitions[key]) &+ 1] &+= 1 }
        for partition in 0..<(1 << rule.bits) { starts[partition &+ 1] &+= starts[partition] }
        var next = starts.map { UInt32(truncatingIfNeeded: $0) }
        places = [UInt32](capacity: count) { output in
            for key in 0..<count {
                let partition = Int(partitions[key])
                output.append(next[partition])
                next[partition] &+= 1
            }
        }
        self.starts = starts
    }

    private init(_ places: [UInt32], starts: [Int]) {
        self.places = places
        self.starts = starts
    }

    /// The same of the keys' rows.
    ///
    /// - Parameter rowStarts: Where the rows of each key begin, and the end.
    /// - Returns: The places of the rows, and how many rows each key has, in the order of the partitions.
    func ofRows(_ rowStarts: [Int32]) -> (rows: PartitionedPlaces, counts: [Int32]) {
        var counts = [Int32](repeating: 0, count: places.count)
        for key in 0..<places.count { counts[Int(places[key])] = rowStarts[key &+ 1] &- rowStarts[key] }
        var firsts = [UInt32](repeating: 0, count: places.count + 1)
        for place in 0..<places.count { firsts[place &+ 1] = firsts[place] &+ UInt32(truncatingIfNeeded: counts[place]) }
        var rows: [UInt32] = []
        rows.reserveCapacity(Int(firsts[places.count]))
        for key in 0..<places.count {
            let first = firsts[Int(places[key])]
            for row in 0..<UInt32(truncatingIfNeeded: rowStarts[key &+ 1] &- rowStarts[key]) { rows.append(first &+ row) }
        }
        return (PartitionedPlaces(rows, starts: starts.map { Int(firsts[$0]) }), counts)
    }

    /// The items of lists that have as many in all as there are places, `stride` values each, each at its place.
    func arranged<Value: BitwiseCopyable>(_ lists: [[Value]], stride: Int = 1) -> [Value] {
        precondition(lists.reduce(0) { $0 + $1.count } == places.count * stride)
        let targets = places.span
        return unsafe [Value](unsafeUninitializedCapacity: places.count * stride) { output, filledCount in
            var item = 0
            for list in lists {
                let values = list.span
                // Bounds: places are all numbers below their count, each once, so that every item is written.
                if stride == 1 {
                    for index in 0..<values.count {
                        unsafe output[Int(targets[unchecked: item &+ index])] = values[unchecked: index]
                    }
                    item &+= values.count
                } else {
                    for index in 0..<(values.count / stride) {
                        let target = unsafe Int(targets[unchecked: item &+ index]) &* stride
                        for word in 0..<stride { unsafe output[target &+ word] = values[unchecked: index &* stride &+ word] }
                    }
                    item &+= values.count / stride
                }
            }
            filledCount = places.count * stride
        }
    }

    /// Where the keys stood in the input, each at its place.
    func arranged(_ lists: [KeyList]) -> [UInt64] {
        let targets = places.span
        return unsafe [UInt64](unsafeUninitializedCapacity: places.count) { output, filledCount in
            var item = 0
            for list in lists {
                // Bounds: as above; a list has a position for each key.
                switch list.positions {
                case .from(let first):
                    for key in 0..<list.count { unsafe output[Int(targets[unchecked: item &+ key])] = first &+ UInt64(key) }
                case .listed(let own):
                    for key in 0..<list.count { unsafe output[Int(targets[unchecked: item &+ key])] = own[key] }
                }
                item &+= list.count
            }
            filledCount = places.count
        }
    }

    /// The rows of vectors that can be joined, each at its place.
    func arranged(_ vectors: [Vector]) -> Vector {
        let flat = vectors.map { $0.flattened() }
        let values: VectorValues?
        switch flat[0].values {
        case .boolean: values = rows(flat) { if case .boolean(let rows) = $0 { rows } else { nil } }.map { .boolean($0) }
        case .int32: values = rows(flat) { if case .int32(let rows) = $0 { rows } else { nil } }.map { .int32($0) }
        case .int64: values = rows(flat) { if case .int64(let rows) = $0 { rows } else { nil } }.map { .int64($0) }
        case .double: values = rows(flat) { if case .double(let rows) = $0 { rows } else { nil } }.map { .double($0) }
        default: values = nil
        }
        guard let values else {
            let joined = flat.count == 1 ? flat[0] : Vector.concatenated(flat, type: flat[0].type)
            var items = [Int32](repeating: 0, count: places.count)
            for item in 0..<places.count { items[Int(places[item])] = Int32(truncatingIfNeeded: item) }
            return joined.gathered(items)
        }
        var validity = Validity.allPresent
        if flat.contains(where: { if case .mask = $0.validity { true } else { false } }) {
            validity = Validity(compacting: arranged(flat.map { $0.validity.expanded(rowCount: $0.count) }))
        }
        return Vector(type: flat[0].type, count: places.count, values: values, validity: validity)
    }

    /// nil if the vectors are not all of one kind.
    private func rows<Value: BitwiseCopyable>(
        _ vectors: [Vector], _ values: (VectorValues) -> [Value]?
    ) -> [Value]? {
        let lists = vectors.compactMap { values($0.values) }
        return lists.count == vectors.count ? arranged(lists) : nil
    }
}
