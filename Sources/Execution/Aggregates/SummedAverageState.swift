import Columns

/// `avg` of exact numbers of which sums come in, each with the number of rows it is the sum of.
final class SummedAverageState: AggregateState, @unchecked Sendable {
    private let sums: ExactSumState
    private let counts: ExactSumState
    private let inputScale: Int
    private let type: LogicalType
    private let errorPosition: Int

    init(inputScale: Int, type: LogicalType, errorPosition: Int) {
        self.inputScale = inputScale
        self.type = type
        self.errorPosition = errorPosition
        sums = ExactSumState(
            isAverage: false, inputScale: inputScale, type: .numeric(precision: 38, scale: inputScale), errorPosition: errorPosition)
        counts = ExactSumState(isAverage: false, inputScale: 0, type: .bigint, errorPosition: errorPosition)
    }

    override var byteCount: Int { sums.byteCount + counts.byteCount }

    override func grow(to groupCount: Int) {
        sums.grow(to: groupCount)
        counts.grow(to: groupCount)
    }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        try sums.update([inputs[0]], groups, morsel: morsel)
        try counts.update([inputs[1]], groups, morsel: morsel)
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? SummedAverageState else { return }
        try sums.absorb(other.sums, map)
        try counts.absorb(other.counts, map)
    }

    override func finish(groupCount: Int, workerCount: Int) throws(ExecutionError) -> Vector {
        let totals = try sums.finish(groupCount: groupCount, workerCount: 1)
        let rows = try counts.finish(groupCount: groupCount, workerCount: 1)
        guard case .rows(let numbers) = totals.int128Operand(), case .rows(let divisors) = rows.int128Operand() else {
            return Vector.constant(.null, type: type, count: groupCount).flattened()
        }
        var quotients = [Int128](repeating: 0, count: groupCount)
        var present = [UInt8](repeating: 0, count: groupCount)
        for group in 0..<groupCount where totals.validity.isPresent(group) && rows.validity.isPresent(group) && divisors[group] != 0 {
            let exponent = (type.scale ?? 0) - inputScale
            guard let quotient = WideArithmetic.scaledQuotient(numbers[group], divisors[group], exponent: exponent),
                quotient.magnitude <= WideArithmetic.maximum.magnitude
            else { throw ExecutionError(.numericFieldOverflow, position: errorPosition) }
            quotients[group] = quotient
            present[group] = 1
        }
        let validity = Validity(compacting: present)
        if type.isWide { return Vector(type: type, count: groupCount, values: .int128(quotients), validity: validity) }
        guard let narrow = WideArithmetic.narrowed(quotients[...], validity) else {
            throw ExecutionError(.outOfRange(type.name), position: errorPosition)
        }
        return Vector(type: type, count: groupCount, values: .int64(narrow), validity: validity)
    }
}
