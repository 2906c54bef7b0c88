import CKernels
import Columns

/// Outcome of reading a field as a number, date or time.
enum Reading<Value> {
    case value(Value)
    case failure(RejectReason)
}

/// Exact numbers from bytes.
enum NumberParsing {
    /// What the fast path needs to know of numeric(precision, scale).
    struct DecimalForm {
        let scale: Int
        /// 10^precision: every smaller magnitude fits.
        let maximum: Int64
        /// 10^0 … 10^18.
        let powers: InlineArray<19, Int64>

        init(precision: Int, scale: Int) {
            self.scale = scale
            maximum = DecimalText.powers64[precision]
            powers = InlineArray { DecimalText.powers64[$0] }
        }
    }

    /// The largest magnitudes that stay up to `largest` when they are multiplied by 10^0, 10^1 and so on.
    static func limits(upTo largest: UInt64) -> [UInt64] {
        (0..<Int(CK_DECIMAL_POWERS)).map { largest / UInt64(DecimalText.powers64[$0]) }
    }

    /// Reads a decimal of at most 8 characters on either side of its point, by arithmetic on words; nil for other forms.
    @inline(__always)
    static func shortDecimal(_ bytes: ChunkBytes, start: Int, end: Int, _ form: DecimalForm) -> Int64? {
        let negative = bytes[start] == 0x2D
        let first = negative ? start &+ 1 : start
        let length = end &- first
        guard length > 0 else { return nil }
        guard length <= 8 else { return longerDecimal(bytes, first, end, isNegative: negative, form) }
        // The word ends with the field; what lies before it becomes zeros.
        var word = digits(bytes, end: end, count: length)
        var fractionDigits = 0
        let pointed = word ^ 0x2E2E_2E2E_2E2E_2E2E
        let points = (pointed &- 0x0101_0101_0101_0101) & ~pointed & 0x8080_8080_8080_8080
        if points != 0 {
            // The lowest hit is exact. The digits before the point move up by one byte into its place.
            let index = UInt64(truncatingIfNeeded: points.trailingZeroBitCount &>> 3)
            fractionDigits = 7 &- Int(truncatingIfNeeded: index)
            let before = word & ((1 &<< (index &* 8)) &- 1)
            let after = index == 7 ? 0 : (word &>> (index &* 8 &+ 8)) &<< (index &* 8 &+ 8)
            word = after | (before &<< 8) | 0x30
            // A lone point has no digit.
            guard length > 1 else { return nil }
        }
        guard fractionDigits <= form.scale, let number = eightDigits(ofASCII: word) else { return nil }
        return scaled(number, isNegative: negative, by: form.scale &- fractionDigits, form)
    }

    /// A decimal of 9 to 17 characters, with a point among its last nine and at most 8 digits before it.
    @inline(__always)
    private static func longerDecimal(
        _ bytes: ChunkBytes, _ first: Int, _ end: Int, isNegative: Bool, _ form: DecimalForm
    ) -> Int64? {
        guard end &- first <= 17 else { return nil }
        let pointed = bytes.word(at: end &- 8) ^ 0x2E2E_2E2E_2E2E_2E2E
        let points = (pointed &- 0x0101_0101_0101_0101) & ~pointed & 0x8080_8080_8080_8080
        let fractionDigits: Int
        if points != 0 {
            fractionDigits = 7 &- (points.trailingZeroBitCount &>> 3)
        } else {
            guard bytes[end &- 9] == 0x2E else { return nil }
            fractionDigits = 8
        }
        let integerDigits = end &- first &- 1 &- fractionDigits
        guard fractionDigits > 0, fractionDigits <= form.scale, integerDigits > 0, integerDigits <= 8,
            let whole = eightDigits(ofASCII: digits(bytes, end: end &- fractionDigits &- 1, count: integerDigits)),
            let fraction = eightDigits(ofASCII: digits(bytes, end: end, count: fractionDigits))
        else { return nil }
        // Below 10^16.
        let number = whole &* form.powers[fractionDigits] &+ fraction
        return scaled(number, isNegative: isNegative, by: form.scale &- fractionDigits, form)
    }

    @inline(__always)
    private static func scaled(_ number: Int64, isNegative: Bool, by power: Int, _ form: DecimalForm) -> Int64? {
        // Checked against 10^precision before multiplying could overflow.
        let (product, overflow) = number.multipliedReportingOverflow(by: form.powers[power])
        guard !overflow, product < form.maximum else { return nil }
        return isNegative ? 0 &- product : product
    }

    /// The last `count` (1…8) characters before `end` as a word that ends with them and has zeros before.
    @inline(__always)
    static func digits(_ bytes: ChunkBytes, end: Int, count: Int) -> UInt64 {
        let kept = UInt64(truncatingIfNeeded: (8 &- count) &* 8)
        let word = bytes.word(at: end &- 8)
        return kept == 0 ? word : ((word &>> kept) &<< kept) | (0x3030_3030_3030_3030 &>> (64 &- kept))
    }

    /// The number that eight characters write; nil if one is no digit.
    @inline(__always)
    static func eightDigits(ofASCII word: UInt64) -> Int64? {
        let digits = word ^ 0x3030_3030_3030_3030
        guard ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 == 0 else { return nil }
        return Int64(truncatingIfNeeded: eightDigits(digits))
    }

    /// The number of eight digit values, the first in the lowest byte.
    @inline(__always)
    static func eightDigits(_ digits: UInt64) -> UInt64 {
        let pairs = (digits &* 10) &+ (digits &>> 8)
        return
            ((pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
            &+ ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001) &>> 32
    }

    /// Reads `[+-]?digits[.digits]` scaled by 10^scale, ASCII blanks around it allowed.
    static func decimal(_ bytes: ChunkBytes, start: Int, end: Int, precision: Int, scale: Int) -> Reading<Int64> {
        let (first, last) = trim(bytes, start, end)
        var position = first
        guard position < last else { return .failure(.notANumber) }
        let negative = bytes[position] == 0x2D
        if negative || bytes[position] == 0x2B { position &+= 1 }
        var value: Int64 = 0
        var digitCount = 0
        var fractionDigits = 0
        var sawPoint = false
        var isTooLarge = false
        var isTooFine = false
        while position < last {
            let byte = bytes[position]
            position &+= 1
            let digit = Int64(byte &- 0x30)
            if byte == 0x2E, !sawPoint {
                sawPoint = true
                continue
            }
            guard digit <= 9, byte >= 0x30 else { return .failure(.notANumber) }
            digitCount &+= 1
            if sawPoint {
                fractionDigits &+= 1
                if fractionDigits > scale {
                    if digit != 0 { isTooFine = true }
                    continue
                }
            }
            if value > 99_999_999_999_999_999 { isTooLarge = true } else { value = value &* 10 &+ digit }
        }
        guard digitCount > 0 else { return .failure(.notANumber) }
        if isTooLarge { return .failure(.numberTooLarge) }
        if isTooFine { return .failure(.tooManyDecimals) }
        let missing = scale - min(fractionDigits, scale)
        let (product, overflow) = value.multipliedReportingOverflow(by: DecimalText.powers64[missing])
        guard !overflow, product < DecimalText.powers64[precision] else { return .failure(.numberTooLarge) }
        return .value(negative ? 0 &- product : product)
    }

    /// Reads a whole number between the given bounds.
    static func integer(_ bytes: ChunkBytes, start: Int, end: Int, lowest: Int64, highest: Int64) -> Reading<Int64> {
        let (first, last) = trim(bytes, start, end)
        var position = first
        guard position < last else { return .failure(.notANumber) }
        let negative = bytes[position] == 0x2D
        if negative || bytes[position] == 0x2B { position &+= 1 }
        guard position < last else { return .failure(.notANumber) }
        var value: Int64 = 0
        var isTooLarge = false
        while position < last {
            let byte = bytes[position]
            position &+= 1
            guard byte >= 0x30, byte <= 0x39 else { return .failure(.notANumber) }
            // Counted downwards, as the lowest Int64 has no positive twin.
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.subtractingReportingOverflow(Int64(byte &- 0x30))
            if overflow || carry { isTooLarge = true } else { value = sum }
        }
        if isTooLarge || (!negative && value == .min) { return .failure(.numberTooLarge) }
        let result = negative ? value : 0 &- value
        return result >= lowest && result <= highest ? .value(result) : .failure(.numberTooLarge)
    }

    /// Reads `[+-]?digits[.digits][e[+-]digits]`, correctly rounded, and the words that results have for what is no such number.
    static func double(_ bytes: ChunkBytes, start: Int, end: Int) -> Reading<Double> {
        let (first, last) = trim(bytes, start, end)
        guard let shape = NumberShape(bytes, start: first, end: last) else {
            return word(bytes, first, last).map { .value($0) } ?? .failure(.notANumber)
        }
        if let exact = shape.exactDouble { return .value(exact) }
        // Rare: more digits than a Double holds exactly. The standard library rounds correctly.
        guard let value = Double(String(decoding: bytes.copy(first..<last), as: UTF8.self)), value.isFinite else {
            return .failure(.numberTooLarge)
        }
        return .value(value)
    }

    /// `NaN`, `Infinity`, `-Infinity` and `inf`, in letters of either case.
    private static func word(_ bytes: ChunkBytes, _ first: Int, _ last: Int) -> Double? {
        guard last - first >= 3, last - first <= 9 else { return nil }
        return switch String(decoding: bytes.copy(first..<last), as: UTF8.self).lowercased() {
        case "nan": .nan
        case "infinity", "inf", "+infinity", "+inf": .infinity
        case "-infinity", "-inf": -.infinity
        default: nil
        }
    }

    /// The range without ASCII blanks around it.
    @inline(__always)
    static func trim(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> (Int, Int) {
        var first = start
        var last = end
        while first < last, bytes[first] == 0x20 || bytes[first] == 0x09 { first &+= 1 }
        while last > first, bytes[last &- 1] == 0x20 || bytes[last &- 1] == 0x09 { last &-= 1 }
        return (first, last)
    }
}

/// How a number is written: for inference and for floating-point values.
struct NumberShape {
    /// Digits before the point, leading zeros included.
    var integerDigits = 0
    var fractionDigits = 0
    /// Digits before the point without leading zeros.
    var significantIntegerDigits = 0
    var hasLeadingZero = false
    var hasPoint = false
    var hasExponent = false
    private var mantissa: UInt64 = 0
    private var mantissaDigits = 0
    private var exponent = 0
    private var isNegative = false

    /// nil if the range is not `[+-]?digits[.digits][e[+-]digits]`; digits may miss on one side of the point.
    init?(_ bytes: ChunkBytes, start: Int, end: Int) {
        var position = start
        guard position < end else { return nil }
        isNegative = bytes[position] == 0x2D
        if isNegative || bytes[position] == 0x2B { position += 1 }
        let integerStart = position
        while position < end, isDigit(bytes[position]) {
            add(bytes[position])
            if significantIntegerDigits > 0 || bytes[position] != 0x30 { significantIntegerDigits += 1 }
            position += 1
        }
        integerDigits = position - integerStart
        hasLeadingZero = integerDigits > 1 && bytes[integerStart] == 0x30
        if position < end, bytes[position] == 0x2E {
            hasPoint = true
            position += 1
            let fractionStart = position
            while position < end, isDigit(bytes[position]) {
                add(bytes[position])
                position += 1
            }
            fractionDigits = position - fractionStart
        }
        guard integerDigits + fractionDigits > 0 else { return nil }
        if position < end, bytes[position] | 0x20 == 0x65 {
            position += 1
            let negative = position < end && bytes[position] == 0x2D
            if position < end, negative || bytes[position] == 0x2B { position += 1 }
            guard position < end else { return nil }
            while position < end, isDigit(bytes[position]) {
                exponent = min(exponent * 10 + Int(bytes[position] - 0x30), 1_000_000)
                position += 1
            }
            if negative { exponent = -exponent }
            hasExponent = true
        }
        guard position == end else { return nil }
    }

    /// The value where one multiplication or division of exact doubles gives it.
    /// Source: William Clinger, "How to read floating point numbers accurately", 1990.
    var exactDouble: Double? {
        guard mantissaDigits <= 15 else { return nil }
        let shift = exponent - fractionDigits
        guard shift >= -22, shift <= 22 else { return nil }
        var power = 1.0
        for _ in 0..<abs(shift) { power *= 10 }
        let magnitude = shift < 0 ? Double(mantissa) / power : Double(mantissa) * power
        return isNegative ? -magnitude : magnitude
    }

    /// Whether the number is neither too large for a `Double` nor so small that it has fewer digits there, whatever its
    /// digits, of which there must be 18 at most.
    var isInDoubleRange: Bool { abs(exponent) <= 280 }

    private mutating func add(_ byte: UInt8) {
        if mantissaDigits > 0 || byte != 0x30 { mantissaDigits += 1 }
        if mantissaDigits <= 18 { mantissa = mantissa * 10 + UInt64(byte - 0x30) }
    }
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
