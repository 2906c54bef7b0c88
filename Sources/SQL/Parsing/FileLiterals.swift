/// File names in quotes where a table stands: `select * from 'x.csv'`, which PostgreSQL's grammar does not know.
///
/// Where the grammar stumbles over such a name, a quoted identifier of the same length takes its place, so that every
/// position stays what it was; the tree's reader turns it into a call of `read_csv`.
struct FileLiterals {
    /// The text for the grammar.
    private(set) var bytes: [UInt8]
    /// The file of each identifier put in.
    private(set) var paths: [String: String] = [:]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Each costs a parse of the statement.
    private static let limit = 64
    private static let endings = [".csv", ".tsv", ".txt", ".gz", ".zst", ".parquet"]

    /// Replaces the file name at `position`; false if there is none, or it stands where no table may.
    mutating func replace(at position: Int) -> Bool {
        guard position >= 0, paths.count < FileLiterals.limit else { return false }
        var scanner = LexicalScanner(bytes)
        var before: LexicalScanner.Token?
        while let token = scanner.next(), token.range.lowerBound <= position {
            if token.range.lowerBound == position, token.kind == .string, let before, mayPrecedeTable(before) {
                return replace(token.range)
            }
            before = token
        }
        return false
    }

    private func mayPrecedeTable(_ token: LexicalScanner.Token) -> Bool {
        let text = String(decoding: bytes[token.range], as: UTF8.self).lowercased()
        return text == "from" || text == "join" || text == ","
    }

    private mutating func replace(_ range: Range<Int>) -> Bool {
        guard bytes[range.lowerBound] == UInt8(ascii: "'"), bytes[range.upperBound - 1] == UInt8(ascii: "'") else {
            return false
        }
        let inner = String(decoding: bytes[(range.lowerBound + 1)..<(range.upperBound - 1)], as: UTF8.self)
        let path = inner.replacing("''", with: "'")
        guard FileLiterals.endings.contains(where: { path.lowercased().hasSuffix($0) }) else { return false }
        let name = "@\(paths.count)"
        let quoted = Array("\"\(name)\"".utf8)
        // A name that the text has already would mean two things.
        guard quoted.count <= range.count, !String(decoding: bytes, as: UTF8.self).contains("\"@") || !paths.isEmpty else {
            return false
        }
        let blanks = [UInt8](repeating: UInt8(ascii: " "), count: range.count - quoted.count)
        bytes.replaceSubrange(range, with: quoted + blanks)
        paths[name] = path
        return true
    }

    /// The name a file gives its rows: what stands before the ending.
    static func relationName(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.split(separator: ".").first.map(String.init) ?? file
    }
}
