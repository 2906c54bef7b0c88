import Columns

/// `count(*)`, and `count(x)`: rows where x is present.
final class CountState: AggregateState, @unchecked Sendable {
    private var counts: [Int64] = []

    override var byteCount: Int { counts.count * 8 }
    override func grow(to groupCount: Int) { counts.pad(to: groupCount, with: 0) }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        guard let input = inputs.first else {
            countRows(groups, &counts)
            return
        }
        if case .constant(let value) = input.values {
            if !value.isNull { countRows(groups, &counts) }
            return
        }
        let aligned = AlignedInput(input, groups)
        guard case .mask(let mask) = aligned.vector.validity else {
            countRows(groups, &counts)
            return
        }
        countPresent(mask, aligned.shape, &counts)
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? CountState else { return }
        absorbCounts(other.counts, map, &counts)
    }

    override func finish(groupCount: Int, workerCount: Int) -> Vector {
        Vector(type: .bigint, count: groupCount, values: .int64(counts))
    }
}

/// Adds another state's counts. A free function over arrays: a loop over a class's properties would check exclusivity each turn.
func absorbCounts(_ other: [Int64], _ map: [UInt32], _ counts: inout [Int64]) {
    for group in 0..<other.count { counts[Int(map[group])] &+= other[group] }
}

/// Adds the rows of each group to `counts`.
func countRows(_ groups: GroupAssignment, _ counts: inout [Int64]) {
    switch groups {
    case .single(let rowCount): counts[0] &+= Int64(rowCount)
    case .rows(let groups):
        // Neighbours mostly are of one group, and an addition would wait for the one before it: odd rows count by themselves.
        var odd = [Int64](repeating: 0, count: counts.count &* 4 < groups.count ? counts.count : 0)
        var row = 0
        while !odd.isEmpty, row &+ 1 < groups.count {
            counts[Int(groups[row])] &+= 1
            odd[Int(groups[row &+ 1])] &+= 1
            row &+= 2
        }
        while row < groups.count {
            counts[Int(groups[row])] &+= 1
            row &+= 1
        }
        for group in odd.indices { counts[group] &+= odd[group] }
    case .runs(let groups, let map):
        let starts = map.starts
        for run in 0..<groups.count { counts[Int(groups[run])] &+= Int64(starts[run &+ 1] &- starts[run]) }
    }
}

/// Adds the present rows of each group to `counts`.
func countPresent(_ mask: [UInt8], _ shape: AlignedInput.Shape, _ counts: inout [Int64]) {
    switch shape {
    case .rows(let groups): for row in 0..<groups.count { counts[Int(groups[row])] &+= Int64(mask[row]) }
    case .folded(let groups, let starts):
        for run in 0..<groups.count {
            var present: Int64 = 0
            for row in Int(starts[run])..<Int(starts[run &+ 1]) { present &+= Int64(mask[row]) }
            counts[Int(groups[run])] &+= present
        }
    case .weighted(let groups, let starts):
        for run in 0..<groups.count {
            counts[Int(groups[run])] &+= Int64(starts[run &+ 1] &- starts[run]) &* Int64(mask[run])
        }
    }
}
