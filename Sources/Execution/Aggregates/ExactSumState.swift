import Columns

/// `sum` and `avg` of integers and exact decimals: 128-bit sums, so that neither order nor worker matters.
final class ExactSumState: AggregateState, @unchecked Sendable {
    private let isAverage: Bool
    private let inputScale: Int
    private let type: LogicalType
    private let errorPosition: Int
    private var sums: [Int128] = []
    private var counts: [Int64] = []
    private var hasOverflowed = false

    /// - Parameter type: Of the result: bigint for `sum(integer)`, else numeric.
    init(isAverage: Bool, inputScale: Int, type: LogicalType, errorPosition: Int) {
        self.isAverage = isAverage
        self.inputScale = inputScale
        self.type = type
        self.errorPosition = errorPosition
    }

    override func grow(to groupCount: Int) {
        sums.pad(to: groupCount, with: 0)
        counts.pad(to: groupCount, with: 0)
    }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let input = AlignedInput(inputs[0], groups)
        let vector = input.vector
        if case .mask(let mask) = vector.validity {
            countPresent(mask, input.shape, &counts)
        } else if case .rows = input.shape {
            // Counted along with the sums below.
        } else {
            countRows(groups, &counts)
        }
        switch vector.values {
        case .int64(let rows):
            switch (input.shape, vector.validity) {
            case (.rows(let groups), .allPresent): addCounted(rows, groups, &sums, &counts)
            case (.rows(let groups), .mask(let mask)): addRows(zeroed(rows, mask), groups, &sums)
            case (.folded(let groups, let starts), .allPresent): addFolded(rows, groups, starts, &sums)
            case (.folded(let groups, let starts), .mask(let mask)):
                addFolded(zeroed(rows, mask), groups, starts, &sums)
            case (.weighted(let groups, let starts), .allPresent): addWeighted(rows, groups, starts, &sums)
            case (.weighted(let groups, let starts), .mask(let mask)):
                addWeighted(zeroed(rows, mask), groups, starts, &sums)
            }
        case .int128(let rows): addWide(rows, input)
        default:
            // A column of nothing but NULLs may come in another shape.
            break
        }
    }

    private func addWide(_ rows: [Int128], _ input: AlignedInput) {
        let isUncounted = if case .allPresent = input.vector.validity { true } else { false }
        let groups: [UInt32]
        var starts: [Int32]?
        switch input.shape {
        case .rows(let items): groups = items
        case .folded(let runs, let runStarts): groups = GroupAssignment.spread(runs, runStarts)
        case .weighted(let items, let runStarts):
            groups = items
            starts = runStarts
        }
        if case .rows = input.shape, isUncounted {
            for row in 0..<groups.count { counts[Int(groups[row])] &+= 1 }
        }
        for row in 0..<rows.count where input.vector.validity.isPresent(row) {
            let weight = starts.map { Int128($0[row + 1] - $0[row]) } ?? 1
            let (product, isTooLarge) = rows[row].multipliedReportingOverflow(by: weight)
            let (sum, overflow) = sums[Int(groups[row])].addingReportingOverflow(product)
            sums[Int(groups[row])] = sum
            if overflow || isTooLarge { hasOverflowed = true }
        }
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? ExactSumState else { return }
        hasOverflowed = hasOverflowed || other.hasOverflowed
        for group in 0..<other.sums.count {
            let target = Int(map[group])
            let (sum, overflow) = sums[target].addingReportingOverflow(other.sums[group])
            sums[target] = sum
            if overflow { hasOverflowed = true }
            counts[target] &+= other.counts[group]
        }
    }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        if hasOverflowed { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
        var present = [UInt8](repeating: 1, count: groupCount)
        for group in 0..<groupCount where counts[group] == 0 { present[group] = 0 }
        if isAverage {
            for group in 0..<groupCount where counts[group] != 0 {
                guard
                    let quotient = WideArithmetic.scaledQuotient(
                        sums[group], Int128(counts[group]), exponent: (type.scale ?? 0) - inputScale)
                else { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
                sums[group] = quotient
            }
        }
        let limit = type.isWide ? WideArithmetic.maximum : Int128(Int64.max)
        for group in 0..<groupCount where sums[group] > limit || sums[group] < -limit - (type.isWide ? 0 : 1) {
            if type.isWide { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
            throw ExecutionError(.outOfRange(type.name), position: errorPosition)
        }
        let validity = Validity(compacting: present)
        if type.isWide { return Vector(type: type, count: groupCount, values: .int128(sums), validity: validity) }
        return Vector(
            type: type, count: groupCount, values: .int64(sums.map { Int64(truncatingIfNeeded: $0) }),
            validity: validity)
    }
}

/// The rows with 0 in place of each NULL.
func zeroed(_ rows: [Int64], _ mask: [UInt8]) -> [Int64] {
    var result = rows
    for row in 0..<result.count { result[row] &= 0 &- Int64(mask[row]) }
    return result
}

func addCounted(_ rows: [Int64], _ groups: [UInt32], _ sums: inout [Int128], _ counts: inout [Int64]) {
    for row in 0..<groups.count {
        let group = Int(groups[row])
        sums[group] &+= Int128(rows[row])
        counts[group] &+= 1
    }
}

func addRows(_ rows: [Int64], _ groups: [UInt32], _ sums: inout [Int128]) {
    for row in 0..<groups.count { sums[Int(groups[row])] &+= Int128(rows[row]) }
}

/// Whether no sum of some of the rows can leave 64 bits.
func isSmall(_ rows: [Int64]) -> Bool {
    var bits: Int64 = 0
    for value in rows { bits |= value ^ (value >> 63) }
    return bits < (1 << 62) / Int64(max(1, rows.count))
}

func addFolded(_ rows: [Int64], _ groups: [UInt32], _ starts: [Int32], _ sums: inout [Int128]) {
    if isSmall(rows) {
        for run in 0..<groups.count {
            var sum: Int64 = 0
            for row in Int(starts[run])..<Int(starts[run &+ 1]) { sum &+= rows[row] }
            sums[Int(groups[run])] &+= Int128(sum)
        }
        return
    }
    for run in 0..<groups.count {
        var sum: Int128 = 0
        for row in Int(starts[run])..<Int(starts[run &+ 1]) { sum &+= Int128(rows[row]) }
        sums[Int(groups[run])] &+= sum
    }
}

func addWeighted(_ rows: [Int64], _ groups: [UInt32], _ starts: [Int32], _ sums: inout [Int128]) {
    for run in 0..<groups.count {
        sums[Int(groups[run])] &+= Int128(rows[run]) &* Int128(starts[run &+ 1] &- starts[run])
    }
}
