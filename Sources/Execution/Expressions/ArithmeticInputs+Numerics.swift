import Columns
import Planning

/// Exact decimals: a vectorized 64-bit path where the magnitudes of the batch allow it, else 128 bits a row.
extension ArithmeticInputs {
    func numerics(_ operation: ArithmeticOperator) throws(ExecutionError) -> VectorValues {
        let scales = (left: left.type.scale ?? 0, right: right.type.scale ?? 0, result: type.scale ?? 0)
        if let first = ArithmeticInputs.narrowOperand(left), let second = ArithmeticInputs.narrowOperand(right),
            let rows = narrow(operation, first, second, scales)
        {
            return type.isWide ? .int128(mapRows(rows, filler: 0) { Int128($0) }) : .int64(rows)
        }
        let rows = try CheckedLoop.mapPairs(
            left.int128Operand(), right.int128Operand(), validity, count: count, filler: Int128(0)
        ) { (a, b) throws(ExecutionError) in try wide(operation, a, b, scales) }
        if type.isWide { return .int128(rows) }
        return .int64(mapRows(rows, filler: 0) { Int64(truncatingIfNeeded: $0) })
    }

    /// The rows in 64 bits; nil if one of them does not fit.
    private static func narrowOperand(_ vector: Vector) -> Operand<Int64>? {
        vector.int64Operand() ?? WideArithmetic.narrowed(vector.int128Operand())
    }

    /// 64-bit rows, or nil where some row might not fit or must be rounded.
    private func narrow(
        _ operation: ArithmeticOperator, _ first: Operand<Int64>, _ second: Operand<Int64>,
        _ scales: (left: Int, right: Int, result: Int)
    ) -> [Int64]? {
        let bits = (left: Magnitude.bits(first), right: Magnitude.bits(second))
        switch operation {
        case .add, .subtract:
            let shift = (left: scales.result - scales.left, right: scales.result - scales.right)
            guard shift.left >= 0, shift.right >= 0, shift.left <= 18, shift.right <= 18,
                bits.left + Magnitude.bits(ofPower: shift.left) <= 61,
                bits.right + Magnitude.bits(ofPower: shift.right) <= 61
            else { return nil }
            let factor = (left: DecimalText.powers64[shift.left], right: DecimalText.powers64[shift.right])
            return operation == .add
                ? mapPairs(first, second, count: count, filler: 0) { ($0 &* factor.left) &+ ($1 &* factor.right) }
                : mapPairs(first, second, count: count, filler: 0) { ($0 &* factor.left) &- ($1 &* factor.right) }
        case .multiply:
            guard scales.result == scales.left + scales.right, bits.left + bits.right <= 62 else { return nil }
            return mapPairs(first, second, count: count, filler: 0) { $0 &* $1 }
        case .divide:
            let exponent = scales.result - scales.left + scales.right
            guard exponent >= 0, exponent <= 18, bits.left + Magnitude.bits(ofPower: exponent) <= 62, bits.right <= 61
            else { return nil }
            return narrowQuotients(first, second, power: DecimalText.powers64[exponent])
        case .modulo: return nil
        }
    }

    /// Quotients rounded half away from zero, or nil if a row divides by zero.
    private func narrowQuotients(_ first: Operand<Int64>, _ second: Operand<Int64>, power: Int64) -> [Int64]? {
        let result = FlaggingKernels.mapPairs(first, second, count: count, filler: Int64(0)) { a, b in
            if b == 0 { return (0, 1) }
            let dividend = a &* power
            let quotient = dividend / b
            let remainder = dividend &- (quotient &* b)
            let roundsUp = remainder.magnitude >= b.magnitude &- remainder.magnitude
            let away: Int64 = (dividend ^ b) < 0 ? -1 : 1
            return (roundsUp ? quotient &+ away : quotient, 0)
        }
        return result.flags == 0 ? result.rows : nil
    }

    private func wide(
        _ operation: ArithmeticOperator, _ a: Int128, _ b: Int128, _ scales: (left: Int, right: Int, result: Int)
    ) throws(ExecutionError) -> Int128 {
        let result: Int128?
        switch operation {
        case .add, .subtract, .modulo: result = try aligned(operation, a, b, scales)
        case .multiply: result = WideArithmetic.product(a, b, dropping: scales.left + scales.right - scales.result)
        case .divide:
            if b == 0 { throw failure(.divisionByZero) }
            result = WideArithmetic.scaledQuotient(a, b, exponent: scales.result - scales.left + scales.right)
        }
        guard let result, result.magnitude <= WideArithmetic.maximum.magnitude,
            type.isWide || Int64(exactly: result) != nil
        else { throw failure(.numericFieldOverflow) }
        return result
    }

    /// Sum, difference or remainder at the larger scale, then at the result's.
    private func aligned(
        _ operation: ArithmeticOperator, _ a: Int128, _ b: Int128, _ scales: (left: Int, right: Int, result: Int)
    ) throws(ExecutionError) -> Int128? {
        let scale = max(scales.left, scales.right)
        guard let first = WideArithmetic.rescaled(a, from: scales.left, to: scale),
            let second = WideArithmetic.rescaled(b, from: scales.right, to: scale)
        else { return nil }
        let exact: (partialValue: Int128, overflow: Bool)
        switch operation {
        case .add: exact = first.addingReportingOverflow(second)
        case .subtract: exact = first.subtractingReportingOverflow(second)
        default:
            if second == 0 { throw failure(.divisionByZero) }
            exact = (second == -1 ? 0 : first % second, false)
        }
        return exact.overflow ? nil : WideArithmetic.rescaled(exact.partialValue, from: scale, to: scales.result)
    }
}
