import Columns
import Glibc

/// Doubles as decimals of so many significant digits, such as the 15 that every double is sure to have.
package enum SignificantDigits {
    /// The exact value rounded half to even at the 15th digit. The double must be finite.
    static func decimal(_ value: Double) -> Decimal128 {
        let (digits, exponent) = ValueText.shortestDigits(value.magnitude)
        if digits.count <= 15 { return decimal(digits, lastExponent: exponent - digits.count + 1, value) }
        // The shortest form may sit on a tie that the exact value is not on: ask the C library for correct rounding.
        guard let read = Decimal128.read(written(value.magnitude, digits: 15)) else { return decimal(digits, lastExponent: exponent, value) }
        return Decimal128(isNegative: value < 0, digits: read.digits, exponent: read.exponent)
    }

    /// The double nearest to so many digits of a finite one: six are those that every real is sure to have.
    package static func nearest(_ value: Double, digits: Int) -> Double {
        Double(String(decoding: written(value, digits: digits), as: UTF8.self)) ?? value
    }

    /// At most 17 digits, rounded correctly, with an exponent.
    private static func written(_ value: Double, digits: Int) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 40)
        let count = unsafe withVaList([Int32(digits - 1), value]) { arguments in
            // The buffer has room for a sign, 17 digits, a point and an exponent, and its size is passed on.
            unsafe vsnprintf(&buffer, 40, "%.*e", arguments)
        }
        return buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }
    }

    private static func decimal(_ digits: [UInt8], lastExponent: Int, _ value: Double) -> Decimal128 {
        let numbers = digits.map { $0 - 0x30 }
        return Decimal128(
            isNegative: value < 0, digits: numbers == [0] ? [] : numbers, exponent: lastExponent)
    }
}
