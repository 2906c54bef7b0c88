import Columns
import Diagnostics
import Engine

/// Values as JSON.
enum JSONText {
    /// Numbers as exact numbers, doubles that JSON cannot say as strings, NULL as null.
    static func value(_ column: Vector, row: Int) -> String {
        guard let text = ResultText.string(column, row: row) else { return "null" }
        switch column.type {
        case .boolean, .integer, .bigint, .numeric: return text
        case .double: return text.contains(where: { $0.isLetter && $0 != "e" }) ? JSONString.quoted(text) : text
        default: return JSONString.quoted(text)
        }
    }
}
