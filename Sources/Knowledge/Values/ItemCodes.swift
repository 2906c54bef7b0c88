import Claims

/// Codes of items in sheets.
enum ItemCodes {
    private static let lengthLimit = 40
    /// Digits of the shortest codes that blanks may stand between.
    private static let shortestInRow = 6

    /// The codes of a cell, which may hold several.
    static func split(_ text: String) -> [String] {
        text.split { $0.isNewline || ["、", ",", "，", ";", "；", "/", "|"].contains($0) }.flatMap { part in
            let words = part.split(whereSeparator: \.isWhitespace)
            // A code that is written in groups of digits stays whole, to be found faulty: its groups are no codes.
            return words.count == 1 || words.allSatisfy { $0.count >= shortestInRow } ? words.map { HeadingText.upper(String($0)) } : [words.joined(separator: " ")]
        }
    }

    /// Whether a text is nothing but codes.
    static func isAllCodes(_ text: String) -> Bool {
        let codes = split(text)
        return !codes.isEmpty && codes.allSatisfy { problem($0, isNumber: false) == nil }
    }

    /// Why a text is no code; nil if it is one.
    static func problem(_ code: String, isNumber: Bool) -> String? {
        // A national code of a service is 15 digits and begins with 00: as a number it has 13.
        if RowCheck.isScientificNotation(code) || (isNumber && code.count >= 12) {
            return "\(code): a spreadsheet has taken digits away; expected the code as text"
        }
        if code.contains(where: \.isWhitespace) { return "\"\(code)\": blanks within a code, or between codes too short to tell" }
        let ends = code.split(separator: "-")
        if ends.count == 2, ends[0].count == ends[1].count, ends[0].count >= shortestInRow, ends.joined().allSatisfy(\.isNumber) {
            return "\(code): a range; expected each code by itself"
        }
        let isPlain = code.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
        guard isPlain, code.count >= 4, code.count <= lengthLimit else {
            return "\"\(code)\": expected a code of 4 to \(lengthLimit) letters and digits"
        }
        return nil
    }
}

extension HeadingText {
    /// Half-width and in capitals, as national codes are written.
    static func upper(_ text: String) -> String { normalized(text).uppercased() }
}
