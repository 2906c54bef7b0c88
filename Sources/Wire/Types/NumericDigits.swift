import Columns
package import NIOCore

/// PostgreSQL's binary numeric: digits to the base 10,000, the weight of the first, a sign and the digits shown after the point.
///
/// Source: `numeric_send` and `numeric_recv` in `src/backend/utils/adt/numeric.c`.
package enum NumericDigits {
    private static let base: UInt128 = 10_000
    private static let negative: UInt16 = 0x4000
    private static let notANumber: UInt16 = 0xC000

    /// Writes `unscaled / 10^scale`.
    package static func write(unscaled: Int128, scale: Int, to buffer: inout ByteBuffer) {
        // The digits after the point fill groups of four from the point on.
        let padding = (4 - scale % 4) % 4
        let fractionGroups = (scale + padding) / 4
        var groups: [UInt16] = []
        var rest = unscaled.magnitude
        // The lowest group has the padding zeros; multiplying the whole by them could overflow.
        if padding > 0 {
            let cut: UInt128 = padding == 1 ? 1000 : (padding == 2 ? 100 : 10)
            let shift: UInt128 = padding == 1 ? 10 : (padding == 2 ? 100 : 1000)
            groups.append(UInt16(rest % cut * shift))
            rest /= cut
        }
        while rest > 0 {
            groups.append(UInt16(rest % base))
            rest /= base
        }
        var weight = groups.count - fractionGroups - 1
        while let last = groups.last, last == 0 {
            groups.removeLast()
            weight -= 1
        }
        var lowest = 0
        while lowest < groups.count, groups[lowest] == 0 { lowest += 1 }
        let digits = groups[lowest...].reversed()
        buffer.writeInteger(Int16(digits.count))
        buffer.writeInteger(Int16(digits.isEmpty ? 0 : weight))
        buffer.writeInteger(unscaled < 0 ? negative : 0)
        buffer.writeInteger(UInt16(scale))
        for digit in digits { buffer.writeInteger(digit) }
    }

    /// Reads a number from all of `bytes`.
    ///
    /// - Throws: `22P03` for bytes that are no number, `22003` for more than 38 digits, `0A000` for NaN and infinity.
    package static func read(_ bytes: [UInt8]) throws -> (unscaled: Int128, scale: Int) {
        var buffer = ByteBuffer(bytes: bytes)
        guard let count = buffer.readInteger(as: Int16.self), let weight = buffer.readInteger(as: Int16.self),
            let sign = buffer.readInteger(as: UInt16.self), let scale = buffer.readInteger(as: Int16.self),
            count >= 0, scale >= 0, buffer.readableBytes == Int(count) * 2
        else { throw WireError(.invalidBinary, "incorrect binary data format of a numeric") }
        guard sign == 0 || sign == negative else {
            if sign >= notANumber { throw WireError(.notSupported, "numeric NaN and infinity are not supported") }
            throw WireError(.invalidBinary, "invalid sign of a binary numeric")
        }
        guard scale <= 38 else { throw tooManyDigits }
        var value: Int128 = 0
        for index in 0..<Int(count) {
            guard let digit = buffer.readInteger(as: UInt16.self), digit < 10_000 else {
                throw WireError(.invalidBinary, "invalid digit of a binary numeric")
            }
            // The power of ten this group counts, in units of the last digit shown.
            let exponent = (Int(weight) - index) * 4 + Int(scale)
            guard digit != 0 else { continue }
            if exponent >= 0 {
                guard exponent <= 38 else { throw tooManyDigits }
                let (part, overflow) = DecimalText.powers128[exponent].multipliedReportingOverflow(by: Int128(digit))
                let (sum, carry) = value.addingReportingOverflow(part)
                if overflow || carry { throw tooManyDigits }
                value = sum
            } else if exponent > -4 {
                // Digits beyond the scale shown are cut, as numeric_recv does.
                let (sum, carry) = value.addingReportingOverflow(Int128(digit) / DecimalText.powers128[-exponent])
                if carry { throw tooManyDigits }
                value = sum
            }
        }
        guard value < DecimalText.powers128[38] else { throw tooManyDigits }
        return (sign == negative ? -value : value, Int(scale))
    }

    private static var tooManyDigits: WireError {
        WireError(.outOfRange, "numeric of more than 38 digits")
    }
}
