import BigInt
import Columns
import Glibc

/// `sqrt exp ln log power` of numerics in rows.
///
/// A value is PostgreSQL's: rounded to as many digits after the point as it chooses for that value. A column has one number of
/// digits for all of them, chosen here by the arguments' types; where a value has other digits than zeros behind these, or too
/// many before the point, it is refused.
package enum NumericFunctions {
    package typealias Number = (unscaled: Int128, scale: Int)

    /// Why there is no value.
    package enum Failure: Error, Equatable {
        /// PostgreSQL's own error.
        case invalid(String)
        case divisionByZero
        /// It needs more digits than the column has.
        case beyond
    }

    /// What they are called in ``FunctionSignatures`` where their arguments are numerics.
    package static let names: [String] = ["sqrt", "exp", "ln", "log", "log10", "power"].map { $0 + mark }

    private static let mark = " numeric"

    /// The function of that name.
    private static func plain(_ name: String) -> String { String(name.dropLast(mark.utf8.count)) }

    // MARK: Types

    /// Digits after the point that are left where the types allow very small results beside very large ones.
    private static let roomyScale = 24

    /// The type of the results.
    ///
    /// - Parameters:
    ///   - name: One of ``names``.
    ///   - arguments: For each its type, and its value if it is the same for every row.
    static func resultType(_ name: String, _ arguments: [(type: LogicalType, value: Number?)]) -> LogicalType {
        let most = LogicalType.maximumPrecision
        let ranges = arguments.map { Range(type: $0.type, value: $0.value) }
        let own = ranges.map(\.scale).max() ?? 0
        let significant = NumericConstants.significantDigits
        let scale: Int
        switch plain(name) {
        case "sqrt":
            // The smallest root has the most digits.
            scale = NumericConstants.squareRootScale(weight: NumeralHead(1, ranges[0].scale).weight, ranges[0].scale)
        // Of a quotient a logarithm might have twice 16 digits, and only next to 1: sums need some before the point.
        case "ln", "log10": scale = min(significant + ranges[0].scale, max(own, roomyScale))
        case "log" where ranges.count == 1: scale = min(significant + ranges[0].scale, max(own, roomyScale))
        case "log":
            let weight = arguments[0].value.map { $0.unscaled > 0 ? logarithmWeight($0) : 0 } ?? 1
            // A base next to 1 makes large numbers.
            scale = min(significant + ranges[1].scale + max(0, weight), most - 2 - ranges[0].scale)
        case "exp":
            let digits = ranges[0].largest * NumericConstants.digitsOfE
            scale = shared(least: ranges[0].isNegative ? -digits : 0, most: ranges[0].isPositive ? digits : 0)
        default:
            if ranges[1].scale == 0 {
                scale = significant
                break
            }
            let growth = ranges[1].largest
            let (least, most) = (ranges[0].leastDigits, ranges[0].mostDigits)
            // Any whole power has 16 digits after the point.
            scale = max(
                significant,
                shared(
                    least: -growth * max(ranges[1].isPositive ? -least : 0, ranges[1].isNegative ? most : 0),
                    most: growth * max(ranges[1].isPositive ? most : 0, ranges[1].isNegative ? -least : 0)))
        }
        return .numeric(precision: most, scale: min(max(scale, own), most - 1))
    }

    /// The digits after the point where results begin between two places.
    private static func shared(least: Double, most: Double) -> Int {
        let digits = Double(LogicalType.maximumPrecision)
        let wanted = Double(NumericConstants.significantDigits) - max(-100, least).rounded(.down)
        let whole = min(100, max(0, most)).rounded(.down) + 2
        if wanted + whole <= digits { return Int(wanted) }
        return Int(max(min(wanted, Double(roomyScale)), digits - whole))
    }

    /// What is known of an argument from its type.
    private struct Range {
        let scale: Int
        /// The largest magnitude.
        let largest: Double
        let isNegative: Bool
        let isPositive: Bool
        /// The decimal logarithms of the smallest number above 0, and of the largest.
        let leastDigits: Double
        let mostDigits: Double

        init(type: LogicalType, value: Number?) {
            if let value {
                scale = value.scale
                largest = LongNumber.finite(BigInt(value.unscaled), scale: value.scale).double?.magnitude ?? 0
                (isNegative, isPositive) = (value.unscaled < 0, value.unscaled > 0)
                leastDigits = largest == 0 ? 0 : (DoubledDouble(largest).logarithm.high * NumericConstants.digitsOfE)
                mostDigits = leastDigits
                return
            }
            guard case .numeric(let precision, let ownScale) = type else {
                (scale, largest, leastDigits, mostDigits) = (0, type == .integer ? 1e10 : 1e19, 0, type == .integer ? 10 : 19)
                (isNegative, isPositive) = (true, true)
                return
            }
            scale = ownScale
            mostDigits = Double(precision - ownScale)
            leastDigits = -Double(ownScale)
            largest = DoubledDouble.powersOfTen[max(0, precision - ownScale)].high
            (isNegative, isPositive) = (true, true)
        }
    }

    // MARK: Values

    /// The value × 10^scale.
    ///
    /// - Parameter name: One of ``names``.
    package static func value(_ name: String, _ arguments: [Number], scale: Int) throws(Failure) -> Int128 {
        let name = plain(name)
        try check(name, arguments)
        guard let value = try extreme(name, arguments) ?? quick(name, arguments) ?? thorough(name, arguments) else {
            throw .beyond
        }
        if value.scale <= scale {
            let (scaled, isLarge) = value.unscaled.multipliedReportingOverflow(
                by: DecimalText.powers128[scale - value.scale])
            guard !isLarge, scaled.magnitude < DecimalText.powers128[LogicalType.maximumPrecision].magnitude else {
                throw .beyond
            }
            return scaled
        }
        let (kept, rest) = value.unscaled.quotientAndRemainder(dividingBy: DecimalText.powers128[value.scale - scale])
        guard rest == 0 else { throw .beyond }
        return kept
    }

    private static func check(_ name: String, _ arguments: [Number]) throws(Failure) {
        switch name {
        case "sqrt":
            if arguments[0].unscaled < 0 { throw .invalid("cannot take square root of a negative number") }
        case "ln", "log", "log10":
            for argument in arguments {
                if argument.unscaled == 0 { throw .invalid("cannot take logarithm of zero") }
                if argument.unscaled < 0 { throw .invalid("cannot take logarithm of a negative number") }
            }
            if arguments.count == 2, arguments[0].unscaled == DecimalText.powers128[arguments[0].scale] {
                throw .divisionByZero
            }
        case "power":
            let (base, exponent) = (arguments[0].unscaled, arguments[1].unscaled)
            if base == 0, exponent < 0 { throw .invalid("zero raised to a negative power is undefined") }
            if base < 0, exponent % DecimalText.powers128[arguments[1].scale] != 0 {
                throw .invalid("a negative number raised to a non-integer power yields a complex result")
            }
        default: break
        }
    }

    /// The value where its size alone says it: what is far beyond columns, and whole powers of which nothing is left.
    private static func extreme(_ name: String, _ arguments: [Number]) throws(Failure) -> Number? {
        func double(_ number: Number) -> Double { DoubledDouble(unscaled: number.unscaled, scale: number.scale).high }
        let most = Double(LogicalType.maximumPrecision + 1)
        switch name {
        case "exp":
            if (double(arguments[0]) * NumericConstants.digitsOfE).magnitude > most { throw .beyond }
        case "power":
            let (base, exponent) = (arguments[0], arguments[1])
            if base.unscaled == 0 { return nil }
            let digits = double(exponent) * log10(double(base).magnitude)
            if digits > most { throw .beyond }
            let whole = exponent.unscaled / DecimalText.powers128[exponent.scale]
            let isWhole = exponent.unscaled % DecimalText.powers128[exponent.scale] == 0 && Int32(exactly: whole) != nil
            let scale = max(NumericConstants.significantDigits, base.scale)
            if isWhole, digits < -Double(scale + 2) { return (0, scale) }
            if !isWhole, digits < -most { throw .beyond }
        default: break
        }
        return nil
    }

    /// The value with the digits that PostgreSQL gives it; nil where doubled doubles leave a doubt about the last one.
    private static func quick(_ name: String, _ arguments: [Number]) -> Number? {
        let first = arguments[0]
        let significant = NumericConstants.significantDigits
        switch name {
        case "sqrt":
            let magnitude = first.unscaled.magnitude
            let scale = NumericConstants.squareRootScale(weight: NumeralHead(magnitude, first.scale).weight, first.scale)
            if magnitude == 0 { return (0, scale) }
            return rounded(DoubledDouble(unscaled: first.unscaled, scale: first.scale).squareRoot, scale) { $0 * 0x1p-98 }
        case "ln":
            let scale = max(significant - logarithmWeight(first), first.scale, 0)
            return rounded(logarithm(first), scale) { _ in logarithmError }
        case "log", "log10":
            let base: Number = arguments.count == 2 ? first : (10, 0)
            let number = arguments[arguments.count - 1]
            let weight = logarithmWeight(number) - logarithmWeight(base)
            let scale = max(significant - weight, base.scale, number.scale, 0)
            let divisor = logarithm(base)
            return rounded(logarithm(number) / divisor, scale) { value in
                (1 + value) * logarithmError / divisor.high.magnitude
            }
        case "exp":
            let power = DoubledDouble(unscaled: first.unscaled, scale: first.scale)
            guard power.high.magnitude < 100 else { return nil }
            let scale = max(significant - Int(power.high * NumericConstants.digitsOfE), first.scale, 0)
            return rounded(power.exponential, scale) { $0 * 0x1p-92 }
        default: return power(first, arguments[1])
        }
    }

    private static func power(_ base: Number, _ exponent: Number) -> Number? {
        let unit = DecimalText.powers128[exponent.scale]
        let (whole, fraction) = exponent.unscaled.quotientAndRemainder(dividingBy: unit)
        let significant = NumericConstants.significantDigits
        if fraction == 0 {
            guard let count = Int32(exactly: whole) else { return nil }
            let scale = max(significant, base.scale)
            if base.unscaled == 0 { return count == 0 ? (DecimalText.powers128[scale], scale) : (0, scale) }
            guard count.magnitude <= 10_000 else { return nil }
            var (result, square, rest) = (DoubledDouble(1), DoubledDouble(unscaled: base.unscaled, scale: base.scale), Int(count.magnitude))
            while rest > 0 {
                if rest & 1 == 1 { result = result * square }
                rest >>= 1
                if rest > 0 { square = square * square }
            }
            if count < 0 { result = DoubledDouble(1) / result }
            // Underflowing and overflowing numbers keep no second double.
            guard result.high.magnitude > 1e-100, result.high.magnitude < 1e38 else { return nil }
            return rounded(result, scale) { $0 * Double(count.magnitude + 1) * 0x1p-99 }
        }
        if base.unscaled == 0 { return (0, significant) }
        // Of a negative base there are whole powers only.
        guard base.unscaled > 0 else { return nil }
        let factor = DoubledDouble(unscaled: exponent.unscaled, scale: exponent.scale)
        let product = logarithm(base) * factor
        guard product.high.magnitude < 100 else { return nil }
        let scale = max(significant - Int(product.high * NumericConstants.digitsOfE), base.scale, exponent.scale, 0)
        let error = factor.high.magnitude * logarithmError + product.high.magnitude * 0x1p-100
        return rounded(product.exponential, scale) { $0 * (error + 0x1p-92) }
    }

    private static let logarithmError = 0x1p-94

    private static func logarithm(_ number: Number) -> DoubledDouble {
        DoubledDouble(unscaled: number.unscaled, scale: number.scale).logarithm
    }

    private static func rounded(_ value: DoubledDouble, _ scale: Int, error: (Double) -> Double) -> Number? {
        guard scale <= LogicalType.maximumPrecision else { return nil }
        let isNegative = value.high < 0
        let magnitude = isNegative ? -value : value
        guard let unscaled = magnitude.rounded(to: scale, error: error(magnitude.high)) else { return nil }
        return (isNegative ? -unscaled : unscaled, scale)
    }

    private static func logarithmWeight(_ number: Number) -> Int {
        let (magnitude, one) = (number.unscaled.magnitude, DecimalText.powers128[number.scale].magnitude)
        // From 0.9 to 1.1, asked of no more than what may lie there.
        if magnitude >= one - one / 5, magnitude <= one + one / 5 {
            let (tenfold, unit) = (BigUInt(magnitude) * BigUInt(10), BigUInt(one))
            if tenfold >= unit * BigUInt(9), tenfold <= unit * BigUInt(11) {
                let distance = magnitude > one ? magnitude - one : one - magnitude
                return NumericConstants.logarithmWeight(distance: NumeralHead(distance, number.scale))
            }
        }
        return NumericConstants.logarithmWeight(of: NumeralHead(magnitude, number.scale))
    }

    /// As above with as many digits as there is no doubt with.
    private static func thorough(_ name: String, _ arguments: [Number]) -> Number? {
        let numbers = arguments.map { (unscaled: BigInt($0.unscaled), scale: $0.scale) }
        guard let value = NumericConstants(isUnlimited: true).value(name, numbers) else { return nil }
        // Beyond what columns hold only the zeros at the end can go.
        let number = LongNumber.finite(value.unscaled, scale: value.scale)
        return number.narrow ?? number.trimmed.narrow
    }
}
