import Columns
import Diagnostics

/// A value of the catalogs. Types are loose, as clients' queries are: a text that reads as a number equals it.
package enum CatalogValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case text(String)
    /// A number that is shown by the name it stands for, as `regclass`.
    case named(Int64, String)
    case array([CatalogValue])

    var isNull: Bool { self == .null }

    /// Bytes it would have as a text, about; counted again wherever an array is part of another.
    var byteCount: Int {
        switch self {
        case .null, .boolean, .integer: 8
        case .text(let text): text.utf8.count
        case .named(_, let name): 8 + name.utf8.count
        case .array(let items): items.reduce(8) { $0 + 24 + $1.byteCount }
        }
    }

    /// How deep an array is: 1 if its items are none, 0 for what is no array.
    var dimensionCount: Int {
        guard case .array(let items) = self else { return 0 }
        return 1 + (items.lazy.map(\.dimensionCount).max() ?? 0)
    }

    /// nil for NULL.
    var boolean: Bool? {
        switch self {
        case .null: nil
        case .boolean(let flag): flag
        case .integer(let number), .named(let number, _): number != 0
        case .text(let text): ["t", "true", "yes", "on", "1", "y"].contains(text.lowercased())
        case .array: nil
        }
    }

    /// nil for NULL and what is no whole number.
    var integer: Int64? {
        switch self {
        case .integer(let number), .named(let number, _): number
        case .boolean(let flag): flag ? 1 : 0
        case .text(let text): Int64(text)
        case .null, .array: nil
        }
    }

    /// As PostgreSQL prints it; nil for NULL.
    var text: String? {
        switch self {
        case .null: nil
        case .boolean(let flag): flag ? "t" : "f"
        case .integer(let number): String(number)
        case .text(let text), .named(_, let text): text
        case .array(let items): "{" + items.map(\.quotedItem).joined(separator: ",") + "}"
        }
    }

    private var quotedItem: String {
        guard let text else { return "NULL" }
        if case .array = self { return text }
        let isPlain = !text.isEmpty && text.lowercased() != "null" && !text.contains { "{}\",\\ \n\t".contains($0) }
        return isPlain ? text : "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// As JSON writes it.
    var json: String {
        switch self {
        case .null: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .array(let items): return "[" + items.map(\.json).joined(separator: ",") + "]"
        case .text(let text), .named(_, let text): return JSONString.quoted(text)
        }
    }

    /// The items of an array, or of a text written as one.
    var items: [CatalogValue]? {
        switch self {
        case .array(let items): return items
        case .text(let text): return ArrayText.read(text).map { $0.map { $0.map { .text($0) } ?? .null } }
        default: return nil
        }
    }

    /// The order of two values that are not NULL: numbers as numbers, all else by the bytes of its text.
    static func order(_ left: CatalogValue, _ right: CatalogValue) -> Int? {
        if left.isNull || right.isNull { return nil }
        if case .boolean = left { return order(left.boolean, right.boolean) }
        if case .boolean = right { return order(left.boolean, right.boolean) }
        if case .array(let a) = left, let b = right.items { return order(a, b) }
        if case .array(let b) = right, let a = left.items { return order(a, b) }
        // A name is compared by its number, unless it meets what is none.
        if isNumber(left) || isNumber(right), let a = left.integer, let b = right.integer { return a < b ? -1 : (a > b ? 1 : 0) }
        guard let a = left.text, let b = right.text else { return nil }
        if a == b { return 0 }
        return a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
    }

    private static func isNumber(_ value: CatalogValue) -> Bool {
        switch value {
        case .integer, .named: true
        default: false
        }
    }

    private static func order(_ a: Bool?, _ b: Bool?) -> Int? {
        guard let a, let b else { return nil }
        return a == b ? 0 : (a ? 1 : -1)
    }

    private static func order(_ a: [CatalogValue], _ b: [CatalogValue]) -> Int? {
        for (x, y) in zip(a, b) {
            let order = order(x, y) ?? 0
            if order != 0 { return order }
        }
        return a.count == b.count ? 0 : (a.count < b.count ? -1 : 1)
    }
}
