import Claims
import Columns

/// Codes of items in sheets.
enum ItemCodes {
    private static let lengthLimit = 40

    /// The codes of a cell, which may hold several.
    static func split(_ text: String) -> [String] {
        text.split { $0.isWhitespace || ["、", ",", "，", ";", "；", "/"].contains($0) }.map { HeadingText.upper(String($0)) }
    }

    /// Why a text is no code; nil if it is one.
    static func problem(_ code: String, isNumber: Bool) -> String? {
        // A national code of a service is 15 digits and begins with 00: as a number it has 13.
        if RowCheck.isScientificNotation(code) || (isNumber && code.count >= 12) {
            return "\(code): a spreadsheet has taken digits away; expected the code as text"
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

/// Days in cells.
enum DayText {
    /// Words for an end that is open.
    private static let openWords: Set<String> = ["", "-", "—", "/", "无", "长期", "长期有效"]

    /// `2025-01-31` of 2025-01-31, 2025/1/31, 20250131 or 2025年1月31日; nil for an end that is open.
    ///
    /// - Throws: what is found, if it is neither.
    static func day(_ text: String) throws(ValueReader.Misfit) -> String? {
        if openWords.contains(HeadingText.trimmed(text)) { return nil }
        let parts = ValueReader.numbers(in: text.replacing(".", with: "-")).compactMap { Int($0) }
        var numbers = parts
        if let first = parts.first, first >= 10_000_101, first <= 99_991_231 { numbers = [first / 10_000, first / 100 % 100, first % 100] }
        guard numbers.count >= 3, (1900...9999).contains(numbers[0]),
            CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]).isValid
        else { throw ValueReader.Misfit(found: text, expected: "a day such as 2025-01-31, or nothing") }
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: width - digits.utf8.count) + digits
        }
        return "\(padded(numbers[0], 4))-\(padded(numbers[1], 2))-\(padded(numbers[2], 2))"
    }
}
