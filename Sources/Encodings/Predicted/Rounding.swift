/// Division with halves away from zero, as money is rounded.
enum Rounding {
    static func divide(_ value: Int128, by divisor: Int64) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: Int128(divisor))
        guard remainder.magnitude * 2 >= UInt128(divisor) else { return quotient }
        return value < 0 ? quotient - 1 : quotient + 1
    }

    /// In place. `value / divisor` rounded half away from zero for |value| < 2^62; no branch depends on the data.
    static func divide(_ values: inout [Int64], by divisor: Int64) {
        let half = divisor / 2
        for row in 0..<values.count {
            let sign = values[row] >> 63
            let magnitude = (values[row] ^ sign) &- sign
            let quotient = (magnitude &+ half) / divisor
            values[row] = (quotient ^ sign) &- sign
        }
    }
}

/// Powers of ten and five.
enum Powers {
    static let of10: [Int64] = (0...18).map { exponent in (0..<exponent).reduce(Int64(1)) { power, _ in power * 10 } }

    /// The number that undoes a multiplication by 5^exponent modulo 2^64.
    static func inverseOf5(_ exponent: Int) -> UInt64 {
        var result: UInt64 = 1
        for _ in 0..<exponent { result = result &* 0xCCCC_CCCC_CCCC_CCCD }
        return result
    }

    /// The largest power of ten, at most `limit`, that divides every value.
    static func contained(in values: [Int64], upTo limit: Int) -> Int {
        var power = min(limit, 18)
        for value in values {
            while power > 0, value % of10[power] != 0 { power -= 1 }
            if power == 0 { break }
        }
        return max(0, power)
    }
}
