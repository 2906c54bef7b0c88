/// Checks beyond parsing: values that read well and are still no data.
package enum RowCheck {
    /// Whether an id is a number a spreadsheet has rewritten, such as `1.23E+19`: its digits are lost.
    ///
    /// The form is `[+-]digits.digits(e|E)[+-]digits`, or without a point `[+-]digit(e|E)+digits`, or with a minus there, the first digit
    /// not zero: what has neither point nor sign may be a hexadecimal id.
    package static func isScientificNotation(_ bytes: Span<UInt8>) -> Bool {
        var place = 0
        func skipSign() -> Bool {
            guard place < bytes.count, bytes[place] == 0x2B || bytes[place] == 0x2D else { return false }
            place += 1
            return true
        }
        func skipDigits() -> Bool {
            let start = place
            while place < bytes.count, isDigit(bytes[place]) { place += 1 }
            return place > start
        }
        _ = skipSign()
        let start = place
        guard skipDigits() else { return false }
        let hasPoint = place < bytes.count && bytes[place] == 0x2E
        if hasPoint {
            place += 1
            guard skipDigits() else { return false }
        } else if place - start != 1 || bytes[start] == 0x30 {
            return false
        }
        guard place < bytes.count, bytes[place] | 0x20 == 0x65 else { return false }
        place += 1
        let hasSign = skipSign()
        return (hasPoint || hasSign) && skipDigits() && place == bytes.count
    }

    package static func isScientificNotation(_ text: String) -> Bool {
        isScientificNotation(Array(text.utf8).span)
    }

    /// Why a knowledge row cannot be used; nil where it can.
    ///
    /// Attributes without a check pass.
    package static func knowledgeRejection(attribute: String, value: String) -> String? {
        switch attribute {
        case "sex":
            if value == "male" || value == "female" { return nil }
            return "sex \"\(value)\" is neither male nor female"
        case "min_age_years", "max_age_years", "max_age_days", "max_per_day":
            if isPlainNumber(value) { return nil }
            return "\(attribute) \"\(value)\" is not a number such as 18 or 0.5"
        default: return nil
        }
    }

    /// `[+-]digits[.digits]` with at most 12 digits before and 6 after the point: it fits `numeric(18,6)`.
    private static func isPlainNumber(_ text: String) -> Bool {
        var digits = Array(text.utf8)[...]
        if let first = digits.first, first == 0x2B || first == 0x2D { digits = digits.dropFirst() }
        let parts = digits.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, whole.count <= 12, whole.allSatisfy(isDigit) else {
            return false
        }
        guard parts.count == 2 else { return true }
        return !parts[1].isEmpty && parts[1].count <= 6 && parts[1].allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
