import Columns

/// Reads values from text as PostgreSQL's input functions do: blanks around them are ignored.
struct ValueReader {
    let position: Int

    func invalid(_ type: String, _ text: Span<UInt8>) -> ExecutionError {
        ExecutionError(.invalidText(type: type, text: ValueReader.string(text)), position: position)
    }

    func outOfRange(_ type: String, _ text: Span<UInt8>) -> ExecutionError {
        let value = ValueReader.string(text).prefix(64)
        return ExecutionError(
            .invalidArgument("value \"\(value)\" is out of range for type \(type)"), position: position)
    }

    func fieldOutOfRange(_ text: Span<UInt8>) -> ExecutionError {
        ExecutionError(.fieldOutOfRange(text: ValueReader.string(text)), position: position)
    }

    static func string(_ text: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        for index in 0..<text.count { bytes.append(text[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes without blanks, tabs and line ends around them.
    static func trimmed(_ text: Span<UInt8>) -> [UInt8] {
        var start = 0
        var end = text.count
        while start < end, isBlank(text[start]) { start += 1 }
        while end > start, isBlank(text[end - 1]) { end -= 1 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end - start)
        for index in start..<end { bytes.append(text[index]) }
        return bytes
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

    /// Any unambiguous beginning of true, false, yes, no; on, off; 1, 0.
    func boolean(_ text: Span<UInt8>) throws(ExecutionError) -> Bool {
        let word = String(decoding: ValueReader.trimmed(text), as: UTF8.self).lowercased()
        if word.isEmpty || word == "o" { throw invalid("boolean", text) }
        if "true".hasPrefix(word) || "yes".hasPrefix(word) || word == "on" || word == "1" { return true }
        if "false".hasPrefix(word) || "no".hasPrefix(word) || "off".hasPrefix(word) || word == "0" { return false }
        throw invalid("boolean", text)
    }

    func integer(_ text: Span<UInt8>, type: LogicalType) throws(ExecutionError) -> Int64 {
        let bytes = ValueReader.trimmed(text)
        var index = 0
        var isNegative = false
        if let first = bytes.first, first == 0x2B || first == 0x2D {
            isNegative = first == 0x2D
            index = 1
        }
        guard index < bytes.count else { throw invalid(type.name, text) }
        var value: Int64 = 0
        var isTooLarge = false
        while index < bytes.count {
            guard ValueReader.isDigit(bytes[index]) else { throw invalid(type.name, text) }
            let digit = Int64(bytes[index] - 0x30)
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflow || carry { isTooLarge = true } else { value = sum }
            index += 1
        }
        if isTooLarge || (type == .integer && Int32(exactly: value) == nil) { throw outOfRange(type.name, text) }
        return value
    }

    /// `[+-]digits[.digits][e[+-]digits]` as a scaled integer, rounded half away from zero.
    func numeric(_ text: Span<UInt8>, precision: Int, scale: Int) throws(ExecutionError) -> Int128 {
        guard let decimal = Decimal128.read(ValueReader.trimmed(text)) else {
            guard let value = try? double(text), !value.isFinite else { throw invalid("numeric", text) }
            throw ExecutionError(
                .unsupported(
                    "the numeric \"\(value.isNaN ? "nan" : "infinity")\" is not supported: a numeric has 38 digits, and is neither NaN nor infinite"),
                position: position)
        }
        guard let value = decimal.unscaled(scale: scale), value.magnitude < DecimalText.powers128[precision].magnitude
        else { throw ExecutionError(.numericFieldOverflow, position: position) }
        return value
    }

    func double(_ text: Span<UInt8>) throws(ExecutionError) -> Double {
        let bytes = ValueReader.trimmed(text)
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "nan", "+nan", "-nan": return .nan
        case "infinity", "+infinity", "inf", "+inf": return .infinity
        case "-infinity", "-inf": return -.infinity
        default: break
        }
        let hasDigit = bytes.contains(where: ValueReader.isDigit)
        let isPlain = bytes.allSatisfy {
            ValueReader.isDigit($0) || $0 == 0x2E || $0 == 0x2B || $0 == 0x2D || $0 == 0x65 || $0 == 0x45
        }
        guard hasDigit, isPlain, let value = Double(ValueReader.normalizedNumber(bytes)) else {
            throw invalid("double precision", text)
        }
        let isZero = !bytes.prefix { $0 != 0x65 && $0 != 0x45 }.contains { (0x31...0x39).contains($0) }
        if value.isInfinite || (value == 0 && !isZero) {
            throw ExecutionError(
                .invalidArgument(
                    "\"\(ValueReader.string(text).prefix(64))\" is out of range for type double precision"),
                position: position)
        }
        return value
    }

    /// `.5` and `5.` as Swift reads them.
    private static func normalizedNumber(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if byte == 0x2E {
                if result.last.map(isDigit) != true { result.append(0x30) }
                result.append(byte)
                if index + 1 == bytes.count || !isDigit(bytes[index + 1]) { result.append(0x30) }
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// A decimal read from text: digits and the power of ten of the last of them.
struct Decimal128 {
    var isNegative: Bool
    /// Digits without leading zeros; may be more than 128 bits hold.
    var digits: [UInt8]
    var exponent: Int

    static func read(_ bytes: [UInt8]) -> Decimal128? {
        var result = Decimal128(isNegative: false, digits: [], exponent: 0)
        var index = 0
        if let first = bytes.first, first == 0x2B || first == 0x2D {
            result.isNegative = first == 0x2D
            index = 1
        }
        var hasDigits = false
        var seenPoint = false
        while index < bytes.count, ValueReader.isDigit(bytes[index]) || (bytes[index] == 0x2E && !seenPoint) {
            if bytes[index] == 0x2E {
                seenPoint = true
            } else {
                hasDigits = true
                if bytes[index] != 0x30 || !result.digits.isEmpty { result.digits.append(bytes[index] - 0x30) }
                if seenPoint { result.exponent -= 1 }
            }
            index += 1
        }
        guard hasDigits else { return nil }
        if index < bytes.count, bytes[index] == 0x65 || bytes[index] == 0x45 {
            guard let power = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self)), abs(power) < 100_000 else {
                return nil
            }
            result.exponent += power
            index = bytes.count
        }
        return index == bytes.count ? result : nil
    }

    /// The value × 10^scale, rounded half away from zero; nil if it does not fit.
    func unscaled(scale: Int) -> Int128? {
        // Digits to keep: those worth at least 10^-scale.
        let keep = digits.count + exponent + scale
        if keep < 0 || digits.isEmpty { return 0 }
        guard keep <= 39 else { return nil }
        var value: Int128 = 0
        for index in 0..<keep {
            let digit = index < digits.count ? Int128(digits[index]) : 0
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = sum
        }
        if keep < digits.count, digits[keep] >= 5 { value += 1 }
        return isNegative ? -value : value
    }
}
