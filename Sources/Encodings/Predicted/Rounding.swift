/// Division with halves away from zero, as money is rounded.
enum Rounding {
    static func divide(_ value: Int128, by divisor: Int64) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: Int128(divisor))
        guard remainder.magnitude * 2 >= UInt128(divisor) else { return quotient }
        return value < 0 ? quotient - 1 : quotient + 1
    }
}

/// Division of many numbers by the same even divisor, halves away from zero, for |value| ≤ 2^61 and divisor < 2^60.
///
/// A negative number's half goes down: `⌊(value + divisor / 2 − 1) / divisor⌋`; a positive one's is without the 1. A large
/// multiple of the divisor is added to make all numbers positive, and its quotient taken off again. The division is a
/// multiplication by the divisor's reciprocal, rounded up: `n · ⌈2^(64+s) / d⌉ / 2^(64+s)` with 2^s ≤ d < 2^(s+1) is exact
/// for n < 2^63. Source: Granlund and Montgomery, "Division by invariant integers using multiplication" (1994).
struct RoundedDivision {
    static let largestMagnitude: UInt64 = 1 << 61
    private let reciprocal: UInt64
    private let shift: UInt64
    /// Half the divisor and the large multiple.
    private let bias: Int64
    private let biasQuotient: Int64

    /// - Precondition: The divisor is even, not a power of two and below 2^60.
    init(by divisor: Int64) {
        precondition(divisor > 2 && divisor < 1 << 60 && divisor & 1 == 0 && divisor & (divisor - 1) != 0)
        shift = UInt64(63 - divisor.leadingZeroBitCount)
        let (quotient, remainder) = UInt64(divisor).dividingFullWidth((UInt64(1) << shift, 0))
        reciprocal = remainder == 0 ? quotient : quotient + 1
        biasQuotient = (Int64(1) << 62) / divisor
        bias = biasQuotient * divisor + divisor / 2
    }

    /// The rounded quotient of a value that is known to be small enough.
    @inline(__always)
    func quotient(_ value: Int64) -> Int64 {
        let number = UInt64(bitPattern: value &+ (value &>> 63) &+ bias)
        return Int64(bitPattern: reciprocal.multipliedFullWidth(by: number).high &>> shift) &- biasQuotient
    }

    /// The rounded quotient of a value from a block. That it may throw keeps the compiler from vectorizing the loop around
    /// it, which takes twice as long: processors multiply 64 by 64 bits one by one.
    @inline(__always)
    func checkedQuotient(_ value: Int64) throws(EncodingError) -> Int64 {
        guard value &+ (value &>> 63) &+ bias >= 0 else { throw EncodingError("a prediction of more than 62 bits") }
        return quotient(value)
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
