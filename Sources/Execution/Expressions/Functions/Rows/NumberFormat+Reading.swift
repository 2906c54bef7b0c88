import Columns

/// Numbers read from texts of a format.
extension NumberFormat {
    /// The number in a text: the places of the format take one character after the other, whether or not it is a digit.
    func number(_ text: String) throws(RowFailure) -> (unscaled: Int128, scale: Int) {
        var reading = Reading(self, text)
        for part in parts where !reading.rest.isEmpty { reading.take(part) }
        let digits = reading.digits.last == "." ? String(reading.digits.dropLast()) : reading.digits
        let written = (reading.sign.map(String.init) ?? " ") + digits
        if digits.isEmpty { throw RowFailure("invalid input syntax for type numeric: \"\(written)\"") }
        guard let (unscaled, scale) = DecimalText.parse(digits),
            wholeCount + scale > LogicalType.maximumPrecision
                || unscaled < DecimalText.powers128[wholeCount + scale]
        else { throw RowFailure(.numericFieldOverflow) }
        // Digits behind a V are such behind the point.
        return (reading.sign == "-" ? -unscaled : unscaled, scale + shift)
    }

    /// What the places so far have taken.
    private struct Reading {
        let format: NumberFormat
        var rest: ArraySlice<Unicode.Scalar>
        var digits = ""
        var sign: Unicode.Scalar?
        private var digitCount = 0
        private var fractionCount = 0
        private var isBehindPoint = false
        private let hasPoint: Bool
        /// Whether the format has an S; one of MI, PL and SG.
        private let hasAnchoredSign: Bool
        private let hasFreeSign: Bool

        init(_ format: NumberFormat, _ text: String) {
            self.format = format
            rest = Array(text.unicodeScalars)[...]
            hasPoint = format.parts.contains { if case .point = $0 { true } else { false } }
            hasAnchoredSign = format.parts.contains { if case .sign = $0 { true } else { false } }
            hasFreeSign = format.parts.contains {
                switch $0 {
                case .minus, .plus, .plusOrMinus: true
                default: false
                }
            }
        }

        mutating func take(_ part: Part) {
            switch part {
            case .digit: takePlace(isDigit: true)
            case .point: takePlace(isDigit: false)
            case .group: if format.fills, rest.first == "," { rest = rest.dropFirst() }
            case .text(let text): rest = rest.dropFirst(text.unicodeScalars.count)
            case .currency: skip(1)
            case .ending: if !hasPoint { skip(2) }
            case .minus: takeSign("-")
            case .plus: takeSign("+")
            case .plusOrMinus: if rest.first == "+" { takeSign("+") } else { takeSign("-") }
            // It stands next to a digit, and is read with it.
            case .sign: break
            }
        }

        private mutating func takePlace(isDigit: Bool) {
            if rest.first == " " { rest = rest.dropFirst() }
            if isDigit, sign == nil, digitCount == 0 { takeLeadingSign() }
            guard let next = rest.first else { return }
            var isRead = true
            if ("0"..."9").contains(next) {
                // Digits behind the point for which there is no place are passed over.
                if isBehindPoint, fractionCount == format.fractionCount { return rest = rest.dropFirst() }
                add(next)
            } else if hasPoint, !isBehindPoint, next == "." {
                isBehindPoint = true
                digits.append(".")
            } else {
                isRead = false
            }
            if sign == nil, digitCount > 0 { takeTrailingSign(next, isRead: isRead) }
            rest = rest.dropFirst()
        }

        private mutating func add(_ digit: Unicode.Scalar) {
            digits.unicodeScalars.append(digit)
            digitCount += 1
            if isBehindPoint { fractionCount += 1 }
        }

        private mutating func takeLeadingSign() {
            switch rest.first {
            case "-": sign = "-"
            case "<" where format.hasBrackets: sign = "-"
            case "+": sign = "+"
            default: return
            }
            rest = rest.dropFirst()
        }

        /// A sign of S stands right behind a digit; another may stand in a digit's place.
        private mutating func takeTrailingSign(_ current: Unicode.Scalar, isRead: Bool) {
            func isSign(_ scalar: Unicode.Scalar) -> Bool { scalar == "-" || scalar == "+" }
            if hasAnchoredSign, isRead {
                guard let next = rest.dropFirst().first, isSign(next) else { return }
                sign = next
                rest = rest.dropFirst()
            } else if !isRead, !hasAnchoredSign, hasFreeSign, isSign(current) {
                sign = current
            }
        }

        private mutating func takeSign(_ wanted: Unicode.Scalar) {
            guard rest.first == wanted else { return skip(1) }
            sign = wanted
            rest = rest.dropFirst()
        }

        /// Passes over characters that are no part of a number.
        private mutating func skip(_ count: Int) {
            for _ in 0..<count {
                guard let next = rest.first, !"0123456789.,+-".unicodeScalars.contains(next) else { return }
                rest = rest.dropFirst()
            }
        }
    }
}
