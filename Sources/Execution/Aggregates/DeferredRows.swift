import Columns

/// Rows put aside because grouping them at once would save little: their keys, and what the aggregates need of them.
struct DeferredRows: Sendable {
    let keys: KeyList
    /// The runs that have one key each; nil: one key a row.
    let map: RunMap?
    /// For each aggregate, its inputs, and the rows its filter keeps, nil without a filter.
    let inputs: [[Vector]]
    let selections: [Selection?]
    let morsel: Int

    /// The rows with their groups, the group of each key being known.
    func groups(_ groupOfKey: [UInt32]) -> GroupAssignment { map.map { .runs(groupOfKey, $0) } ?? .rows(groupOfKey) }

    var byteCount: Int { keys.words.count * 8 + inputs.reduce(0) { $0 + $1.reduce(0) { $0 + $1.byteCount } } }

    var rowCount: Int { map?.rowCount ?? keys.count }

    /// The inputs, each once, and which of them each aggregate takes.
    var distinctInputs: (inputs: [Vector], indexes: [[Int]]) {
        var distinct: [Vector] = []
        var places: [ObjectIdentifier: Int] = [:]
        let indexes = inputs.map { inputs in
            inputs.map { input in
                if let known = places[ObjectIdentifier(input)] { return known }
                places[ObjectIdentifier(input)] = distinct.count
                distinct.append(input)
                return distinct.count - 1
            }
        }
        return (distinct, indexes)
    }
}

extension DeferredRows {
    /// The same with one row a key, where all aggregates can do with what the rows of a key come to.
    func foldingRuns(_ states: [AggregateState]) -> DeferredRows {
        guard let map, map.rowCount > map.runCount, selections.allSatisfy({ $0 == nil }) else { return self }
        var known: [ObjectIdentifier: Vector] = [:]
        var folded: [[Vector]] = []
        for (state, given) in zip(states, inputs) {
            guard state.canTakeSums, given.count == 1 else { return self }
            guard let own = known[ObjectIdentifier(given[0])] ?? given[0].sums(ofRuns: map) else { return self }
            known[ObjectIdentifier(given[0])] = own
            folded.append([own])
        }
        return DeferredRows(keys: keys, map: nil, inputs: folded, selections: selections, morsel: morsel)
    }

    /// Neighbouring lists to be read as one, of about so many keys or more, where nothing has to be translated for it.
    static func joinable(_ lists: [DeferredRows], keyCount: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var first = 0
        var count = 0
        for index in lists.indices {
            if index > first, count >= keyCount || !lists[first].isJoinable(with: lists[index]) {
                ranges.append(first..<index)
                first = index
                count = 0
            }
            count += lists[index].keys.count
        }
        if first < lists.count { ranges.append(first..<lists.count) }
        return ranges
    }

    /// Where the rows of each key begin in the lists read as one, and the end; nil: each key has one row.
    static func rowStarts(_ lists: [DeferredRows]) -> [Int32]? {
        if lists.allSatisfy({ $0.map == nil }) { return nil }
        var starts: [Int32] = []
        starts.reserveCapacity(lists.reduce(1) { $0 + $1.keys.count })
        var base: Int32 = 0
        for list in lists {
            if let map = list.map {
                for key in 0..<list.keys.count { starts.append(base + map.starts[key]) }
            } else {
                for key in 0..<Int32(list.keys.count) { starts.append(base + key) }
            }
            base += Int32(list.rowCount)
        }
        starts.append(base)
        return starts
    }

    private func isJoinable(with other: DeferredRows) -> Bool {
        guard zip(selections, other.selections).allSatisfy({ ($0 == nil) == ($1 == nil) }) else { return false }
        let (own, others) = (distinctInputs, other.distinctInputs)
        return own.indexes == others.indexes && zip(own.inputs, others.inputs).allSatisfy { $0.isJoinable(with: $1) }
    }
}

extension Vector {
    /// The sum of each run's present rows, NULL where there is none; nil if a sum might leave 64 bits.
    fileprivate func sums(ofRuns map: RunMap) -> Vector? {
        guard case .int64(let rows) = values, isSmall(rows) else { return nil }
        let starts = map.starts
        var sums = [Int64](repeating: 0, count: map.runCount)
        guard case .mask(let mask) = validity else {
            for run in 0..<sums.count {
                var sum: Int64 = 0
                for row in Int(starts[run])..<Int(starts[run &+ 1]) { sum &+= rows[row] }
                sums[run] = sum
            }
            return Vector(type: type, count: sums.count, values: .int64(sums))
        }
        var present = [UInt8](repeating: 0, count: sums.count)
        for run in 0..<sums.count {
            var sum: Int64 = 0
            var bits: UInt8 = 0
            for row in Int(starts[run])..<Int(starts[run &+ 1]) {
                sum &+= rows[row] & (0 &- Int64(mask[row]))
                bits |= mask[row]
            }
            sums[run] = sum
            present[run] = bits
        }
        return Vector(type: type, count: sums.count, values: .int64(sums), validity: Validity(compacting: present))
    }

    /// Whether the rows of both can stand in one vector as they are.
    fileprivate func isJoinable(with other: Vector) -> Bool {
        if type != other.type { return false }
        switch (values, other.values) {
        case (.constant(let value), .constant(let otherValue)): return value == otherValue
        case (.constant, _), (_, .constant): return false
        case (.runs(let child, _), _): return child.isJoinable(with: other)
        case (_, .runs(let child, _)): return isJoinable(with: child)
        case (.dictionary(_, let domain), .dictionary(_, let otherDomain)): return domain === otherDomain
        case (.identifier(_, let domain), .identifier(_, let otherDomain)): return domain === otherDomain
        case (.string, _), (.dictionary, _), (.identifier, _): return false
        case (.boolean, .boolean), (.int32, .int32), (.double, .double), (.interval, .interval): return true
        case (.int64, .int64), (.int128, .int128), (.int64, .int128), (.int128, .int64): return true
        default: return false
        }
    }
}
