import Glibc

/// A number in two doubles, of which the second one goes on where the first one ends: some 104 bits.
struct DoubledDouble {
    var high: Double
    var low: Double

    /// The sum of two doubles, exactly.
    init(sum a: Double, _ b: Double) {
        high = a + b
        let part = high - a
        low = (a - (high - part)) + (b - part)
    }

    /// The product of two doubles, exactly.
    init(product a: Double, _ b: Double) {
        high = a * b
        low = (-high).addingProduct(a, b)
    }

    /// As above where the first one is the larger.
    private init(ordered a: Double, _ b: Double) {
        high = a + b
        low = b - (high - a)
    }

    init(_ number: Double) { (high, low) = (number, 0) }

    init(whole number: Int128) {
        let first = Double(number)
        self.init(ordered: first, Double(number - Int128(first)))
    }

    /// `unscaled / 10^scale`, of a scale to 38.
    init(unscaled: Int128, scale: Int) {
        self = DoubledDouble(whole: unscaled)
        if scale > 0 { self = self / DoubledDouble.powersOfTen[scale] }
    }

    /// Exact, as 5^44 has 103 bits.
    static let powersOfTen: [DoubledDouble] = (0...44).map { exponent in
        let (a, b) = (min(exponent, 22), max(0, exponent - 22))
        func power(_ count: Int) -> Double { (0..<count).reduce(1) { product, _ in product * 10 } }
        return DoubledDouble(product: power(a), power(b))
    }

    static func + (left: DoubledDouble, right: DoubledDouble) -> DoubledDouble {
        var sum = DoubledDouble(sum: left.high, right.high)
        let rest = DoubledDouble(sum: left.low, right.low)
        sum = DoubledDouble(ordered: sum.high, sum.low + rest.high)
        return DoubledDouble(ordered: sum.high, sum.low + rest.low)
    }

    static prefix func - (value: DoubledDouble) -> DoubledDouble {
        var negated = value
        (negated.high, negated.low) = (-value.high, -value.low)
        return negated
    }

    static func - (left: DoubledDouble, right: DoubledDouble) -> DoubledDouble { left + -right }

    static func * (left: DoubledDouble, right: DoubledDouble) -> DoubledDouble {
        let product = DoubledDouble(product: left.high, right.high)
        return DoubledDouble(ordered: product.high, product.low + (left.high * right.low + left.low * right.high))
    }

    static func / (left: DoubledDouble, right: DoubledDouble) -> DoubledDouble {
        let first = left.high / right.high
        var rest = left - right * DoubledDouble(first)
        let second = rest.high / right.high
        rest = rest - right * DoubledDouble(second)
        let sum = DoubledDouble(ordered: first, second)
        return sum + DoubledDouble(rest.high / right.high)
    }

    // MARK: Functions

    /// Of a number above 0; to some 2^-100 of it.
    var squareRoot: DoubledDouble {
        let first = high.squareRoot()
        let rest = self - DoubledDouble(product: first, first)
        return DoubledDouble(ordered: first, rest.high / (2 * first))
    }

    /// e to this power, of a number between -700 and 700; to some 2^-96 of it.
    var exponential: DoubledDouble {
        let doublings = (high * 1.4426950408889634).rounded()
        // The remainder's 64th part is below 0.006: its thirteenth power is nothing any more.
        var part = self - DoubledDouble.logarithmOfTwo * DoubledDouble(doublings)
        (part.high, part.low) = (part.high / 64, part.low / 64)
        var sum = DoubledDouble.inverseFactorials[12]
        for count in stride(from: 11, through: 1, by: -1) { sum = sum * part + DoubledDouble.inverseFactorials[count] }
        // What is above 1, which squaring would else round away.
        var excess = sum * part
        for _ in 0..<6 { excess = excess + excess + excess * excess }
        let result = DoubledDouble(1) + excess
        let unit = Double(sign: .plus, exponent: Int(doublings), significand: 1)
        var scaled = result
        (scaled.high, scaled.low) = (result.high * unit, result.low * unit)
        return scaled
    }

    /// The natural logarithm of a number above 0; to some 2^-97, for one far from 1 to 2^-97 of the logarithm.
    var logarithm: DoubledDouble {
        let first = Glibc.log(high)
        // self = e^first (1 + rest), where the rest is as small as the logarithm's rounding.
        let rest = self * DoubledDouble(-first).exponential - DoubledDouble(1)
        let square = rest * rest
        return DoubledDouble(first) + rest + DoubledDouble(square.high / -2) + DoubledDouble(square.high * rest.high / 3)
    }

    private static let inverseFactorials: [DoubledDouble] = (0...12).map { count in
        DoubledDouble(1) / DoubledDouble((0..<count).reduce(1.0) { $0 * Double($1 + 1) })
    }

    /// Twice the inverse hyperbolic tangent of 1/3, by its series.
    private static let logarithmOfTwo: DoubledDouble = {
        var sum = DoubledDouble(0)
        for count in stride(from: 71, through: 1, by: -2) {
            sum = sum / DoubledDouble(9) + DoubledDouble(2) / DoubledDouble(Double(3 * count))
        }
        return sum
    }()

    // MARK: Digits

    /// The number × 10^scale, rounded to the nearest whole number; nil where an error of so much may decide which.
    ///
    /// - Parameters:
    ///   - scale: From 0 to 44.
    ///   - error: How far from it the true number may be.
    func rounded(to scale: Int, error: Double) -> Int128? {
        let scaled = self * DoubledDouble.powersOfTen[scale]
        let unit = DoubledDouble.powersOfTen[scale].high
        guard scaled.high.magnitude < 1e38 else { return nil }
        let (first, second) = (scaled.high.rounded(.down), scaled.low.rounded(.down))
        let fraction = (scaled.high - first) + (scaled.low - second)
        let whole = Int128(first) + Int128(second)
        let doubt = error * unit + scaled.high.magnitude * 0x1p-98
        guard doubt < 0.25 else { return nil }
        let above = fraction - fraction.rounded(.down)
        guard (above - 0.5).magnitude > doubt else { return nil }
        return whole + Int128(fraction.rounded(.down)) + (above > 0.5 ? 1 : 0)
    }
}
