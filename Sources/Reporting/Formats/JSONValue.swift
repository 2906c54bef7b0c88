import Diagnostics

/// A JSON tree with the members of objects in the order given, so that the bytes are fixed.
package indirect enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// Written in shortest round-trip form; NULL if it is not finite.
    case double(Double)
    /// An exact decimal, already written.
    case decimal(String)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// The tree on lines indented by two blanks, with a final line break.
    package var text: String { rendered(indent: 0) + "\n" }

    /// The tree on one line without a line break, for logs.
    package var line: String {
        switch self {
        case .array(let values): "[" + values.map(\.line).joined(separator: ", ") + "]"
        case .object(let members): "{" + members.map { JSONString.quoted($0) + ": " + $1.line }.joined(separator: ", ") + "}"
        default: rendered(indent: 0)
        }
    }

    private func rendered(indent: Int) -> String {
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .null: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .double(let value): return value.isFinite ? ValueText.double(value) : "null"
        case .decimal(let text): return text
        case .string(let text): return JSONString.quoted(text)
        case .array(let values):
            if values.isEmpty { return "[]" }
            return "[\n" + values.map { inner + $0.rendered(indent: indent + 2) }.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { "\(inner)\(JSONString.quoted($0)): \($1.rendered(indent: indent + 2))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        }
    }
}
