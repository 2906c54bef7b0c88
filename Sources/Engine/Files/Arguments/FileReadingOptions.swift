import CSV
import Columns
import Diagnostics

/// The named arguments of `read_csv`, under DuckDB's names.
struct FileReadingOptions {
    private(set) var csv = CSVOptions()
    private(set) var isAllText = false
    /// The arguments as a plan shows them, in the order of their names.
    private(set) var text = ""

    static let names = ["all_varchar", "delim", "encoding", "header", "nullstr", "quote", "sep"]

    init(_ given: [String: ScalarValue]) throws {
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "delim", "sep", "delimiter": csv.delimiter = try FileReadingOptions.byte(value, of: name)
            case "quote": csv.quote = try FileReadingOptions.byte(value, of: name)
            case "header": csv.hasHeader = try FileReadingOptions.flag(value, of: name)
            case "all_varchar": isAllText = try FileReadingOptions.flag(value, of: name)
            case "nullstr":
                guard case .text(let token) = value else { throw FileReadingOptions.wrong(name, "a text") }
                csv.nullTokens = [token]
            case "encoding":
                guard case .text(let text) = value, let encoding = TextEncoding(named: text) else {
                    throw FileReadingOptions.wrong(name, "utf-8, gb18030, utf-16le or utf-16be")
                }
                csv.encoding = encoding
            default:
                let near = EditDistance.nearest(to: name, among: FileReadingOptions.names)
                throw Diagnostic(
                    .query, "read_csv has no argument \"\(name)\"",
                    mend: near.map { "did you mean \"\($0)\"?" }
                        ?? "the arguments are \(FileReadingOptions.names.joined(separator: ", "))")
            }
            if case .text(let word) = value {
                text += ", \(name) => '\(word.replacing("'", with: "''"))'"
            } else {
                text += ", \(name) => \(value == .boolean(true))"
            }
        }
    }

    private static func byte(_ value: ScalarValue, of name: String) throws -> UInt8 {
        guard case .text(let text) = value else { throw wrong(name, "one ASCII character") }
        let bytes = Array((text == "\\t" ? "\t" : text).utf8)
        guard bytes.count == 1 else { throw wrong(name, "one ASCII character") }
        return bytes[0]
    }

    private static func flag(_ value: ScalarValue, of name: String) throws -> Bool {
        guard case .boolean(let flag) = value else { throw wrong(name, "true or false") }
        return flag
    }

    private static func wrong(_ name: String, _ expected: String) -> Diagnostic {
        Diagnostic(.query, "argument \"\(name)\" of read_csv expects \(expected)")
    }
}
