import Columns

/// Exact arithmetic on scaled 128-bit integers; nil means that the result does not fit.
enum WideArithmetic {
    /// Largest magnitude of a number of 38 digits.
    static let maximum = DecimalText.powers128[38] - 1

    /// The rows as 64-bit numbers; nil if a present one does not fit.
    static func narrowed(_ rows: ArraySlice<Int128>, _ validity: Validity = .allPresent) -> [Int64]? {
        var result = [Int64](repeating: 0, count: rows.count)
        var lost: Int128 = 0
        switch validity {
        case .allPresent:
            for row in 0..<rows.count {
                let value = rows[rows.startIndex &+ row]
                result[row] = Int64(truncatingIfNeeded: value)
                lost |= Int128(result[row]) ^ value
            }
        case .mask(let mask):
            for row in 0..<rows.count {
                let value = rows[rows.startIndex &+ row]
                result[row] = Int64(truncatingIfNeeded: value)
                lost |= (Int128(result[row]) ^ value) & (0 &- Int128(mask[row]))
            }
        }
        return lost == 0 ? result : nil
    }

    /// An operand in 64 bits, if all of its rows that are present fit. A sum's or product's type is wide; its values seldom are.
    static func narrowed(_ operand: Operand<Int128>, _ validity: Validity = .allPresent) -> Operand<Int64>? {
        switch operand {
        case .constant(let value): Int64(exactly: value).map { .constant($0) }
        case .rows(let rows): narrowed(rows[...], validity).map { .rows($0) }
        }
    }

    /// `value × 10^(to - from)`, rounded half away from zero where digits are lost.
    static func rescaled(_ value: Int128, from: Int, to: Int) -> Int128? {
        if from == to { return value }
        if to > from {
            guard to - from <= 38 else { return value == 0 ? 0 : nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: DecimalText.powers128[to - from])
            return overflow ? nil : product
        }
        guard from - to <= 38 else { return 0 }
        return roundedQuotient(value, DecimalText.powers128[from - to])
    }

    /// `dividend / divisor`, rounded half away from zero. The divisor must not be 0.
    static func roundedQuotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        if divisor == -1 { return 0 &- dividend }
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        let twice = remainder.magnitude.multipliedReportingOverflow(by: 2)
        guard twice.overflow || twice.partialValue >= divisor.magnitude else { return quotient }
        return (dividend < 0) == (divisor < 0) ? quotient + 1 : quotient - 1
    }

    /// `dividend × 10^exponent / divisor`, rounded half away from zero, through 256 bits where needed.
    static func scaledQuotient(_ dividend: Int128, _ divisor: Int128, exponent: Int) -> Int128? {
        if exponent < 0 {
            guard -exponent <= 38 else { return 0 }
            // Dividing twice would round twice: the divisor takes the power, or the quotient is below one half.
            let (scaled, overflow) = divisor.multipliedReportingOverflow(by: DecimalText.powers128[-exponent])
            if overflow { return 0 }
            return roundedQuotient(dividend, scaled)
        }
        guard exponent <= 38 else { return dividend == 0 ? 0 : nil }
        let power = DecimalText.powers128[exponent]
        let (product, overflow) = dividend.multipliedReportingOverflow(by: power)
        if !overflow { return roundedQuotient(product, divisor) }
        let wide = dividend.magnitude.multipliedFullWidth(by: power.magnitude)
        let divisorMagnitude = divisor.magnitude
        guard wide.high < divisorMagnitude else { return nil }
        let (quotient, remainder) = divisorMagnitude.dividingFullWidth(wide)
        return signed(quotient, remainder, divisorMagnitude, negative: (dividend < 0) != (divisor < 0))
    }

    /// `left × right / 10^dropped`, rounded half away from zero, through 256 bits where needed.
    static func product(_ left: Int128, _ right: Int128, dropping dropped: Int) -> Int128? {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        if !overflow { return rescaled(product, from: dropped, to: 0) }
        guard dropped > 0, dropped <= 38 else { return nil }
        let wide = left.magnitude.multipliedFullWidth(by: right.magnitude)
        let power = DecimalText.powers128[dropped].magnitude
        guard wide.high < power else { return nil }
        let (quotient, remainder) = power.dividingFullWidth(wide)
        return signed(quotient, remainder, power, negative: (left < 0) != (right < 0))
    }

    private static func signed(_ quotient: UInt128, _ remainder: UInt128, _ divisor: UInt128, negative: Bool) -> Int128?
    {
        var magnitude = quotient
        if remainder >= divisor - remainder { magnitude += 1 }
        guard let value = Int128(exactly: magnitude) else { return nil }
        return negative ? -value : value
    }
}
