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

    override var byteCount: Int { sums.count * 24 }

    override var canTakeSums: Bool { !isAverage }

    override func grow(to groupCount: Int) {
        sums.pad(to: groupCount, with: 0)
        counts.pad(to: groupCount, with: 0)
    }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let input = AlignedInput(inputs[0], groups)
        let vector = input.vector
        var values = vector.values
        // A product's type is wide; its values seldom are.
        if case .int128(let rows) = values, let narrow = WideArithmetic.narrowed(rows[...], vector.validity) { values = .int64(narrow) }
        switch (input.shape, vector.validity, values) {
        case (.rows, .allPresent, _), (.rows, .mask, .int64), (.folded, .mask, .int64):
            // Counted along with the sums below.
            break
        case (_, .mask(let mask), _): countPresent(mask, input.shape, &counts)
        case (_, .allPresent, _): countRows(groups, &counts)
        }
        switch values {
        case .int64(let rows):
            switch (input.shape, vector.validity) {
            case (.rows(let groups), .allPresent): addCounted(rows, groups, &sums, &counts)
            case (.rows(let groups), .mask(let mask)): addPresent(rows, mask, groups, &sums, &counts)
            case (.folded(let groups, let starts), .allPresent): addFolded(rows, groups, starts, &sums)
            case (.folded(let groups, let starts), .mask(let mask)):
                addFoldedPresent(rows, mask, groups, starts, &sums, &counts)
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
        case .folded(let runs, let runStarts): groups = spread(runs, runStarts)
        case .weighted(let items, let runStarts):
            groups = items
            starts = runStarts
        }
        // Locals: a loop over a class's properties would check exclusivity each turn.
        var sums: [Int128] = []
        var counts: [Int64] = []
        swap(&sums, &self.sums)
        swap(&counts, &self.counts)
        var isTooLarge = false
        if case .rows = input.shape, isUncounted {
            for row in 0..<groups.count { counts[Int(groups[row])] &+= 1 }
        }
        let validity = input.vector.validity
        for row in 0..<rows.count where validity.isPresent(row) {
            var value = rows[row]
            if let starts {
                let (product, overflow) = value.multipliedReportingOverflow(by: Int128(starts[row + 1] - starts[row]))
                value = product
                isTooLarge = isTooLarge || overflow
            }
            let group = Int(groups[row])
            let (sum, overflow) = sums[group].addingReportingOverflow(value)
            sums[group] = sum
            isTooLarge = isTooLarge || overflow
        }
        swap(&sums, &self.sums)
        swap(&counts, &self.counts)
        if isTooLarge { hasOverflowed = true }
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? ExactSumState else { return }
        hasOverflowed = hasOverflowed || other.hasOverflowed
        absorbCounts(other.counts, map, &counts)
        if absorbSums(other.sums, map, &sums) { hasOverflowed = true }
    }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        if hasOverflowed { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
        // Locals: a loop over a class's properties would check exclusivity each turn.
        var sums: [Int128] = []
        swap(&sums, &self.sums)
        let counts = counts
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
        let largest = type.isWide ? WideArithmetic.maximum : Int128(Int64.max)
        let smallest = type.isWide ? -largest : Int128(Int64.min)
        for group in 0..<groupCount where sums[group] > largest || sums[group] < smallest {
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

/// Adds another state's sums; true if one of them no longer fits.
func absorbSums(_ other: [Int128], _ map: [UInt32], _ sums: inout [Int128]) -> Bool {
    var hasOverflowed = false
    for group in 0..<other.count where other[group] != 0 {
        let target = Int(map[group])
        let (sum, overflow) = sums[target].addingReportingOverflow(other[group])
        sums[target] = sum
        hasOverflowed = hasOverflowed || overflow
    }
    return hasOverflowed
}

/// The rows with 0 in place of each NULL.
func zeroed(_ rows: [Int64], _ mask: [UInt8]) -> [Int64] {
    var result = rows
    for row in 0..<result.count { result[row] &= 0 &- Int64(mask[row]) }
    return result
}

/// Sums of so many groups, in 64 bits, stay in a core's first cache.
private let narrowSumLimit = 1024

/// Sums and counts of rows that are small, of few groups: kept in 64 bits until the batch is done, and those of even and
/// odd rows by themselves, since neighbours mostly are of one group and would wait for each other.
private func addFewGroups(
    _ rows: [Int64], _ mask: [UInt8]?, _ groups: [UInt32], _ sums: inout [Int128], _ counts: inout [Int64]
) {
    var even = [Int64](repeating: 0, count: sums.count * 2)
    var odd = even
    var row = 0
    if let mask {
        while row &+ 1 < groups.count {
            let (first, second) = (Int(groups[row]) &* 2, Int(groups[row &+ 1]) &* 2)
            let (firstBit, secondBit) = (Int64(mask[row]), Int64(mask[row &+ 1]))
            even[first] &+= rows[row] & (0 &- firstBit)
            even[first &+ 1] &+= firstBit
            odd[second] &+= rows[row &+ 1] & (0 &- secondBit)
            odd[second &+ 1] &+= secondBit
            row &+= 2
        }
    } else {
        while row &+ 1 < groups.count {
            let (first, second) = (Int(groups[row]) &* 2, Int(groups[row &+ 1]) &* 2)
            even[first] &+= rows[row]
            even[first &+ 1] &+= 1
            odd[second] &+= rows[row &+ 1]
            odd[second &+ 1] &+= 1
            row &+= 2
        }
    }
    if row < groups.count {
        let bit = mask.map { Int64($0[row]) } ?? 1
        even[Int(groups[row]) &* 2] &+= rows[row] & (0 &- bit)
        even[Int(groups[row]) &* 2 &+ 1] &+= bit
    }
    for group in 0..<sums.count {
        sums[group] &+= Int128(even[group &* 2] &+ odd[group &* 2])
        counts[group] &+= even[group &* 2 &+ 1] &+ odd[group &* 2 &+ 1]
    }
}

func addCounted(_ rows: [Int64], _ groups: [UInt32], _ sums: inout [Int128], _ counts: inout [Int64]) {
    if sums.count <= narrowSumLimit, sums.count &* 4 < rows.count, isSmall(rows) {
        addFewGroups(rows, nil, groups, &sums, &counts)
        return
    }
    for row in 0..<groups.count {
        let group = Int(groups[row])
        sums[group] &+= Int128(rows[row])
        counts[group] &+= 1
    }
}

/// Sums and counts of the present rows.
func addPresent(
    _ rows: [Int64], _ mask: [UInt8], _ groups: [UInt32], _ sums: inout [Int128], _ counts: inout [Int64]
) {
    if sums.count <= narrowSumLimit, sums.count &* 4 < rows.count, isSmall(rows) {
        addFewGroups(rows, mask, groups, &sums, &counts)
        return
    }
    for row in 0..<groups.count {
        let group = Int(groups[row])
        sums[group] &+= Int128(rows[row] & (0 &- Int64(mask[row])))
        counts[group] &+= Int64(mask[row])
    }
}

/// Sums and counts of the present rows of each run, added to the run's group.
func addFoldedPresent(
    _ rows: [Int64], _ mask: [UInt8], _ groups: [UInt32], _ starts: [Int32], _ sums: inout [Int128],
    _ counts: inout [Int64]
) {
    guard isSmall(rows) else {
        countPresent(mask, .folded(groups: groups, starts: starts), &counts)
        addFolded(zeroed(rows, mask), groups, starts, &sums)
        return
    }
    for run in 0..<groups.count {
        var sum: Int64 = 0
        var present: Int64 = 0
        for row in Int(starts[run])..<Int(starts[run &+ 1]) {
            let bit = Int64(mask[row])
            sum &+= rows[row] & (0 &- bit)
            present &+= bit
        }
        let group = Int(groups[run])
        sums[group] &+= Int128(sum)
        counts[group] &+= present
    }
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
