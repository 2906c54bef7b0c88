/// What a value looks like without what it says.
package enum ValueShape {
    /// Every digit as 9, ASCII punctuation and blanks as they are, everything else as a; at most `limit` characters.
    package static func text(_ value: String, limit: Int = 40) -> String {
        // Only the front is looked at, so that a long value costs no more than a short one.
        let start = value.unicodeScalars.prefix(limit + 1)
        let letters = start.prefix(limit).map { scalar -> Character in
            if scalar.properties.generalCategory == .decimalNumber { return "9" }
            if (0x20..<0x7F).contains(scalar.value), !scalar.properties.isAlphabetic { return Character(scalar) }
            return "a"
        }
        return String(letters) + (start.count > limit ? "…" : "")
    }
}
