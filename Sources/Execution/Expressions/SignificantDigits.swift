import Columns
import Glibc

/// Doubles as decimals of 15 significant digits, the digits every double is sure to have.
enum SignificantDigits {
    /// The exact value rounded half to even at the 15th digit. The double must be finite.
    static func decimal(_ value: Double) -> Decimal128 {
        let (digits, exponent) = ValueText.shortestDigits(value.magnitude)
        if digits.count <= 15 { return decimal(digits, lastExponent: exponent - digits.count + 1, value) }
        // The shortest form may sit on a tie that the exact value is not on: ask the C library for correct rounding.
        var buffer = [CChar](repeating: 0, count: 40)
        let written = unsafe withVaList([value.magnitude]) { arguments in
            // The buffer has room for the 20 bytes "%.14e" writes at most, and its size is passed on.
            unsafe vsnprintf(&buffer, 40, "%.14e", arguments)
        }
        let text = buffer.prefix(Int(written)).map { UInt8(bitPattern: $0) }
        guard let read = Decimal128.read(text) else { return decimal(digits, lastExponent: exponent, value) }
        return Decimal128(isNegative: value < 0, digits: read.digits, exponent: read.exponent)
    }

    /// The double nearest to the six digits that every real is sure to have.
    static func six(_ value: Double) -> Double {
        var buffer = [CChar](repeating: 0, count: 40)
        let written = unsafe withVaList([value]) { arguments in
            // The buffer has room for the 13 bytes "%.5e" writes at most, and its size is passed on.
            unsafe vsnprintf(&buffer, 40, "%.5e", arguments)
        }
        return Double(String(decoding: buffer.prefix(Int(written)).map { UInt8(bitPattern: $0) }, as: UTF8.self)) ?? value
    }

    private static func decimal(_ digits: [UInt8], lastExponent: Int, _ value: Double) -> Decimal128 {
        let numbers = digits.map { $0 - 0x30 }
        return Decimal128(
            isNegative: value < 0, digits: numbers == [0] ? [] : numbers, exponent: lastExponent)
    }
}
