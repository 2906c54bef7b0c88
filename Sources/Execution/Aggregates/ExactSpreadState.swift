import Columns

/// `stddev` and `variance` of exact numbers: sums of the values and of their squares, without any rounding, so that
/// neither order nor worker matters.
final class ExactSpreadState: AggregateState, @unchecked Sendable {
    private let isSample: Bool
    private let isDeviation: Bool
    private let inputScale: Int
    private let type: LogicalType
    private let errorPosition: Int
    private var counts: [Int64] = []
    private var sums: [Int128] = []
    /// Sums of the squares: the lower 128 bits, and how often these ran over.
    private var squares: [UInt128] = []
    private var carries: [UInt128] = []
    private var hasOverflowed = false

    init(isSample: Bool, isDeviation: Bool, inputScale: Int, type: LogicalType, errorPosition: Int) {
        self.isSample = isSample
        self.isDeviation = isDeviation
        self.inputScale = inputScale
        self.type = type
        self.errorPosition = errorPosition
    }

    override var byteCount: Int {
        counts.capacity * 8 + sums.capacity * 16 + squares.capacity * 16 + carries.capacity * 16
    }

    override func grow(to groupCount: Int) {
        counts.pad(to: groupCount, with: 0)
        sums.pad(to: groupCount, with: 0)
        squares.pad(to: groupCount, with: 0)
        carries.pad(to: groupCount, with: 0)
    }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let input = AlignedInput(inputs[0], groups)
        let groupOfRow: [UInt32]
        var starts: [Int32]?
        switch input.shape {
        case .rows(let items): groupOfRow = items
        case .folded(let runs, let runStarts): groupOfRow = spread(runs, runStarts)
        case .weighted(let items, let runStarts):
            groupOfRow = items
            starts = runStarts
        }
        switch input.vector.values {
        case .int64(let rows) where starts == nil: addNarrow(rows, input.vector.validity, groupOfRow)
        case .int64(let rows):
            for row in 0..<rows.count where input.vector.validity.isPresent(row) {
                add(Int128(rows[row]), starts.map { Int64($0[row + 1] - $0[row]) } ?? 1, to: Int(groupOfRow[row]))
            }
        case .int128(let rows):
            for row in 0..<rows.count where input.vector.validity.isPresent(row) {
                add(rows[row], starts.map { Int64($0[row + 1] - $0[row]) } ?? 1, to: Int(groupOfRow[row]))
            }
        default:
            // A column of nothing but NULLs may come in another shape.
            break
        }
    }

    /// One row each, of 64 bits: neither a sum of rows nor a square leaves 128 bits. The arrays are locals in the loop.
    private func addNarrow(_ rows: [Int64], _ validity: Validity, _ groups: [UInt32]) {
        var counts: [Int64] = []
        var sums: [Int128] = []
        var squares: [UInt128] = []
        swap(&counts, &self.counts)
        swap(&sums, &self.sums)
        swap(&squares, &self.squares)
        for row in 0..<rows.count where validity.isPresent(row) {
            let group = Int(groups[row])
            let magnitude = rows[row].magnitude
            let square = magnitude.multipliedFullWidth(by: magnitude)
            counts[group] &+= 1
            sums[group] &+= Int128(rows[row])
            let (sum, overflow) = squares[group].addingReportingOverflow(
                UInt128(square.high) << 64 | UInt128(square.low))
            squares[group] = sum
            if overflow { carries[group] &+= 1 }
        }
        swap(&counts, &self.counts)
        swap(&sums, &self.sums)
        swap(&squares, &self.squares)
    }

    private func add(_ value: Int128, _ weight: Int64, to group: Int) {
        counts[group] &+= weight
        let (weighted, isTooLarge) = value.multipliedReportingOverflow(by: Int128(weight))
        let (sum, overflow) = sums[group].addingReportingOverflow(weighted)
        sums[group] = sum
        if isTooLarge || overflow { hasOverflowed = true }
        let square = value.magnitude.multipliedFullWidth(by: value.magnitude)
        let low = square.low.multipliedFullWidth(by: UInt128(weight))
        let high = square.high.multipliedReportingOverflow(by: UInt128(weight))
        addSquare(low.low, high.partialValue, to: group)
        let (carry, isTooMuch) = carries[group].addingReportingOverflow(low.high)
        carries[group] = carry
        if isTooMuch || high.overflow { hasOverflowed = true }
    }

    private func addSquare(_ low: UInt128, _ high: UInt128, to group: Int) {
        let (sum, carry) = squares[group].addingReportingOverflow(low)
        squares[group] = sum
        let (total, overflow) = carries[group].addingReportingOverflow(high)
        carries[group] = total &+ (carry ? 1 : 0)
        if overflow { hasOverflowed = true }
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? ExactSpreadState else { return }
        hasOverflowed = hasOverflowed || other.hasOverflowed
        absorbCounts(other.counts, map, &counts)
        if absorbSums(other.sums, map, &sums) { hasOverflowed = true }
        for group in 0..<other.squares.count {
            addSquare(other.squares[group], other.carries[group], to: Int(map[group]))
        }
    }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        if hasOverflowed { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
        var results = [Int128](repeating: 0, count: groupCount)
        var present = [UInt8](repeating: 1, count: groupCount)
        for group in 0..<groupCount {
            let count = counts[group]
            if count == 0 || isSample && count == 1 {
                present[group] = 0
                continue
            }
            guard let result = isDeviation ? deviation(group) : variance(group) else {
                throw ExecutionError(.numericFieldOverflow, position: errorPosition)
            }
            results[group] = result
        }
        return Vector(
            type: type, count: groupCount, values: .int128(results), validity: Validity(compacting: present))
    }

    /// `n·Σx² − (Σx)²`, and what it is divided by; nil if that is too large.
    private func fraction(_ group: Int) -> (high: UInt128, low: UInt128, divisor: UInt128)? {
        let count = UInt128(counts[group])
        let low = squares[group].multipliedFullWidth(by: count)
        let high = carries[group].multipliedReportingOverflow(by: count)
        let (upper, overflow) = high.partialValue.addingReportingOverflow(low.high)
        if high.overflow || overflow { return nil }
        let own = sums[group].magnitude.multipliedFullWidth(by: sums[group].magnitude)
        let (difference, borrow) = low.low.subtractingReportingOverflow(own.low)
        let rest = upper &- own.high &- (borrow ? 1 : 0)
        return (rest, difference, count * (isSample ? count - 1 : count))
    }

    private func variance(_ group: Int) -> Int128? {
        guard let (high, low, divisor) = fraction(group) else { return nil }
        // The squares have twice the digits of the input; the result has digits of its own.
        return ExactSpreadState.scaled(high: high, low: low, by: divisor, exponent: (type.scale ?? 0) - 2 * inputScale)
    }

    /// The root of the variance, which is taken with twice the digits of the result: a small one keeps all of its own.
    private func deviation(_ group: Int) -> Int128? {
        guard let (high, low, divisor) = fraction(group) else { return nil }
        let exponent = 2 * (type.scale ?? 0) - 2 * inputScale
        guard let square = ExactSpreadState.wide(high: high, low: low, by: divisor, exponent: exponent),
            square.high >> 124 == 0
        else { return nil }
        let root = ExactSpreadState.root(square)
        return root <= WideArithmetic.maximum ? root : nil
    }

    /// `(high·2^128 + low) · 10^exponent / divisor` in 256 bits, rounded down.
    private static func wide(
        high: UInt128, low: UInt128, by divisor: UInt128, exponent: Int
    ) -> (high: UInt128, low: UInt128)? {
        guard abs(exponent) <= 38 else { return nil }
        let power = DecimalText.powers128[abs(exponent)].magnitude
        let (product, overflow) = divisor.multipliedReportingOverflow(by: exponent < 0 ? power : 1)
        if overflow { return nil }
        let (upper, upperRest) = high.quotientAndRemainder(dividingBy: product)
        let (lower, rest) = product.dividingFullWidth((upperRest, low))
        if exponent <= 0 { return (upper, lower) }
        guard upper == 0 else { return nil }
        let whole = lower.multipliedFullWidth(by: power)
        // The rest is less than the divisor, so what it adds is less than the power.
        let added = divisor.dividingFullWidth(rest.multipliedFullWidth(by: power)).quotient
        let (sum, carry) = whole.low.addingReportingOverflow(added)
        return (whole.high + (carry ? 1 : 0), sum)
    }

    /// `(high·2^128 + low) · 10^exponent / divisor`, rounded half up.
    private static func scaled(high: UInt128, low: UInt128, by divisor: UInt128, exponent: Int) -> Int128? {
        var divisor = divisor
        var (high, low) = (high, low)
        if exponent < 0 {
            guard -exponent <= 38 else { return nil }
            let (product, overflow) = divisor.multipliedReportingOverflow(
                by: DecimalText.powers128[-exponent].magnitude)
            if overflow { return nil }
            divisor = product
        } else if exponent > 0 {
            let power = DecimalText.powers128[exponent].magnitude
            let lower = low.multipliedFullWidth(by: power)
            let upper = high.multipliedReportingOverflow(by: power)
            let (sum, overflow) = upper.partialValue.addingReportingOverflow(lower.high)
            if upper.overflow || overflow { return nil }
            (high, low) = (sum, lower.low)
        }
        guard high < divisor else { return nil }
        var (quotient, remainder) = divisor.dividingFullWidth((high, low))
        if remainder >= divisor - remainder { quotient += 1 }
        guard let value = Int128(exactly: quotient), value <= WideArithmetic.maximum else { return nil }
        return value
    }

    /// The square root, rounded half up.
    private static func root(_ square: (high: UInt128, low: UInt128)) -> Int128 {
        if square.high == 0, square.low == 0 { return 0 }
        var root = UInt128((Double(square.high) * 0x1p128 + Double(square.low)).squareRoot())
        // Newton's steps from a figure that is right to 50 bits.
        for _ in 0..<4 where root > 0 {
            guard square.high < root else {
                root += root / 1_000_000_000_000_000 + 1
                continue
            }
            let quotient = root.dividingFullWidth(square).quotient
            root = root / 2 + quotient / 2 + (root & quotient & 1)
        }
        func isTooLarge(_ candidate: UInt128) -> Bool {
            let own = candidate.multipliedFullWidth(by: candidate)
            return own.high > square.high || own.high == square.high && own.low > square.low
        }
        while isTooLarge(root) { root -= 1 }
        while !isTooLarge(root + 1) { root += 1 }
        // Half or more: (r + ½)² = r² + r + ¼ is not above the square.
        let own = root.multipliedFullWidth(by: root)
        let (rest, _) = square.low.subtractingReportingOverflow(own.low)
        if rest > root { root += 1 }
        return Int128(root)
    }
}
