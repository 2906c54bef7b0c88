import BigInt
import Columns

/// Arithmetic with the digits that PostgreSQL gives its results. Nil is an error there, or a number beyond what it holds.
extension LongNumber {
    var negated: LongNumber {
        switch self {
        case .nan: .nan
        case .infinite(let isNegative): .infinite(isNegative: !isNegative)
        case .finite(let unscaled, let scale): .finite(-unscaled, scale: scale)
        }
    }

    var magnitude: LongNumber { sign == -1 ? negated : self }

    func plus(_ other: LongNumber) -> LongNumber? {
        switch (self, other) {
        case (.nan, _), (_, .nan): return .nan
        case (.infinite(let isNegative), .infinite(let isOtherNegative)):
            return isNegative == isOtherNegative ? self : .nan
        case (.infinite, _): return self
        case (_, .infinite): return other
        case (.finite(let a, let scale), .finite(let b, let otherScale)):
            let common = max(scale, otherScale)
            return LongNumber(a.timesPowerOfTen(common - scale) + b.timesPowerOfTen(common - otherScale), scale: common)
        }
    }

    func times(_ other: LongNumber) -> LongNumber? {
        guard case .finite(let a, let scale) = self, case .finite(let b, let otherScale) = other else {
            guard let sign, let otherSign = other.sign, sign * otherSign != 0 else { return .nan }
            return .infinite(isNegative: sign * otherSign < 0)
        }
        return LongNumber(a * b, scale: scale + otherScale)
    }

    func divided(by other: LongNumber) -> LongNumber? {
        switch (self, other) {
        case (.nan, _), (_, .nan), (.infinite, .infinite): return .nan
        case (.infinite(let isNegative), .finite):
            guard let sign = other.sign, sign != 0 else { return nil }
            return .infinite(isNegative: isNegative != (sign < 0))
        case (.finite, .infinite): return .finite(0, scale: 0)
        case (.finite(let a, let scale), .finite(let b, let otherScale)):
            guard b != 0 else { return nil }
            let wanted = LongNumber.quotientScale(self, other)
            // a / 10^s / (b / 10^t) = a * 10^(t - s) / b
            let dividend = a.magnitude * .powerOfTen(max(0, wanted + otherScale - scale))
            let divisor = b.magnitude * .powerOfTen(max(0, scale - otherScale - wanted))
            let quotient = dividend.roundedQuotient(by: divisor)
            return LongNumber(BigInt(sign: a.sign == b.sign ? .plus : .minus, magnitude: quotient), scale: wanted)
        }
    }

    /// The rest of a division whose quotient is a whole number.
    func rest(by other: LongNumber) -> LongNumber? {
        switch (self, other) {
        case (.nan, _), (_, .nan): return .nan
        case (.infinite, _): return other.isZero ? nil : .nan
        case (.finite, .infinite): return self
        case (.finite(let a, let scale), .finite(let b, let otherScale)):
            guard b != 0 else { return nil }
            let common = max(scale, otherScale)
            return LongNumber(a.timesPowerOfTen(common - scale) % b.timesPowerOfTen(common - otherScale), scale: common)
        }
    }

    /// The quotient without what follows the point.
    func wholeQuotient(by other: LongNumber) -> LongNumber? {
        guard case .finite(let a, let scale) = self, case .finite(let b, let otherScale) = other else {
            return divided(by: other)
        }
        guard b != 0 else { return nil }
        let common = max(scale, otherScale)
        return LongNumber(a.timesPowerOfTen(common - scale) / b.timesPowerOfTen(common - otherScale), scale: 0)
    }

    /// The greatest common divisor, or the least common multiple.
    func common(_ other: LongNumber, isMultiple: Bool) -> LongNumber? {
        guard case .finite(let a, let scale) = self, case .finite(let b, let otherScale) = other else { return .nan }
        let digits = max(scale, otherScale)
        let (left, right) = (
            a.timesPowerOfTen(digits - scale).magnitude, b.timesPowerOfTen(digits - otherScale).magnitude
        )
        // Its time grows with the square of the digits, and planning is not cancelled: some four thousand digits are enough.
        guard left.bitWidth + right.bitWidth <= 16_384 else { return nil }
        let divisor = left.greatestCommonDivisor(with: right)
        if !isMultiple { return LongNumber(BigInt(divisor), scale: digits) }
        return LongNumber(divisor.isZero ? 0 : BigInt(left / divisor * right), scale: digits)
    }

    /// The number of digits after the point of a quotient, which PostgreSQL chooses for at least 16 digits in all.
    private static func quotientScale(_ dividend: LongNumber, _ divisor: LongNumber) -> Int {
        guard case .finite(let a, let scale) = dividend, case .finite(let b, let otherScale) = divisor else { return 0 }
        let (first, second) = (NumeralGroups(a.magnitude, scale), NumeralGroups(b.magnitude, otherScale))
        var weight = first.weight - second.weight
        if (first.digits.first ?? 0) <= (second.digits.first ?? 0) { weight -= 1 }
        return min(max(16 - weight * 4, scale, otherScale, 0), 1000)
    }
}

/// A number in groups of four digits, as PostgreSQL has it: its choices of digits go by them.
struct NumeralGroups {
    private(set) var digits: [Int] = []
    /// The place of the first group: 0 where it ends at the point.
    private(set) var weight = 0

    init(_ magnitude: BigUInt, _ scale: Int) {
        let padded = (scale + 3) / 4 * 4
        var text = magnitude.isZero ? "" : String(magnitude * .powerOfTen(padded - scale))
        text = String(repeating: "0", count: (4 - text.utf8.count % 4) % 4) + text
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            digits.append(rest.prefix(4).reduce(0) { $0 * 10 + Int($1 - 0x30) })
            rest = rest.dropFirst(4)
        }
        weight = digits.isEmpty ? 0 : digits.count - 1 - padded / 4
        while digits.last == 0 { digits.removeLast() }
    }
}

/// The first groups of four digits of a number.
struct NumeralHead {
    /// 0 where the number is.
    let first: Int
    /// Nil where no digits follow the first group.
    let second: Int?
    /// The place of the first group: 0 where it ends at the point.
    let weight: Int

    init(_ groups: NumeralGroups) {
        first = groups.digits.first ?? 0
        second = groups.digits.count > 1 ? groups.digits[1] : nil
        weight = groups.weight
    }

    /// `magnitude / 10^scale`, of 38 digits and a scale to 38.
    init(_ magnitude: UInt128, _ scale: Int) {
        guard magnitude != 0 else {
            (first, second, weight) = (0, nil, 0)
            return
        }
        var digits = 1
        while digits < 39, magnitude >= DecimalText.powers128[digits].magnitude { digits += 1 }
        // Rounded down: the digit before the point has the place 0.
        weight = (digits - scale - 1 + 160) / 4 - 40
        let below = scale + 4 * weight
        guard below > 0 else {
            first = Int(magnitude * DecimalText.powers128[-below].magnitude)
            second = nil
            return
        }
        let (head, rest) = magnitude.quotientAndRemainder(dividingBy: DecimalText.powers128[below].magnitude)
        first = Int(head)
        if rest == 0 {
            second = nil
        } else if below >= 4 {
            second = Int(rest / DecimalText.powers128[below - 4].magnitude)
        } else {
            second = Int(rest * DecimalText.powers128[4 - below].magnitude)
        }
    }
}
