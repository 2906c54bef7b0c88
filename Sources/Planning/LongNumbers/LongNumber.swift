import BigInt
import Columns

/// A numeric as PostgreSQL has it: any number of digits, NaN and the infinities too.
///
/// Columns have 38 digits; this is what constants are computed with that go beyond them.
enum LongNumber: Hashable {
    /// `unscaled / 10^scale`.
    case finite(BigInt, scale: Int)
    case infinite(isNegative: Bool)
    case nan

    /// Digits before the point that are computed with: PostgreSQL holds four times as many, but an operator asks anew for what
    /// those inside of it have given, and planning must come to an end soon.
    private static let mostBefore = 32_768
    /// Digits after the point, as many as PostgreSQL holds.
    static let mostAfter = 16_383

    init(_ number: Int64) { self = .finite(BigInt(number), scale: 0) }

    /// Nil for more digits than are computed with.
    init?(_ unscaled: BigInt, scale: Int) {
        self = .finite(unscaled, scale: scale)
        if scale > LongNumber.mostAfter { self = rounded(to: LongNumber.mostAfter) }
        // Ten digits are a little more than 33 bits.
        guard case .finite(let kept, let digits) = self,
            kept.magnitude.bitWidth < (LongNumber.mostBefore + digits) * 33 / 10
        else { return nil }
    }

    /// Digits with or without a point and an exponent, `NaN`, `Infinity`; nil for anything else.
    init?(_ text: String) {
        switch text.lowercased() {
        case "nan": self = .nan
        case "infinity", "inf", "+infinity", "+inf": self = .infinite(isNegative: false)
        case "-infinity", "-inf": self = .infinite(isNegative: true)
        default:
            guard let number = LongNumber.digits(text) else { return nil }
            self = number
        }
    }

    private static func digits(_ text: String) -> LongNumber? {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == 0x2D
        if isNegative || bytes.first == 0x2B { bytes = bytes.dropFirst() }
        let whole = bytes.prefix { (0x30...0x39).contains($0) }
        bytes = bytes.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if bytes.first == 0x2E {
            fraction = bytes.dropFirst().prefix { (0x30...0x39).contains($0) }
            bytes = bytes.dropFirst(fraction.count + 1)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        var exponent = 0
        if let mark = bytes.first, mark | 0x20 == 0x65 {
            guard let value = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)), (-39_999...39_999).contains(value) else {
                return nil
            }
            exponent = value
            bytes = []
        }
        guard bytes.isEmpty, whole.count + fraction.count <= mostBefore + mostAfter,
            let magnitude = BigUInt(String(decoding: whole + fraction, as: UTF8.self), radix: 10)
        else { return nil }
        let unscaled = BigInt(sign: isNegative ? .minus : .plus, magnitude: magnitude)
        let scale = fraction.count - exponent
        if scale >= 0 { return LongNumber(unscaled, scale: scale) }
        if magnitude.isZero { return .finite(0, scale: 0) }
        return LongNumber(unscaled * BigInt(BigUInt.powerOfTen(-scale)), scale: 0)
    }

    /// As PostgreSQL prints it.
    var text: String {
        switch self {
        case .nan: return "NaN"
        case .infinite(let isNegative): return isNegative ? "-Infinity" : "Infinity"
        case .finite(let unscaled, let scale):
            if scale == 0 { return String(unscaled) }
            var digits = String(unscaled.magnitude)
            if digits.utf8.count <= scale {
                digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
            }
            digits.insert(".", at: digits.utf8.index(digits.endIndex, offsetBy: -scale))
            return unscaled < 0 ? "-" + digits : digits
        }
    }

    /// The number as columns hold it; nil where it has more than 38 digits or is none.
    var narrow: (unscaled: Int128, scale: Int)? {
        guard case .finite(let unscaled, let scale) = self, scale <= LogicalType.maximumPrecision,
            let narrow = unscaled.magnitude.narrow,
            narrow < DecimalText.powers128[LogicalType.maximumPrecision].magnitude
        else { return nil }
        return (unscaled < 0 ? -Int128(narrow) : Int128(narrow), scale)
    }

    /// The nearest double; nil for one that none is near to.
    var double: Double? {
        switch self {
        case .nan: .nan
        case .infinite(let isNegative): isNegative ? -.infinity : .infinity
        case .finite(let unscaled, _): Double(text).flatMap { $0.isFinite && ($0 != 0 || unscaled == 0) ? $0 : nil }
        }
    }

    var isZero: Bool {
        if case .finite(let unscaled, _) = self { return unscaled == 0 }
        return false
    }

    /// -1, 0 or 1; NaN has none.
    var sign: Int? {
        switch self {
        case .nan: nil
        case .infinite(let isNegative): isNegative ? -1 : 1
        case .finite(let unscaled, _): unscaled == 0 ? 0 : unscaled < 0 ? -1 : 1
        }
    }

    // MARK: Order

    /// The order of two numbers: NaN is greater than all, and equal to itself.
    func order(_ other: LongNumber) -> Int {
        func place(_ number: LongNumber) -> Int {
            switch number {
            case .nan: 2
            case .infinite(let isNegative): isNegative ? -1 : 1
            case .finite: 0
            }
        }
        guard case .finite(let a, let scale) = self, case .finite(let b, let otherScale) = other else {
            let (first, second) = (place(self), place(other))
            return first == second ? 0 : first < second ? -1 : 1
        }
        let common = max(scale, otherScale)
        let (left, right) = (a.timesPowerOfTen(common - scale), b.timesPowerOfTen(common - otherScale))
        return left == right ? 0 : left < right ? -1 : 1
    }

    // MARK: Digits after the point

    /// With so many digits after the point (before it, if less than none), rounded half away from zero.
    func rounded(to wanted: Int) -> LongNumber {
        guard case .finite(let unscaled, let scale) = self else { return self }
        let kept = max(wanted, 0)
        if wanted >= scale { return .finite(unscaled.timesPowerOfTen(wanted - scale), scale: wanted) }
        let magnitude = unscaled.magnitude.roundedQuotient(by: .powerOfTen(scale - wanted))
        return .finite(BigInt(sign: unscaled.sign, magnitude: magnitude * .powerOfTen(kept - wanted)), scale: kept)
    }

    /// As ``rounded(to:)``, toward zero.
    func cut(to wanted: Int) -> LongNumber {
        guard case .finite(let unscaled, let scale) = self, wanted < scale else { return rounded(to: wanted) }
        let kept = max(wanted, 0)
        let magnitude = unscaled.magnitude / .powerOfTen(scale - wanted)
        return .finite(BigInt(sign: unscaled.sign, magnitude: magnitude * .powerOfTen(kept - wanted)), scale: kept)
    }

    /// Without zeros at the end of its digits after the point.
    var trimmed: LongNumber {
        guard case .finite(let unscaled, let scale) = self, scale > 0 else { return self }
        if unscaled == 0 { return .finite(0, scale: 0) }
        let zeros = min(scale, String(unscaled.magnitude).utf8.reversed().prefix { $0 == 0x30 }.count)
        return .finite(unscaled / BigInt(BigUInt.powerOfTen(zeros)), scale: scale - zeros)
    }
}

extension BigInt {
    /// The number × 10^exponent, of an exponent from 0.
    func timesPowerOfTen(_ exponent: Int) -> BigInt {
        exponent == 0 ? self : self * BigInt(BigUInt.powerOfTen(exponent))
    }
}

extension BigUInt {
    static func powerOfTen(_ exponent: Int) -> BigUInt { BigUInt(10).power(exponent) }

    /// Nil if it has more bits.
    var narrow: UInt128? { UInt128(exactly: self) }

    /// The quotient, rounded half up.
    func roundedQuotient(by divisor: BigUInt) -> BigUInt {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder << 1 >= divisor ? quotient + 1 : quotient
    }

    /// The square root, rounded to the nearest whole number.
    var roundedSquareRoot: BigUInt {
        let root = squareRoot()
        return self - root * root > root ? root + 1 : root
    }
}
