package import Indicators

/// Text on its way into the page.
package enum HTMLText {
    /// Data as text of an element or a quoted attribute: markup is escaped; control, invisible and bidirectional characters
    /// are made visible as `⟨U+202E⟩`, so that data cannot hide, reorder or forge anything. What can be seen stays as it is, down to
    /// the kind of a blank, so that a value copied from the page is found in the store.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: result += "&amp;"
            case 0x3C: result += "&lt;"
            case 0x3E: result += "&gt;"
            case 0x22: result += "&quot;"
            case 0x27: result += "&#39;"
            case _ where isInvisible(scalar): result += marked(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A sentence of the program's own with numbers in it, in both languages: no number parts from its sign at the end of a line
    /// (¥ 5, 5 %, z = 5). Never for data, whose blanks are what they are.
    package static func sentence(_ text: BilingualText) -> String { both(BilingualText(glued(text.english), glued(text.chinese))) }

    package static func sentence(_ english: String, _ chinese: String) -> String { sentence(BilingualText(english, chinese)) }

    /// The text of such a sentence before it is escaped.
    static func glued(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (place, scalar) in scalars.enumerated() {
            result.unicodeScalars.append(scalar == " " && isGlue(scalars, at: place) ? "\u{A0}" : scalar)
        }
        return result
    }

    /// Whether the blank at a place stands between a number and what belongs to it.
    private static func isGlue(_ text: [Unicode.Scalar], at place: Int) -> Bool {
        func scalar(_ distance: Int) -> Unicode.Scalar? {
            let other = place + distance
            return text.indices.contains(other) ? text[other] : nil
        }
        if scalar(-1) == "¥" || scalar(1) == "%" { return true }
        return scalar(1) == "=" && scalar(2) == " " || scalar(-1) == "=" && scalar(-2) == " "
    }

    /// Whether a character cannot be seen or moves others: control, invisible, bidirectional.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// `⟨U+202E⟩`.
    static func marked(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "⟨U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "⟩"
    }

    /// Data as the text of a table cell: like `escaped`, and a text a spreadsheet would take for a formula when the cell is
    /// pasted gets an apostrophe in front.
    package static func cell(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first) else {
            return escaped(text)
        }
        return "&#39;" + escaped(text)
    }

    /// Both languages, of which the page shows one. The texts are escaped.
    package static func both(_ text: BilingualText) -> String {
        if text.english == text.chinese { return escaped(text.english) }
        return "<span lang=en>\(escaped(text.english))</span><span lang=zh>\(escaped(text.chinese))</span>"
    }

    package static func both(_ english: String, _ chinese: String) -> String { both(BilingualText(english, chinese)) }
}
