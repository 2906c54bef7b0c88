import Columns

/// abs, sign, ceil, floor, round, trunc and div of integers and numerics.
extension FunctionCall {
    func exact(_ function: ScalarFunction) throws(ExecutionError) -> Vector {
        switch function {
        case .abs: return result(try absoluteValues())
        case .sign: return result(stored(try mapped { (value) throws(ExecutionError) in value.signum() }))
        case .ceil: return result(try rounded(.up))
        case .floor: return result(try rounded(.down))
        case .round: return result(try rounded(.halfAway))
        case .trunc: return result(try rounded(.towardZero))
        default: return result(stored(try quotients()))
        }
    }

    private func mapped(_ body: (Int128) throws(ExecutionError) -> Int128) throws(ExecutionError) -> [Int128] {
        try CheckedLoop.map(inputs[0].int128Operand(), validity, count: count, filler: 0, body)
    }

    private func stored(_ rows: [Int128]) -> VectorValues {
        type.isWide ? .int128(rows) : .int64(mapRows(rows, filler: 0) { Int64(truncatingIfNeeded: $0) })
    }

    private func checked(_ value: Int128?) throws(ExecutionError) -> Int128 {
        guard let value, value.magnitude <= WideArithmetic.maximum.magnitude,
            type.isWide || Int64(exactly: value) != nil
        else { throw failure(.numericFieldOverflow) }
        return value
    }

    private func absoluteValues() throws(ExecutionError) -> VectorValues {
        if !type.isWide, let rows = inputs[0].int64Operand()?.expanded(count: count) {
            let limit = type == .integer ? 31 : 63
            // Int64.min and -2^31 are the only values without a positive one.
            let values = mapRows(rows, filler: Int64(0)) { ($0 ^ ($0 >> 63)) &- ($0 >> 63) }
            for row in 0..<count where values[row] < 0 || (limit == 31 && values[row] > Int64(Int32.max)) {
                if validity.isPresent(row) { throw failure(.outOfRange(type.name)) }
            }
            return .int64(values)
        }
        if type.isWide, let rows = WideArithmetic.narrowed(inputs[0].int128Operand())?.expanded(count: count) {
            return .int128(mapRows(rows, filler: Int128(0)) { Int128($0.magnitude) })
        }
        return stored(try mapped { (value) throws(ExecutionError) in try checked(value < 0 ? 0 &- value : value) })
    }

    /// Drops digits beyond argument 1 (default 0) and puts the rest at the result's scale.
    private func rounded(_ rounding: Rounding) throws(ExecutionError) -> VectorValues {
        let from = inputs[0].type.scale ?? 0
        let to = type.scale ?? 0
        let digits: Operand<Int64> = inputs.count > 1 ? integers(1) : .constant(0)
        if case .constant(let number) = digits,
            let rows = narrow(rounding, from: from, digits: FunctionCall.digits(number), to: to)
        {
            return type.isWide ? .int128(mapRows(rows, filler: 0) { Int128($0) }) : .int64(rows)
        }
        let values = inputs[0].int128Operand()
        let rows = try CheckedLoop.mapPairs(values, digits, validity, count: count, filler: Int128(0)) {
            (value, number) throws(ExecutionError) in
            let keep = min(FunctionCall.digits(number), from)
            guard from - keep <= 38 else { return 0 }
            let power = DecimalText.powers128[from - keep]
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: power)
            let whole = quotient + rounding.adjustment(remainder: remainder, divisor: power)
            return try checked(WideArithmetic.rescaled(whole, from: keep, to: to))
        }
        return stored(rows)
    }

    /// Far fewer or more digits than any number has change nothing.
    private static func digits(_ number: Int64) -> Int { Int(max(-100, min(100, number))) }

    /// The 64-bit path, where nothing can overflow.
    private func narrow(_ rounding: Rounding, from: Int, digits: Int, to: Int) -> [Int64]? {
        let keep = min(digits, from)
        let dropped = from - keep
        let added = to - keep
        guard dropped >= 0, dropped <= 18, added >= 0, added <= 18,
            let rows = (inputs[0].int64Operand() ?? WideArithmetic.narrowed(inputs[0].int128Operand()))?.expanded(count: count),
            Magnitude.bits(rows) + Magnitude.bits(ofPower: added) <= 61
        else { return nil }
        return rounding.quotients(
            rows, by: DecimalText.powers64[dropped], times: DecimalText.powers64[added])
    }

    /// `div`: the quotient towards zero.
    private func quotients() throws(ExecutionError) -> [Int128] {
        let scales = (inputs[0].type.scale ?? 0, inputs[1].type.scale ?? 0)
        let scale = max(scales.0, scales.1)
        return try CheckedLoop.mapPairs(
            inputs[0].int128Operand(), inputs[1].int128Operand(), validity, count: count, filler: Int128(0)
        ) { (a, b) throws(ExecutionError) in
            if b == 0 { throw failure(.divisionByZero) }
            guard let dividend = WideArithmetic.rescaled(a, from: scales.0, to: scale) else {
                throw failure(.numericFieldOverflow)
            }
            // A divisor too large for the common scale is larger than any dividend.
            guard let divisor = WideArithmetic.rescaled(b, from: scales.1, to: scale) else { return 0 }
            let quotient = divisor == -1 ? 0 &- dividend : dividend / divisor
            return try checked(WideArithmetic.rescaled(quotient, from: 0, to: type.scale ?? 0))
        }
    }

    /// `gcd` and `lcm` of integers.
    func divisors(_ function: ScalarFunction) throws(ExecutionError) -> Vector {
        let rows = try CheckedLoop.mapPairs(
            inputs[0].int128Operand(), inputs[1].int128Operand(), validity, count: count, filler: Int128(0)
        ) { (a, b) throws(ExecutionError) in
            var (large, small) = (a.magnitude, b.magnitude)
            while small != 0 { (large, small) = (small, large % small) }
            let divisor = Int128(large)
            let value = function == .gcd || divisor == 0 ? divisor : Int128(a.magnitude) / divisor * Int128(b.magnitude)
            let limit: Int128 = type == .integer ? Int128(Int32.max) : Int128(Int64.max)
            if value > limit { throw failure(.outOfRange(type.name)) }
            return value
        }
        return result(stored(rows))
    }
}
