/// What DuckDB writes and PostgreSQL's grammar does not know: a file's name in quotes where a table stands
/// (`select * from 'x.csv'`), lists and structures as arguments of `read_csv` (`['a.csv', 'b.csv']`, `{'a': 'text'}`),
/// `group by all`, `order by all` and `* exclude (a, b)`.
///
/// Where the grammar stumbles over one of them, a quoted identifier of the same length takes its place, so that every
/// position stays what it was; the tree's reader puts back what it stands for.
struct GrammarStandIns {
    /// What an identifier that was put in stands for.
    enum Meaning: Sendable {
        /// A file in place of a table.
        case file(String)
        /// `['a', 'b']`: the texts and where they stand.
        case list([(text: String, offset: Int)])
        /// `{'a': 'b'}`, as the text `a:b`.
        case pairs(String)
        /// A keyword as the name of an argument.
        case argumentName(String)
        /// `all` behind `group by` and `order by`.
        case all
        /// The columns that a star before it leaves out, and where they stand.
        case excluded([(name: String, offset: Int)])
    }

    /// The text for the grammar.
    private(set) var bytes: [UInt8]
    /// The identifiers put in.
    private(set) var meanings: [String: Meaning] = [:]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Each costs a parse of the statement.
    private static let limit = 64
    private static let endings = [".csv", ".tsv", ".txt", ".gz", ".zst", ".parquet", ".xlsx", "/dev/stdin"]

    /// Replaces what stands at `position`; false if it is nothing of the kind, or stands where it may not.
    mutating func replace(at position: Int) -> Bool {
        guard position >= 0, meanings.count < GrammarStandIns.limit else { return false }
        return replaceFile(at: position) || replaceArgument(at: position) || replaceAll(at: position) || replaceExclusion(at: position)
    }

    private mutating func replaceFile(at position: Int) -> Bool {
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
        guard GrammarStandIns.endings.contains(where: { path.lowercased().hasSuffix($0) }) else { return false }
        return put(.file(path), in: range)
    }

    /// Puts an identifier in place of a range; false if there is no room for it.
    ///
    /// - Parameter comma: Whether a comma comes before it.
    mutating func put(_ meaning: Meaning, in range: Range<Int>, behind comma: Bool = false) -> Bool {
        let name = "@\(meanings.count)"
        let quoted = Array("\(comma ? "," : "")\"\(name)\"".utf8)
        // A name that the text has already would mean two things.
        guard quoted.count <= range.count, !String(decoding: bytes, as: UTF8.self).contains("\"@") || !meanings.isEmpty else {
            return false
        }
        let blanks = [UInt8](repeating: UInt8(ascii: " "), count: range.count - quoted.count)
        bytes.replaceSubrange(range, with: quoted + blanks)
        meanings[name] = meaning
        return true
    }

    /// Puts an identifier of three characters in the place of `all`, which means the same wherever it stands.
    mutating func putAll(in range: Range<Int>) -> Bool {
        guard meanings["*"] != nil || !String(decoding: bytes, as: UTF8.self).contains("\"*\"") else { return false }
        bytes.replaceSubrange(range, with: Array("\"*\"".utf8))
        meanings["*"] = .all
        return true
    }

    /// The name a file gives its rows: what stands before the ending.
    static func relationName(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.split(separator: ".").first.map(String.init) ?? file
    }
}
