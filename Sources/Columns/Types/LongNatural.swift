/// A natural number of any size, for values that are the same on every row: few of them are computed.
package struct LongNatural: Comparable, Sendable {
    /// 32 bits each, the lowest first; the last one is not 0.
    private var words: [UInt32]

    private init(words: [UInt32]) {
        self.words = words
        while self.words.last == 0 { self.words.removeLast() }
    }

    package init(_ value: UInt128) {
        self.init(words: (0..<4).map { UInt32(truncatingIfNeeded: value >> UInt128(32 * $0)) })
    }

    package static func powerOfTen(_ exponent: Int) -> LongNatural { LongNatural(10).raised(to: exponent) }

    package var isZero: Bool { words.isEmpty }

    package var bitWidth: Int { words.count * 32 - (words.last?.leadingZeroBitCount ?? 0) }

    /// Nil if it has more bits.
    package var narrow: UInt128? {
        words.count > 4 ? nil : words.reversed().reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
    }

    package static func < (left: LongNatural, right: LongNatural) -> Bool {
        if left.words.count != right.words.count { return left.words.count < right.words.count }
        for (a, b) in zip(left.words.reversed(), right.words.reversed()) where a != b { return a < b }
        return false
    }

    package static func + (left: LongNatural, right: LongNatural) -> LongNatural {
        var sum: [UInt32] = []
        var carry: UInt64 = 0
        for place in 0..<max(left.words.count, right.words.count) {
            carry += UInt64(left.word(place)) + UInt64(right.word(place))
            sum.append(UInt32(truncatingIfNeeded: carry))
            carry >>= 32
        }
        return LongNatural(words: sum + [UInt32(carry)])
    }

    /// The difference to a number that is not larger.
    package static func - (left: LongNatural, right: LongNatural) -> LongNatural {
        var difference: [UInt32] = []
        var borrow: Int64 = 0
        for place in left.words.indices {
            borrow += Int64(left.words[place]) - Int64(right.word(place))
            difference.append(UInt32(truncatingIfNeeded: borrow))
            borrow >>= 32
        }
        return LongNatural(words: difference)
    }

    package static func * (left: LongNatural, right: LongNatural) -> LongNatural {
        var product = [UInt32](repeating: 0, count: left.words.count + right.words.count)
        for (place, word) in left.words.enumerated() {
            var carry: UInt64 = 0
            for (other, factor) in right.words.enumerated() {
                carry += UInt64(word) * UInt64(factor) + UInt64(product[place + other])
                product[place + other] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            product[place + right.words.count] = UInt32(carry)
        }
        return LongNatural(words: product)
    }

    package static func << (value: LongNatural, count: Int) -> LongNatural {
        let (whole, bits) = count.quotientAndRemainder(dividingBy: 32)
        var shifted = [UInt32](repeating: 0, count: whole)
        var carry: UInt64 = 0
        for word in value.words {
            carry |= UInt64(word) << UInt64(bits)
            shifted.append(UInt32(truncatingIfNeeded: carry))
            carry >>= 32
        }
        return LongNatural(words: shifted + [UInt32(carry)])
    }

    package static func >> (value: LongNatural, count: Int) -> LongNatural {
        let (whole, bits) = count.quotientAndRemainder(dividingBy: 32)
        guard whole < value.words.count else { return LongNatural(words: []) }
        return LongNatural(
            words: (whole..<value.words.count).map { place in
                let pair = UInt64(value.word(place + 1)) << 32 | UInt64(value.words[place])
                return UInt32(truncatingIfNeeded: pair >> UInt64(bits))
            })
    }

    /// Quotient and remainder, bit by bit; the divisor must not be 0.
    package func divided(by divisor: LongNatural) -> (quotient: LongNatural, remainder: LongNatural) {
        if divisor.words.count == 1 { return divided(byWord: divisor.words[0]) }
        guard self >= divisor else { return (LongNatural(0), self) }
        let steps = bitWidth - divisor.bitWidth
        var quotient = [UInt32](repeating: 0, count: steps / 32 + 1)
        var rest = self
        var part = divisor << steps
        for step in stride(from: steps, through: 0, by: -1) {
            if rest >= part {
                rest = rest - part
                quotient[step / 32] |= 1 << UInt32(step % 32)
            }
            part = part >> 1
        }
        return (LongNatural(words: quotient), rest)
    }

    private func divided(byWord divisor: UInt32) -> (quotient: LongNatural, remainder: LongNatural) {
        var quotient = words
        var rest: UInt64 = 0
        for place in words.indices.reversed() {
            rest = rest << 32 | UInt64(words[place])
            quotient[place] = UInt32(rest / UInt64(divisor))
            rest %= UInt64(divisor)
        }
        return (LongNatural(words: quotient), LongNatural(UInt128(rest)))
    }

    /// The quotient, rounded half up.
    package func roundedQuotient(by divisor: LongNatural) -> LongNatural {
        let (quotient, remainder) = divided(by: divisor)
        return remainder + remainder >= divisor ? quotient + LongNatural(1) : quotient
    }

    package func raised(to exponent: Int) -> LongNatural {
        var (result, square, rest) = (LongNatural(1), self, exponent)
        while rest > 0 {
            if rest % 2 == 1 { result = result * square }
            rest /= 2
            if rest > 0 { square = square * square }
        }
        return result
    }

    /// The square root, rounded to the nearest whole number.
    package var roundedSquareRoot: LongNatural {
        if isZero { return self }
        var root = LongNatural(1) << ((bitWidth + 1) / 2)
        while true {
            let next = (root + divided(by: root).quotient) >> 1
            if next >= root { break }
            root = next
        }
        return self - root * root > root ? root + LongNatural(1) : root
    }

    private func word(_ place: Int) -> UInt32 { place < words.count ? words[place] : 0 }
}
