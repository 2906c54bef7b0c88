package import Columns

/// CSV after RFC 4180 with LF: NULL is an empty field, an empty string is `""`; data is never altered.
package enum CSVText {
    package static func text(columns: [String], rows: [[ScalarValue]]) -> String {
        var result = columns.map { field($0) }.joined(separator: ",") + "\n"
        for row in rows { result += row.map { ValueText.nonNull($0).map(field) ?? "" }.joined(separator: ",") + "\n" }
        return result
    }

    private static func field(_ text: String) -> String {
        if text.isEmpty { return "\"\"" }
        guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result += "\"" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
