import Columns
import Engine

/// Values as JSON.
enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0..<0x20, 0x7F, 0x2028, 0x2029:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Numbers as exact numbers, doubles that JSON cannot say as strings, NULL as null.
    static func value(_ column: Vector, row: Int) -> String {
        guard let text = ResultText.string(column, row: row) else { return "null" }
        switch column.type {
        case .boolean, .integer, .bigint, .numeric: return text
        case .double: return text.contains(where: { $0.isLetter && $0 != "e" }) ? quoted(text) : text
        default: return quoted(text)
        }
    }
}
