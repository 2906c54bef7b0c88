/// Division with halves away from zero, as money is rounded.
enum Rounding {
    static func divide(_ value: Int128, by divisor: Int64) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: Int128(divisor))
        guard remainder.magnitude * 2 >= UInt128(divisor) else { return quotient }
        return value < 0 ? quotient - 1 : quotient + 1
    }
}

/// Division of many numbers by the same divisor, halves away from zero, for |value| + divisor / 2 < 2^63.
///
/// A multiplication by the divisor's reciprocal, rounded up: `n · ⌈2^(64+s) / d⌉ / 2^(64+s)` with 2^s ≤ d < 2^(s+1) is
/// exact for n < 2^63. Source: Granlund and Montgomery, "Division by invariant integers using multiplication" (1994).
struct RoundedDivision {
    private let reciprocal: UInt64
    private let shift: UInt64
    private let half: Int64

    /// - Precondition: 2 ≤ divisor, and it is not a power of two.
    init(by divisor: Int64) {
        precondition(divisor > 2 && divisor & (divisor - 1) != 0)
        shift = UInt64(63 - divisor.leadingZeroBitCount)
        let (quotient, remainder) = UInt64(divisor).dividingFullWidth((UInt64(1) << shift, 0))
        reciprocal = remainder == 0 ? quotient : quotient + 1
        half = divisor / 2
    }

    /// No branch depends on the value.
    @inline(__always)
    func callAsFunction(_ value: Int64) -> Int64 {
        let sign = value >> 63
        let magnitude = UInt64(bitPattern: ((value ^ sign) &- sign) &+ half)
        let quotient = Int64(bitPattern: reciprocal.multipliedFullWidth(by: magnitude).high &>> shift)
        return (quotient ^ sign) &- sign
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
