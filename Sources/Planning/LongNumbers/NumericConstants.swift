import BigInt
import Columns
import Glibc

/// `sqrt exp ln log power` of numerics that are the same on every row: exact, rounded to as many digits after the point as
/// PostgreSQL chooses for each value.
///
/// ``NumericFunctions`` are those of rows. Source of the choices: PostgreSQL 15, `numeric.c`.
struct NumericConstants {
    typealias Number = (unscaled: BigInt, scale: Int)

    static let functions: Set<String> = ["exp", "ln", "log", "log10", "power", "sqrt"]

    /// Whether results have all their digits, however many these are.
    var isUnlimited = false

    /// The value among numerics of 38 digits; nil where it is an error, which the run says if it gets there, and where it has
    /// no 16 digits among 38.
    static func value(
        _ name: String, _ arguments: [(unscaled: Int128, scale: Int)]
    ) -> (unscaled: Int128, scale: Int)? {
        let numbers = arguments.map { number -> Number in
            let magnitude = BigUInt(number.unscaled.magnitude)
            return (BigInt(sign: number.unscaled < 0 ? .minus : .plus, magnitude: magnitude), number.scale)
        }
        guard let value = NumericConstants().value(name, numbers) else { return nil }
        return LongNumber.finite(value.unscaled, scale: value.scale).narrow
    }

    /// The value; nil where it is an error, or is not known to the last of its digits.
    func value(_ name: String, _ arguments: [Number]) -> Number? {
        switch (name, arguments.count) {
        case ("sqrt", 1): squareRoot(arguments[0])
        case ("exp", 1): exponential(arguments[0])
        case ("ln", 1): logarithm(arguments[0])
        case ("log", 1), ("log10", 1): logarithm(base: (10, 0), arguments[0])
        case ("log", 2): logarithm(base: arguments[0], arguments[1])
        case ("power", 2): power(arguments[0], arguments[1])
        default: nil
        }
    }

    // MARK: The functions

    private func squareRoot(_ number: Number) -> Number? {
        guard number.unscaled >= 0 else { return nil }
        let scale = NumericConstants.squareRootScale(weight: NumericConstants.groups(number).weight, number.scale)
        let square = number.unscaled.magnitude * .powerOfTen(2 * scale - number.scale)
        // Half of the digits, of which there are 38 at most.
        return numeric(isNegative: false, scale) { wanted in
            wanted == scale
                ? square.roundedSquareRoot : square.roundedSquareRoot.roundedQuotient(by: .powerOfTen(scale - wanted))
        }
    }

    private func exponential(_ number: Number) -> Number? {
        let digits = NumericConstants.double(number) * NumericConstants.digitsOfE
        if isUnlimited, digits < -NumericConstants.mostShown - 1 {
            // PostgreSQL gives up computing, and choosing digits, where nothing is left of the number in any case.
            let scale = NumericConstants.significantDigits + Int(min(-digits, 2000))
            return (0, min(max(scale, number.scale), Int(NumericConstants.mostShown)))
        }
        guard abs(digits) < NumericConstants.mostShown + 2 else { return nil }
        let scale = max(NumericConstants.significantDigits - Int(digits), number.scale, 0)
        guard isKnown(digits, scale) else { return nil }
        return numeric(LongFraction(number).exponential, scale)
    }

    private func logarithm(_ number: Number) -> Number? {
        guard number.unscaled > 0 else { return nil }
        let scale = max(NumericConstants.significantDigits - NumericConstants.logarithmWeight(number), number.scale, 0)
        return numeric(LongFraction.logarithm(of: number), scale)
    }

    private func logarithm(base: Number, _ number: Number) -> Number? {
        guard number.unscaled > 0, base.unscaled > 0 else { return nil }
        let divisor = LongFraction.logarithm(of: base)
        guard !divisor.magnitude.isZero else { return nil }
        let weight = NumericConstants.logarithmWeight(number) - NumericConstants.logarithmWeight(base)
        let scale = max(NumericConstants.significantDigits - weight, base.scale, number.scale, 0)
        return numeric(LongFraction.logarithm(of: number).divided(by: divisor), scale)
    }

    private func power(_ base: Number, _ exponent: Number) -> Number? {
        let (whole, fraction) = exponent.unscaled.quotientAndRemainder(
            dividingBy: BigInt(BigUInt.powerOfTen(exponent.scale)))
        if fraction == 0, let count = Int32(exactly: whole) {
            return power(base, Int(count))
        }
        if base.unscaled == 0 { return exponent.unscaled > 0 ? (0, NumericConstants.significantDigits) : nil }
        // Of a negative number only whole powers are real ones; it is their number that says the sign.
        guard base.unscaled > 0 || fraction == 0 else { return nil }
        let isNegative = base.unscaled < 0 && whole % 2 != 0
        let logarithm = LongFraction.logarithm(of: (abs(base.unscaled), base.scale)) * LongFraction(exponent)
        let digits = logarithm.double.map { $0 * NumericConstants.digitsOfE }
        if isUnlimited, logarithm.isNegative, digits.map({ $0 < -NumericConstants.mostShown - 1 }) ?? true {
            return (0, Int(NumericConstants.mostShown))
        }
        guard let digits, abs(digits) < NumericConstants.mostShown else { return nil }
        let scale = max(NumericConstants.significantDigits - Int(digits), base.scale, exponent.scale, 0)
        guard isKnown(digits, scale) else { return nil }
        var value = logarithm.exponential
        value.isNegative = isNegative
        return numeric(value, scale)
    }

    private func power(_ base: Number, _ exponent: Int) -> Number? {
        let scale = max(NumericConstants.significantDigits, base.scale)
        let isNegative = base.unscaled < 0 && exponent % 2 != 0
        let magnitude = base.unscaled.magnitude
        if magnitude.isZero, exponent < 0 { return nil }
        let count = abs(exponent)
        // What is not too long to be written out is; beyond, logarithms tell the first hundred digits.
        if magnitude.isZero || max(magnitude.bitWidth, base.scale * 4) * count <= (isUnlimited ? 400_000 : 20_000) {
            let (raised, unit) = (magnitude.power(count), BigUInt.powerOfTen(base.scale * count))
            let (dividend, divisor) = exponent >= 0 ? (raised, unit) : (unit, raised)
            return numeric(isNegative: isNegative, scale) { (dividend * .powerOfTen($0)).roundedQuotient(by: divisor) }
        }
        let logarithm = LongFraction.logarithm(of: (BigInt(base.unscaled.magnitude), base.scale))
        let product = logarithm * LongFraction((BigInt(exponent), 0))
        if isUnlimited, product.isNegative,
            product.double.map({ -$0 > Double(scale + 2) / NumericConstants.digitsOfE }) ?? true
        {
            return (0, scale)
        }
        // Nothing of it is left at the last of the digits.
        if !isUnlimited, product.isNegative, product.magnitude.bitWidth > LongFraction.bits + 7 {
            return (0, min(scale, 38))
        }
        guard let size = product.double, abs(size) < 200 else { return nil }
        var value = product.exponential
        value.isNegative = isNegative
        return numeric(value, scale)
    }

    // MARK: Digits

    /// Whether a fraction has the digits that a power of e is to be shown with: so many before the point, and behind it.
    private func isKnown(_ digits: Double, _ scale: Int) -> Bool {
        isUnlimited ? digits + Double(scale) < Double(LongFraction.knownDigits) : abs(digits) < 80
    }

    static let significantDigits = 16

    /// The logarithm of e to base 10.
    static let digitsOfE = 0.434294481903252

    /// Digits after the point that PostgreSQL shows of what it computes.
    private static let mostShown = 1000.0

    private static func groups(_ number: Number) -> NumeralGroups {
        NumeralGroups(number.unscaled.magnitude, number.scale)
    }

    /// Digits after the point of the root of a number whose first group of four digits has such a place.
    static func squareRootScale(weight: Int, _ scale: Int) -> Int {
        let digits = weight >= 0 ? weight * 2 + 1 : 1 - (1 - weight * 4) / 2
        return max(significantDigits - digits, scale, 0)
    }

    /// How many digits the logarithm has before the point, or zeros behind it, as PostgreSQL guesses.
    private static func logarithmWeight(_ number: Number) -> Int {
        let (tenfold, one) = (number.unscaled.magnitude * BigUInt(10), BigUInt.powerOfTen(number.scale))
        if tenfold >= one * BigUInt(9), tenfold <= one * BigUInt(11) {
            let distance = groups((number.unscaled - BigInt(BigUInt.powerOfTen(number.scale)), number.scale))
            return logarithmWeight(distance: NumeralHead(distance))
        }
        return logarithmWeight(of: NumeralHead(groups(number)))
    }

    /// As above, of a number between 0.9 and 1.1, by its distance from 1.
    static func logarithmWeight(distance: NumeralHead) -> Int {
        distance.first == 0 ? 0 : distance.weight * 4 + Int(log10(Double(distance.first)))
    }

    /// As above, of any other number.
    static func logarithmWeight(of number: NumeralHead) -> Int {
        if number.first == 0 { return 0 }
        var (digits, weight) = (Double(number.first), number.weight * 4)
        if let second = number.second {
            digits = digits * 10_000 + Double(second)
            weight -= 4
        }
        return Int(log10(abs(log(digits) + Double(weight) * 2.302585092994046)))
    }

    private static func double(_ number: Number) -> Double {
        let value = LongNumber.finite(number.unscaled, scale: number.scale)
        if let double = value.double { return double }
        // Beyond doubles, or nearer to 0 than any.
        return value.magnitude.order(LongNumber(1)) < 0 ? 0 : number.unscaled < 0 ? -.infinity : .infinity
    }

    private func numeric(_ value: LongFraction, _ scale: Int) -> Number? {
        guard scale <= LongFraction.knownDigits else { return nil }
        return numeric(isNegative: value.isNegative, scale) {
            (value.magnitude * .powerOfTen($0)).roundedQuotient(by: BigUInt(1) << LongFraction.bits)
        }
    }

    /// The number with its digits after the point, fewer of them where 38 digits are not enough for all.
    ///
    /// - Parameter magnitude: The number without its sign × 10^scale, rounded.
    private func numeric(isNegative: Bool, _ scale: Int, _ magnitude: (Int) -> BigUInt) -> Number? {
        if isUnlimited {
            // An exact quotient has any digits; of a fraction more than these are not known.
            let shown = min(scale, Int(NumericConstants.mostShown))
            return (BigInt(sign: isNegative ? .minus : .plus, magnitude: magnitude(shown)), shown)
        }
        let most = LogicalType.maximumPrecision
        // Of a number that begins further behind the point a double has more digits.
        guard scale <= most, let whole = magnitude(0).narrow, whole < DecimalText.powers128[most].magnitude else {
            return nil
        }
        let room = most - (whole == 0 ? 0 : String(whole).utf8.count)
        for kept in stride(from: min(scale, room), through: 0, by: -1) {
            guard let narrow = magnitude(kept).narrow, narrow < DecimalText.powers128[most].magnitude else { continue }
            return (isNegative ? -BigInt(narrow) : BigInt(narrow), kept)
        }
        return nil
    }
}

/// A number with 2,048 bits behind the point: some 610 digits, of which rounding errors reach a few of the last ones.
private struct LongFraction {
    static let bits = 2048
    /// Digits after the point that are right.
    static let knownDigits = 590

    var magnitude: BigUInt
    var isNegative = false

    init(magnitude: BigUInt, isNegative: Bool = false) {
        self.magnitude = magnitude
        self.isNegative = isNegative
    }

    init(_ number: NumericConstants.Number) {
        magnitude = (number.unscaled.magnitude << Self.bits) / .powerOfTen(number.scale)
        isNegative = number.unscaled < 0
    }

    static let one = LongFraction(magnitude: BigUInt(1) << bits)
    private static let logarithmOfTwo = LongFraction((1, 0)).divided(by: LongFraction((3, 0))).doubledAreaTangent

    /// The nearest double; nil for a number beyond what a double is exact for.
    var double: Double? {
        guard let scaled = (magnitude >> (Self.bits - 60)).narrow, scaled < 1 << 100 else { return nil }
        return (isNegative ? -1 : 1) * Double(scaled) / Double(UInt64(1) << 60)
    }

    static func * (left: LongFraction, right: LongFraction) -> LongFraction {
        LongFraction(
            magnitude: (left.magnitude * right.magnitude) >> bits, isNegative: left.isNegative != right.isNegative)
    }

    static func + (left: LongFraction, right: LongFraction) -> LongFraction {
        if left.isNegative == right.isNegative {
            return LongFraction(magnitude: left.magnitude + right.magnitude, isNegative: left.isNegative)
        }
        return left.magnitude >= right.magnitude
            ? LongFraction(magnitude: left.magnitude - right.magnitude, isNegative: left.isNegative)
            : LongFraction(magnitude: right.magnitude - left.magnitude, isNegative: right.isNegative)
    }

    func divided(by divisor: LongFraction) -> LongFraction {
        LongFraction(
            magnitude: (magnitude << Self.bits) / divisor.magnitude,
            isNegative: isNegative != divisor.isNegative)
    }

    private func divided(by divisor: Int) -> LongFraction {
        LongFraction(magnitude: magnitude / BigUInt(divisor), isNegative: isNegative)
    }

    /// e to this: the series of a 256th part of it or less, squared again and again.
    var exponential: LongFraction {
        let halvings = max(0, magnitude.bitWidth - Self.bits) + 8
        let part = LongFraction(magnitude: magnitude >> halvings)
        var (sum, term, count) = (LongFraction.one, LongFraction.one, 1)
        while !term.magnitude.isZero {
            term = (term * part).divided(by: count)
            sum = sum + term
            count += 1
        }
        for _ in 0..<halvings { sum = sum * sum }
        return isNegative ? LongFraction.one.divided(by: sum) : sum
    }

    /// The natural logarithm of a positive number: that of a number between 2/3 and 4/3, and as often that of two.
    var logarithm: LongFraction {
        let one = LongFraction.one
        var exponent = magnitude.bitWidth - Self.bits
        func scaled(_ exponent: Int) -> LongFraction {
            LongFraction(magnitude: exponent >= 0 ? magnitude >> exponent : magnitude << -exponent)
        }
        // From one half to one, or its double where that is nearer to one.
        let threshold = LongFraction((2, 0)).divided(by: LongFraction((3, 0))).magnitude
        if scaled(exponent).magnitude < threshold { exponent -= 1 }
        let near = scaled(exponent)
        let minusOne = LongFraction(magnitude: one.magnitude, isNegative: true)
        let rest = (near + minusOne).divided(by: near + one).doubledAreaTangent
        let count = LongFraction((BigInt(exponent), 0))
        return exponent == 0 ? rest : rest + LongFraction.logarithmOfTwo * count
    }

    private static let logarithmOfTen = LongFraction((10, 0)).logarithm

    /// The natural logarithm of a positive number of any size: that of its digits behind the first one, and as often that of
    /// ten as it has places.
    static func logarithm(of number: NumericConstants.Number) -> LongFraction {
        let places = String(number.unscaled.magnitude).utf8.count - 1
        let exponent = LongFraction((BigInt(places - number.scale), 0))
        return LongFraction((number.unscaled, places)).logarithm + logarithmOfTen * exponent
    }

    /// Twice the inverse hyperbolic tangent of a number up to 1/3, by its series.
    private var doubledAreaTangent: LongFraction {
        let square = self * self
        var (sum, term, count) = (self, self, 1)
        while !term.magnitude.isZero {
            term = term * square
            count += 2
            sum = sum + term.divided(by: count)
        }
        return sum + sum
    }
}
