import CKernels
import Columns

/// `sum` and `avg` of integers and exact decimals: exact sums, so that neither order nor worker matters.
///
/// Sums are kept in 64 bits as long as all rows together cannot leave them; then they move to 128 bits and begin anew at 0.
final class ExactSumState: AggregateState, @unchecked Sendable {
    private let isAverage: Bool
    private let inputScale: Int
    private let type: LogicalType
    private let errorPosition: Int
    private var sums: [Int64] = []
    /// What has moved out of `sums`; empty if nothing has.
    private var wideSums: [Int128] = []
    /// No sum of some of the rows that are in `sums` is further from 0.
    private var reach: UInt64 = 0
    private var counts: [Int64] = []
    private var hasOverflowed = false

    private static let reachLimit: UInt64 = 1 << 62

    /// - Parameter type: Of the result: bigint for `sum(integer)`, else numeric.
    init(isAverage: Bool, inputScale: Int, type: LogicalType, errorPosition: Int) {
        self.isAverage = isAverage
        self.inputScale = inputScale
        self.type = type
        self.errorPosition = errorPosition
    }

    override var byteCount: Int { sums.count * 16 + wideSums.count * 16 }

    override var canTakeSums: Bool { !isAverage }

    override func grow(to groupCount: Int) {
        sums.pad(to: groupCount, with: 0)
        if !wideSums.isEmpty { wideSums.pad(to: groupCount, with: 0) }
        counts.pad(to: groupCount, with: 0)
    }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let input = AlignedInput(inputs[0], groups)
        let vector = input.vector.withNarrowNumbers
        var isNarrow = false
        if case .int64(let rows) = vector.values { isNarrow = makeRoom(for: rows, rowCount: groups.rowCount) }
        switch (input.shape, vector.validity) {
        case (.rows, .allPresent): break
        case (.rows, .mask) where isNarrow, (.folded, .mask) where isNarrow: break
        case (_, .mask(let mask)): countPresent(mask, input.shape, &counts)
        case (_, .allPresent): countRows(groups, &counts)
        }
        // What was not counted above is counted along with the sums.
        switch vector.values {
        case .int64(let rows) where isNarrow:
            switch (input.shape, vector.validity) {
            case (.rows(let groups), .allPresent): addRows(rows, nil, groups, &sums, &counts)
            case (.rows(let groups), .mask(let mask)): addRows(rows, mask, groups, &sums, &counts)
            case (.folded(let groups, let starts), .allPresent): addFolded(rows, groups, starts, &sums)
            case (.folded(let groups, let starts), .mask(let mask)):
                addFoldedPresent(rows, mask, groups, starts, &sums, &counts)
            case (.weighted(let groups, let starts), .allPresent): addWeighted(rows, groups, starts, &sums)
            case (.weighted(let groups, let starts), .mask(let mask)):
                addWeighted(zeroed(rows, mask), groups, starts, &sums)
            }
        case .int64(let rows): addWide(rows.map { Int128($0) }, input)
        case .int128(let rows): addWide(rows, input)
        default:
            // A column of nothing but NULLs may come in another shape.
            break
        }
    }

    /// Whether the sums stay within 64 bits with these rows, some of which may count more than once.
    private func makeRoom(for rows: [Int64], rowCount: Int) -> Bool {
        if rows.isEmpty { return true }
        var (low, high) = (Int64(0), Int64(0))
        // Reads the array's own values.
        unsafe ck_bounds(rows, rows.count, &low, &high)
        let largest = max(low.magnitude, high.magnitude)
        let (added, isTooLarge) = largest.multipliedReportingOverflow(by: UInt64(max(1, rowCount)))
        guard !isTooLarge, added < ExactSumState.reachLimit else { return false }
        if reach + added >= ExactSumState.reachLimit { moveOut() }
        reach += added
        return true
    }

    private func moveOut() {
        wideSums.pad(to: sums.count, with: 0)
        if addSums(sums, to: &wideSums) { hasOverflowed = true }
        sums = [Int64](repeating: 0, count: sums.count)
        reach = 0
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
        swap(&sums, &wideSums)
        swap(&counts, &self.counts)
        sums.pad(to: counts.count, with: 0)
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
        swap(&sums, &wideSums)
        swap(&counts, &self.counts)
        if isTooLarge { hasOverflowed = true }
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? ExactSumState else { return }
        hasOverflowed = hasOverflowed || other.hasOverflowed
        absorbCounts(other.counts, map, &counts)
        if reach + other.reach >= ExactSumState.reachLimit { moveOut() }
        reach += other.reach
        absorbCounts(other.sums, map, &sums)
        if !other.wideSums.isEmpty {
            wideSums.pad(to: sums.count, with: 0)
            if absorbSums(other.wideSums, map, &wideSums) { hasOverflowed = true }
        }
    }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        if hasOverflowed { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
        let counts = counts
        var present = [UInt8](repeating: 1, count: groupCount)
        for group in 0..<groupCount where counts[group] == 0 { present[group] = 0 }
        let validity = Validity(compacting: present)
        if wideSums.isEmpty, !isAverage, !type.isWide {
            return Vector(type: type, count: groupCount, values: .int64(sums), validity: validity)
        }
        var totals = sums.map { Int128($0) }
        if !wideSums.isEmpty {
            if addSums(sums, to: &wideSums) { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
            totals = wideSums
        }
        if isAverage {
            for group in 0..<groupCount where counts[group] != 0 {
                guard
                    let quotient = WideArithmetic.scaledQuotient(
                        totals[group], Int128(counts[group]), exponent: (type.scale ?? 0) - inputScale)
                else { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
                totals[group] = quotient
            }
        }
        let largest = type.isWide ? WideArithmetic.maximum : Int128(Int64.max)
        let smallest = type.isWide ? -largest : Int128(Int64.min)
        for group in 0..<groupCount where totals[group] > largest || totals[group] < smallest {
            if type.isWide { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
            throw ExecutionError(.outOfRange(type.name), position: errorPosition)
        }
        if type.isWide { return Vector(type: type, count: groupCount, values: .int128(totals), validity: validity) }
        return Vector(
            type: type, count: groupCount, values: .int64(totals.map { Int64(truncatingIfNeeded: $0) }),
            validity: validity)
    }
}

extension Vector {
    /// Numbers of 128 bits as such of 64, where they all fit; others as they are.
    fileprivate var withNarrowNumbers: Vector {
        guard case .int128(let rows) = values, let narrow = WideArithmetic.narrowed(rows[...], validity) else { return self }
        return Vector(type: type, count: count, values: .int64(narrow), validity: validity)
    }
}

/// Adds narrow sums to wide ones; true if one of them no longer fits.
private func addSums(_ narrow: [Int64], to sums: inout [Int128]) -> Bool {
    var hasOverflowed = false
    for group in 0..<narrow.count {
        let (sum, overflow) = sums[group].addingReportingOverflow(Int128(narrow[group]))
        sums[group] = sum
        hasOverflowed = hasOverflowed || overflow
    }
    return hasOverflowed
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

/// Sums and counts of the rows, or of those whose byte in the mask is 1.
private func addRows(
    _ rows: [Int64], _ mask: [UInt8]?, _ groups: [UInt32], _ sums: inout [Int64], _ counts: inout [Int64]
) {
    precondition(rows.count == groups.count && (mask?.count ?? rows.count) == rows.count && sums.count == counts.count)
    // Bounds: the kernel looks at the groups first and adds nothing if one of them is none of the sums'.
    let isSound =
        if let mask {
            unsafe ck_add_grouped(rows, mask, groups, rows.count, sums.count, &sums, &counts)
        } else {
            unsafe ck_add_grouped(rows, nil, groups, rows.count, sums.count, &sums, &counts)
        }
    precondition(isSound != 0, "Every group has a sum.")
}

/// Sums and counts of the present rows of each run, added to the run's group.
private func addFoldedPresent(
    _ rows: [Int64], _ mask: [UInt8], _ groups: [UInt32], _ starts: [Int32], _ sums: inout [Int64],
    _ counts: inout [Int64]
) {
    for run in 0..<groups.count {
        var sum: Int64 = 0
        var present: Int64 = 0
        for row in Int(starts[run])..<Int(starts[run &+ 1]) {
            let bit = Int64(mask[row])
            sum &+= rows[row] & (0 &- bit)
            present &+= bit
        }
        let group = Int(groups[run])
        sums[group] &+= sum
        counts[group] &+= present
    }
}

/// Whether no sum of some of the rows can leave 64 bits.
func isSmall(_ rows: [Int64]) -> Bool {
    var bits: Int64 = 0
    for value in rows { bits |= value ^ (value >> 63) }
    return bits < (1 << 62) / Int64(max(1, rows.count))
}

private func addFolded(_ rows: [Int64], _ groups: [UInt32], _ starts: [Int32], _ sums: inout [Int64]) {
    for run in 0..<groups.count {
        var sum: Int64 = 0
        for row in Int(starts[run])..<Int(starts[run &+ 1]) { sum &+= rows[row] }
        sums[Int(groups[run])] &+= sum
    }
}

private func addWeighted(_ rows: [Int64], _ groups: [UInt32], _ starts: [Int32], _ sums: inout [Int64]) {
    for run in 0..<groups.count { sums[Int(groups[run])] &+= rows[run] &* Int64(starts[run &+ 1] &- starts[run]) }
}
