import Columns

/// Why a literal is no value of its type, in PostgreSQL's words.
struct LiteralProblem: Error {
    var message: String
    /// Whether it is a numeric that no column holds.
    var isLongNumber = false
    init(_ message: String) { self.message = message }

    static func syntax(_ type: String, _ text: String) -> LiteralProblem {
        LiteralProblem("invalid input syntax for type \(type): \"\(text)\"")
    }
}

/// Reads quoted literals as values of a type.
enum LiteralReader {
    /// The value, in the type's own scale; a numeric type without digits (`precision` 0) keeps the literal's scale.
    static func read(_ text: String, as type: LogicalType) throws(LiteralProblem) -> ScalarValue {
        let trimmed = trim(text)
        switch type {
        case .text, .unknown, .array: return .text(text)
        case .boolean: return try boolean(trimmed, text)
        case .integer:
            let value = try integer(trimmed, text, type)
            guard Int64(Int32.min)...Int64(Int32.max) ~= value else {
                throw LiteralProblem("value \"\(text)\" is out of range for type integer")
            }
            return .integer(value)
        case .bigint: return .integer(try integer(trimmed, text, type))
        case .numeric: return try numeric(trimmed, text, type)
        case .double:
            if let value = double(trimmed) { return .double(value) }
            throw .syntax("double precision", text)
        case .date: return .date(try DateTimeReader.timestamp(trimmed, text, "date").day)
        case .timestamp, .moment:
            let parts = try DateTimeReader.timestamp(trimmed, text, "timestamp")
            return .timestamp(CivilTime.midnight(ofDay: parts.day) + parts.microseconds)
        case .interval: return .interval(try interval(text))
        }
    }

    /// - Parameters:
    ///   - unit: What a bare number at the end counts.
    ///   - isMinutes: A time of two parts is minutes and seconds.
    static func interval(
        _ text: String, unit: String = "second", isMinutes: Bool = false
    ) throws(LiteralProblem) -> IntervalValue {
        do throws(IntervalReader.Problem) {
            return try IntervalReader.read(trim(text), unit: unit, isMinutes: isMinutes)
        } catch .outOfRange {
            throw LiteralProblem("interval out of range: \"\(text)\"")
        } catch {
            throw .syntax("interval", text)
        }
    }

    static func trim(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, isBlank(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last, isBlank(last) { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func boolean(_ trimmed: String, _ text: String) throws(LiteralProblem) -> ScalarValue {
        let word = trimmed.lowercased()
        let isTrue = !word.isEmpty && ("true".hasPrefix(word) || "yes".hasPrefix(word) || word == "on" || word == "1")
        if isTrue { return .boolean(true) }
        let isFalse =
            !word.isEmpty
            && ("false".hasPrefix(word) || "no".hasPrefix(word) || word == "of" || word == "off" || word == "0")
        if isFalse { return .boolean(false) }
        throw .syntax("boolean", text)
    }

    private static func integer(_ trimmed: String, _ text: String, _ type: LogicalType) throws(LiteralProblem) -> Int64
    {
        if let value = Int64(trimmed) { return value }
        if let (_, scale) = DecimalText.parse(trimmed), scale == 0, !trimmed.utf8.contains(0x2E) {
            throw LiteralProblem("value \"\(text)\" is out of range for type \(type.name)")
        }
        throw .syntax(type.name, text)
    }

    static func double(_ trimmed: String) -> Double? {
        switch trimmed.lowercased() {
        case "nan", "+nan", "-nan": return .nan
        case "infinity", "inf", "+infinity", "+inf": return .infinity
        case "-infinity", "-inf": return -.infinity
        default:
            // Swift also takes hexadecimal digits and words, PostgreSQL does not.
            let isPlain = trimmed.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
            }
            guard isPlain, let value = Double(trimmed), value.isFinite else { return nil }
            // Digits so small that a double has nothing but 0 for them are out of range, as those too large are.
            let mantissa = trimmed.utf8.prefix { $0 | 0x20 != 0x65 }
            return value == 0 && mantissa.contains(where: { (0x31...0x39).contains($0) }) ? nil : value
        }
    }

    /// A decimal with an optional exponent; nil if it is none or has more than 38 digits.
    static func decimal(_ text: String) -> (unscaled: Int128, scale: Int)? {
        guard let mark = text.utf8.firstIndex(where: { $0 | 0x20 == 0x65 }) else { return DecimalText.parse(text) }
        guard let (unscaled, scale) = DecimalText.parse(String(text[..<mark])),
            let exponent = Int(text[text.utf8.index(after: mark)...]), (-76...76).contains(exponent)
        else { return nil }
        let newScale = scale - exponent
        if newScale > LogicalType.maximumPrecision { return nil }
        if newScale >= 0 { return (unscaled, newScale) }
        return ScaledNumber.rescale(unscaled, from: newScale, to: 0).map { ($0, 0) }
    }

    /// Whether the text is a number of too many digits or too large an exponent.
    private static func isLongDecimal(_ trimmed: String) -> Bool {
        var bytes = Array(trimmed.utf8)[...]
        if let sign = bytes.first, sign == 0x2B || sign == 0x2D { bytes = bytes.dropFirst() }
        func digits() -> Int {
            let count = bytes.prefix { (0x30...0x39).contains($0) }.count
            bytes = bytes.dropFirst(count)
            return count
        }
        var count = digits()
        if bytes.first == 0x2E {
            bytes = bytes.dropFirst()
            count += digits()
        }
        guard count > 0 else { return false }
        if let mark = bytes.first, mark | 0x20 == 0x65 {
            bytes = bytes.dropFirst()
            if let sign = bytes.first, sign == 0x2B || sign == 0x2D { bytes = bytes.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return bytes.isEmpty
    }

    private static func numeric(_ trimmed: String, _ text: String, _ type: LogicalType) throws(LiteralProblem)
        -> ScalarValue
    {
        guard let (unscaled, scale) = decimal(trimmed) else {
            if double(trimmed) != nil || isLongDecimal(trimmed) {
                var problem = LiteralProblem(
                    "the numeric \"\(text.prefix(64))\" is not supported: a numeric has 38 digits, and is neither NaN nor infinite")
                problem.isLongNumber = true
                throw problem
            }
            throw .syntax("numeric", text)
        }
        guard case .numeric(let precision, let wanted) = type, precision > 0 else {
            return .numeric(unscaled: unscaled, scale: scale)
        }
        guard let value = ScaledNumber.rescale(unscaled, from: scale, to: wanted),
            value.magnitude < DecimalText.powers128[precision].magnitude
        else { throw LiteralProblem("numeric field overflow") }
        return .numeric(unscaled: value, scale: wanted)
    }
}

/// Exact numbers as an unscaled integer and a scale.
enum ScaledNumber {
    /// The same number in another scale, rounded half away from zero; nil if it does not fit.
    static func rescale(_ unscaled: Int128, from: Int, to: Int) -> Int128? {
        if to >= from {
            guard to - from <= 38 else { return unscaled == 0 ? 0 : nil }
            let (value, overflow) = unscaled.multipliedReportingOverflow(by: DecimalText.powers128[to - from])
            return overflow ? nil : value
        }
        guard from - to <= 38 else { return 0 }
        let power = DecimalText.powers128[from - to]
        let (quotient, remainder) = unscaled.quotientAndRemainder(dividingBy: power)
        if remainder.magnitude >= power.magnitude - remainder.magnitude { return quotient + (unscaled < 0 ? -1 : 1) }
        return quotient
    }

    /// The number without zeros at its end.
    static func trimmed(_ number: (unscaled: Int128, scale: Int)) -> (unscaled: Int128, scale: Int) {
        var (unscaled, scale) = number
        while scale > 0, unscaled % 10 == 0 {
            unscaled /= 10
            scale -= 1
        }
        return (unscaled, scale)
    }

    /// Digits of a number, at least one.
    static func digitCount(_ unscaled: Int128) -> Int {
        let magnitude = unscaled.magnitude
        var count = 1
        while count < 39, magnitude >= DecimalText.powers128[min(count, 38)].magnitude {
            if count == 38 { return 39 }
            count += 1
        }
        return count
    }

    /// The narrowest numeric type that holds the value.
    static func type(unscaled: Int128, scale: Int) -> LogicalType {
        .numeric(precision: min(38, max(digitCount(unscaled), scale, 1)), scale: scale)
    }
}
