/// Bytes of rows before they go to a file, written without a `String` for any value.
struct RowBuffer {
    /// As long as the buffer may get; `count` bytes of it are filled.
    private var bytes: [UInt8]
    private(set) var count = 0

    static let flushThreshold = 1 << 20
    /// Room beyond the threshold: more than the longest claim needs.
    private static let margin = 1 << 18

    init() { bytes = Array(repeating: 0, count: Self.flushThreshold + Self.margin) }

    var filled: Span<UInt8> {
        @_lifetime(borrow self) get { bytes.span.extracting(first: count) }
    }

    mutating func removeAll() { count = 0 }

    mutating func append(_ byte: UInt8) {
        bytes[count] = byte
        count &+= 1
    }

    mutating func comma() { append(0x2C) }

    mutating func append(_ text: [UInt8]) {
        for place in text.indices { bytes[count &+ place] = text[place] }
        count &+= text.count
    }

    mutating func append(_ text: String) {
        for byte in text.utf8 { append(byte) }
    }

    /// Repeats bytes written before.
    mutating func appendAgain(from start: Int, to end: Int) {
        let target = count
        for place in 0..<(end - start) { bytes[target &+ place] = bytes[start &+ place] }
        count = target &+ (end - start)
    }

    /// Exactly `width` digits, with leading zeros.
    mutating func appendDigits(_ value: UInt64, width: Int) {
        var rest = value
        var place = count &+ width
        while place > count {
            place &-= 1
            let quotient = rest / 10
            bytes[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
            rest = quotient
        }
        count &+= width
    }

    mutating func appendNumber(_ value: UInt64) {
        var width = 1
        var bound: UInt64 = 10
        while value >= bound, width < 19 {
            bound &*= 10
            width &+= 1
        }
        appendDigits(value, width: width)
    }

    /// `unscaled / 10^scale` with at least `minimum` digits after the point and no zeros beyond them.
    mutating func appendDecimal(_ unscaled: Int64, scale: Int, minimum: Int) {
        if unscaled < 0 { append(0x2D) }
        let magnitude = unscaled.magnitude
        var power: UInt64 = 1
        for _ in 0..<scale { power &*= 10 }
        let whole = magnitude / power
        var fraction = magnitude &- whole &* power
        appendNumber(whole)
        var digits = scale
        while digits > minimum, fraction % 10 == 0 {
            fraction /= 10
            digits &-= 1
        }
        if digits == 0 { return }
        append(0x2E)
        appendDigits(fraction, width: digits)
    }
}
