import Columns

extension ValueText {
    /// Shortest digits that read back as the same double, laid out as PostgreSQL does: plain from 0.0001 up to 15
    /// digits before the point, else `d.ddde+XX`.
    package static func append(double: Double, to bytes: inout [UInt8]) {
        if double.isNaN { return bytes.append(contentsOf: "NaN".utf8) }
        if double.sign == .minus { bytes.append(0x2D) }
        if double.isInfinite { return bytes.append(contentsOf: "Infinity".utf8) }
        if double == 0 { return bytes.append(0x30) }
        let (digits, exponent) = shortestDigits(double.magnitude)
        if exponent < -4 || exponent >= 15 {
            appendScientific(digits, exponent, to: &bytes)
        } else if exponent < 0 {
            bytes.append(contentsOf: [0x30, 0x2E])
            bytes.append(contentsOf: repeatElement(0x30, count: -exponent - 1))
            bytes.append(contentsOf: digits)
        } else {
            for index in 0..<max(digits.count, exponent + 1) {
                if index == exponent + 1 { bytes.append(0x2E) }
                bytes.append(index < digits.count ? digits[index] : 0x30)
            }
        }
    }

    private static func appendScientific(_ digits: [UInt8], _ exponent: Int, to bytes: inout [UInt8]) {
        bytes.append(digits[0])
        if digits.count > 1 {
            bytes.append(0x2E)
            bytes.append(contentsOf: digits[1...])
        }
        bytes.append(0x65)
        bytes.append(exponent < 0 ? 0x2D : 0x2B)
        append(digits: UInt64(abs(exponent)), minimumCount: 2, to: &bytes)
    }

    /// The shortest digits without trailing zeros, and the decimal exponent of the first of them.
    static func shortestDigits(_ magnitude: Double) -> (digits: [UInt8], exponent: Int) {
        var digits: [UInt8] = []
        var pointAt: Int?
        var exponent = 0
        var text = Substring(magnitude.description)
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...]) ?? 0
            text = text[..<mark]
        }
        for byte in text.utf8 {
            if byte == 0x2E { pointAt = digits.count } else { digits.append(byte) }
        }
        exponent += (pointAt ?? digits.count) - 1
        let leadingZeros = digits.prefix { $0 == 0x30 }.count
        digits.removeFirst(leadingZeros)
        exponent -= leadingZeros
        while digits.last == 0x30, digits.count > 1 { digits.removeLast() }
        return (digits, exponent)
    }
}
