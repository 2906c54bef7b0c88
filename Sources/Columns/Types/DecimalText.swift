/// Exact decimals as text.
package enum DecimalText {
    /// Powers of ten that fit an `Int64`: `powers64[n] == 10^n`, n ≤ 18.
    package static let powers64: [Int64] = (0...18).map { exponent in
        (0..<exponent).reduce(Int64(1)) { power, _ in power * 10 }
    }

    /// Powers of ten that fit an `Int128`: n ≤ 38.
    package static let powers128: [Int128] = (0...38).map { exponent in
        (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 }
    }

    /// `unscaled / 10^scale` with exactly `scale` digits after the point, e.g. `-12.50`.
    package static func string(unscaled: Int128, scale: Int) -> String {
        if scale == 0 { return String(unscaled) }
        let negative = unscaled < 0
        var digits = Array(String(unscaled.magnitude).utf8)
        if digits.count <= scale { digits.insert(contentsOf: repeatElement(0x30, count: scale + 1 - digits.count), at: 0) }
        digits.insert(0x2E, at: digits.count - scale)
        if negative { digits.insert(0x2D, at: 0) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Reads `[+-]digits[.digits]`; nil for anything else or more than 38 digits. The scale is the number of digits
    /// after the point.
    package static func parse(_ text: String) -> (unscaled: Int128, scale: Int)? {
        var value: Int128 = 0
        var scale = 0
        var seenPoint = false
        var digitCount = 0
        var negative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x2B where index == 0: break
            case 0x2D where index == 0: negative = true
            case 0x2E where !seenPoint: seenPoint = true
            case 0x30...0x39:
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(Int128(byte - 0x30))
                if overflow || carry { return nil }
                value = sum
                digitCount += 1
                if seenPoint { scale += 1 }
            default: return nil
            }
        }
        guard digitCount > 0, scale <= 38 else { return nil }
        return (negative ? -value : value, scale)
    }
}
