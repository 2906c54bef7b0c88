package import Columns
package import Diagnostics

/// Types and columns as `--types` names them.
package enum TypeNames {
    /// Reads `column:type,…`; a column whose name has a colon, a comma or a quote is written in double quotes.
    ///
    /// - Parameter option: What messages call the text.
    package static func parse(
        _ text: String, option: String = "--types"
    ) throws(Diagnostic) -> [(column: String, type: LogicalType)] {
        let malformed = Diagnostic(
            .usage, "\(option) \"\(text)\" is not a list of columns with their types",
            mend: "write column:type,column:type, such as code:text,price:numeric(12,2)")
        var result: [(column: String, type: LogicalType)] = []
        var rest = Array(text.unicodeScalars)[...]
        repeat {
            guard let column = name(&rest), rest.popFirst() == ":" else { throw malformed }
            var depth = 0
            var word = ""
            while let scalar = rest.first, depth > 0 || scalar != "," {
                if scalar == "(" { depth += 1 }
                if scalar == ")" { depth -= 1 }
                word.unicodeScalars.append(scalar)
                rest.removeFirst()
            }
            guard let type = type(named: word) else {
                throw Diagnostic(.usage, "\(option): \(noType(word))", mend: choice)
            }
            guard !result.contains(where: { $0.column == column }) else {
                throw Diagnostic(.usage, "\(option) names column \"\(column)\" twice")
            }
            result.append((column, type))
        } while rest.popFirst() != nil
        return result
    }

    /// The type of a name in any case, as PostgreSQL and DuckDB call it; nil for a type no file can be read as.
    package static func type(named name: String) -> LogicalType? {
        let word = trimmed(name).lowercased()
        switch word {
        case "boolean", "bool": return .boolean
        case "integer", "int", "int4": return .integer
        case "bigint", "int8", "long": return .bigint
        case "double", "double precision", "float8", "float": return .double
        case "text", "varchar", "string": return .text
        case "date": return .date
        case "timestamp", "datetime": return .timestamp
        default: break
        }
        guard let open = word.firstIndex(of: "("), word.hasSuffix(")"),
            ["numeric", "decimal"].contains(trimmed(String(word[..<open])))
        else { return nil }
        let parts = word[word.index(after: open)...].dropLast().split(separator: ",").map { Int(trimmed(String($0))) }
        guard let precision = parts.first ?? nil, parts.count <= 2 else { return nil }
        let scale = parts.count == 2 ? parts[1] : 0
        guard let scale, (1...18).contains(precision), (0...precision).contains(scale) else { return nil }
        return .numeric(precision: precision, scale: scale)
    }

    /// A column's name as `--types` takes it.
    static func quoted(_ column: String) -> String {
        guard column.contains(where: { ":,\" ".contains($0) }) else { return column }
        return "\"" + column.replacing("\"", with: "\"\"") + "\""
    }

    /// What is said of a word that names no type.
    static func noType(_ word: String) -> String { "\"\(trimmed(word))\" is no type that a file can be read as" }

    /// What to write instead.
    static let choice =
        "choose boolean, integer, bigint, numeric(precision,scale) of at most 18 digits, double, date, timestamp or text"

    /// The name at the front; nil if there is none.
    private static func name(_ rest: inout ArraySlice<Unicode.Scalar>) -> String? {
        while rest.first == " " { rest.removeFirst() }
        var name = String.UnicodeScalarView()
        guard rest.first == "\"" else {
            while let scalar = rest.first, scalar != ":" {
                name.append(scalar)
                rest.removeFirst()
            }
            let plain = trimmed(String(name))
            return plain.isEmpty ? nil : plain
        }
        rest.removeFirst()
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                guard rest.first == "\"" else { return String(name) }
                rest.removeFirst()
            }
            name.append(scalar)
        }
        return nil
    }

    private static func trimmed(_ text: String) -> String {
        var slice = text[...]
        while slice.first == " " { slice.removeFirst() }
        while slice.last == " " { slice.removeLast() }
        return String(slice)
    }
}
