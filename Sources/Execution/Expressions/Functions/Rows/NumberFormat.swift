import Columns

/// A format of `to_char` and `to_number` for numbers. Source: PostgreSQL 15, "Template Patterns for Numeric Formatting".
struct NumberFormat {
    enum Part {
        /// A digit's place; a zero is shown there also where the number has none.
        case digit(isZero: Bool)
        case group
        case point
        case text(String)
        /// The ending of an ordinal.
        case ending(isUpper: Bool)
        case sign, minus, plus, plusOrMinus
        /// The C locale has no sign of a currency: a blank.
        case currency
    }

    private(set) var parts: [Part] = []
    private(set) var fills = true
    private(set) var hasBrackets = false
    private(set) var shift = 0
    private(set) var wholeCount = 0
    private(set) var fractionCount = 0

    init(_ pattern: String) throws(RowFailure) {
        var rest = Substring(pattern)
        var isBehindPoint = false
        func take(_ word: String) -> Bool {
            guard rest.prefix(word.count).uppercased() == word else { return false }
            rest = rest.dropFirst(word.count)
            return true
        }
        while let first = rest.first {
            if first == "\"" {
                parts.append(.text(NumberFormat.quoted(&rest)))
            } else if first == "\\", rest.dropFirst().first == "\"" {
                parts.append(.text("\""))
                rest = rest.dropFirst(2)
            } else if take("FM") {
                fills = false
            } else if rest.hasPrefix("TH") || rest.hasPrefix("th") {
                parts.append(.ending(isUpper: first == "T"))
                rest = rest.dropFirst(2)
            } else if take("EEEE") || take("RN") || take("TH") {
                throw RowFailure(.unsupported("the number format \"\(pattern)\" is not supported"))
            } else if take("MI") {
                parts.append(.minus)
            } else if take("PL") {
                parts.append(.plus)
            } else if take("SG") {
                parts.append(.plusOrMinus)
            } else if take("PR") {
                hasBrackets = true
            } else if take("B") {
                // Read and passed over, as PostgreSQL does.
            } else if take("S") {
                parts.append(.sign)
            } else if take("V") {
                isBehindPoint = false
                shift = rest.filter { $0 == "9" || $0 == "0" }.count
            } else if take("9") {
                parts.append(.digit(isZero: false))
                if isBehindPoint { fractionCount += 1 } else { wholeCount += 1 }
            } else if take("0") {
                parts.append(.digit(isZero: true))
                if isBehindPoint { fractionCount += 1 } else { wholeCount += 1 }
            } else if take(".") || take("D") {
                if isBehindPoint { throw RowFailure("multiple decimal points") }
                isBehindPoint = true
                parts.append(.point)
            } else if take(",") || take("G") {
                parts.append(.group)
            } else if take("L") {
                parts.append(.currency)
            } else {
                parts.append(.text(String(first)))
                rest = rest.dropFirst()
            }
        }
    }

    /// The text in quotes that a format goes on with; a backslash makes the character behind it one of the text.
    private static func quoted(_ rest: inout Substring) -> String {
        var text = ""
        rest = rest.dropFirst()
        while let character = rest.first, character != "\"" {
            if character == "\\", rest.count > 1 { rest = rest.dropFirst() }
            if let own = rest.first { text.append(own) }
            rest = rest.dropFirst()
        }
        rest = rest.dropFirst()
        return text
    }

    /// Whether no sign stands before the digits; one does beside PL.
    private var hasOwnSign: Bool {
        hasBrackets
            || parts.contains { part in
                switch part {
                case .sign, .minus, .plusOrMinus: true
                default: false
                }
            }
    }

    // MARK: Writing

    func text(unscaled: Int128, scale: Int) throws(RowFailure) -> String {
        let moved = shift > 0 ? scale - shift : scale
        let base = moved < 0 ? WideArithmetic.rescaled(unscaled, from: 0, to: -moved) : unscaled
        guard let base, let value = WideArithmetic.rescaled(base, from: max(0, moved), to: fractionCount) else {
            throw RowFailure(.numericFieldOverflow)
        }
        return text(value, isNegative: value < 0, places: fractionCount)
    }

    /// No more than 15 digits are shown of a double: the text ends where they do, as in PostgreSQL.
    func text(_ number: Double) throws(RowFailure) -> String {
        let moved = shift > 0 ? number * Double(DecimalText.powers128[min(shift, 38)]) : number
        guard moved.isFinite else {
            throw RowFailure(.unsupported("to_char of a number that is not finite is not supported"))
        }
        guard let whole = NumberFormat.rounded(moved, places: 0) else { throw RowFailure(.numericFieldOverflow) }
        let places = min(fractionCount, max(0, 15 - String(whole.magnitude).utf8.count))
        guard let value = NumberFormat.rounded(moved, places: places) else { throw RowFailure(.numericFieldOverflow) }
        return text(value, isNegative: number.sign == .minus, places: places)
    }

    /// The double with so many digits behind the point, unscaled; where two are equally near, the even one. Nil for one too
    /// large.
    private static func rounded(_ number: Double, places: Int) -> Int128? {
        let fraction = UInt128(number.significandBitPattern) | (number.isNormal ? 1 << 52 : 0)
        let exponent = (number.isNormal ? Int(number.exponentBitPattern) : 1) - 1075
        var value = fraction * UInt128(DecimalText.powers128[places])
        if exponent >= 0 {
            guard value.leadingZeroBitCount > exponent + 1 else { return nil }
            value <<= UInt128(exponent)
        } else if exponent <= -127 {
            // Less than half of the last place.
            value = 0
        } else {
            let half = UInt128(1) << UInt128(-exponent - 1)
            let rest = value & ((half << 1) - 1)
            value >>= UInt128(-exponent)
            if rest > half || rest == half && value % 2 == 1 { value += 1 }
        }
        return number.sign == .minus ? -Int128(value) : Int128(value)
    }

    /// A number of so many digits behind the point.
    private func text(_ value: Int128, isNegative: Bool, places: Int) -> String {
        let digits = Array(String(value.magnitude).utf8)
        let padded = [UInt8](repeating: 0x30, count: max(0, places + 1 - digits.count)) + digits
        let whole = Array(padded.dropLast(places))
        let fraction = Array(padded.suffix(places))
        // Without a place before the point not even 0 has one.
        return write(whole, fraction, isNegative: isNegative, isTooLong: whole.count > wholeCount)
    }

    private func write(_ whole: [UInt8], _ fraction: [UInt8], isNegative: Bool, isTooLong: Bool) -> String {
        let zeroPlace = wholeZeroPlace
        var lastFraction = fraction.count
        if !fills {
            // Trailing zeros go, down to the last place that asks for one.
            let least = lastZeroBehindPoint
            while lastFraction > least, lastFraction > 0, fraction[lastFraction - 1] == 0x30 { lastFraction -= 1 }
        }
        // A lone zero before the point is not shown where there are digits behind it.
        let hidesZero = whole == [0x30] && lastFraction > 0 && !hasZeroBeforePoint
        let missing = hidesZero ? wholeCount : max(0, wholeCount - whole.count)
        var result = ""
        var hasBegun = false
        var hasSign = hasOwnSign
        var place = 0
        var isBehindPoint = false
        func beginNumber() {
            if !hasSign {
                result += isNegative ? "-" : (fills ? " " : "")
                hasSign = true
            } else if hasBrackets, !hasBegun {
                result += isNegative ? "<" : (fills ? " " : "")
            } else if !hasBegun, let sign = leadingSign(isNegative) {
                result += sign
            }
            hasBegun = true
        }
        let last = lastPlace
        for (number, part) in parts.enumerated() {
            // The bracket closes behind the last digit, wherever PR stands.
            defer { if hasBrackets, number == last { result += isNegative ? ">" : (fills ? " " : "") } }
            switch part {
            case .digit:
                if isBehindPoint {
                    let index = place - wholeCount
                    place += 1
                    if index >= fraction.count { return result }
                    if isTooLong {
                        result += "#"
                    } else if index < lastFraction {
                        result.unicodeScalars.append(Unicode.Scalar(fraction[index]))
                    }
                    continue
                }
                let index = place
                place += 1
                if isTooLong {
                    beginNumber()
                    result += "#"
                } else if index >= missing {
                    beginNumber()
                    result.unicodeScalars.append(Unicode.Scalar(whole[index - missing]))
                } else if let zeroPlace, index >= zeroPlace {
                    beginNumber()
                    result += "0"
                } else if fills {
                    result += " "
                }
            case .group:
                if hasBegun { result += "," } else if fills { result += " " }
            case .point:
                if !hasBegun { beginNumber() }
                isBehindPoint = true
                // A point with nothing behind it ends the text, as in PostgreSQL.
                if fraction.isEmpty, fractionCount > 0 || !isTooLong { return result }
                result += "."
            case .text(let text): result += text
            case .currency: result += " "
            case .ending(let isUpper):
                // Neither of fractions nor of what is below zero.
                guard !isNegative, fractionCount == 0, !isTooLong else { continue }
                result += OrdinalEnding.letters(behind: whole, isUpper: isUpper)
            case .sign: if isTrailing { result += isNegative ? "-" : "+" }
            case .minus: result += isNegative ? "-" : (fills ? " " : "")
            case .plus: result += isNegative ? (fills ? " " : "") : "+"
            case .plusOrMinus: result += isNegative ? "-" : "+"
            }
        }
        return result
    }

    /// A sign that stands in the format before the digits moves up to the first of them.
    private func leadingSign(_ isNegative: Bool) -> String? {
        for part in parts {
            switch part {
            case .sign: return isNegative ? "-" : "+"
            case .digit, .point: return nil
            default: continue
            }
        }
        return nil
    }

    private var isTrailing: Bool { leadingSign(false) == nil }

    /// Where the last digit or the point stands among the parts.
    private var lastPlace: Int? {
        parts.lastIndex {
            switch $0 {
            case .digit, .point: true
            default: false
            }
        }
    }

    /// The place before the point from which on zeros are shown.
    private var wholeZeroPlace: Int? {
        var place = 0
        for part in parts {
            if case .point = part { return nil }
            guard case .digit(let isZero) = part else { continue }
            if isZero { return place }
            place += 1
        }
        return nil
    }

    private var hasZeroBeforePoint: Bool { wholeZeroPlace != nil }

    private var lastZeroBehindPoint: Int {
        var place = 0
        var last = 0
        var isBehindPoint = false
        for part in parts {
            if case .point = part { isBehindPoint = true }
            guard case .digit(let isZero) = part, isBehindPoint else { continue }
            place += 1
            if isZero { last = place }
        }
        return last
    }
}
