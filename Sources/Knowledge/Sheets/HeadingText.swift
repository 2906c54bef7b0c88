/// Texts of sheets made comparable.
enum HeadingText {
    /// Without blanks and line breaks, full-width letters, digits and brackets made half-width, Latin letters in lower case.
    static func normalized(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x21, 0x7F...0xA0, 0x3000, 0x200B...0x200F, 0xFEFF: continue
            case 0xFF01...0xFF5E:
                if let narrow = Unicode.Scalar(scalar.value - 0xFEE0) { result.unicodeScalars.append(narrow) }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.lowercased()
    }

    /// A cell's text without blanks around it and with single ones for line breaks.
    static func trimmed(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
