import SQL

/// `\copy` of psql as the statement that does it: a file's name may stand without quotes.
enum CopyCommand {
    /// The statement for a line, with every column of the line kept up to the file's name.
    static func statement(for line: String) -> String {
        // A blank in place of the backslash.
        let text = line.replacing("\\copy", with: " copy", maxReplacements: 1)
        let tokens = TypedText(text).tokens
        guard let place = placeOfDirection(in: tokens), place + 1 < tokens.count else { return text }
        let name = tokens[place + 1]
        switch name.text.lowercased() {
        case "stdout", "stdin", "pstdin", "program": return text
        default: if name.kind == .string { return text }
        }
        let bytes = Array(text.utf8)
        let start = name.range.lowerBound
        let end = bytes[start...].firstIndex { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ";") } ?? bytes.count
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let file = part(start..<end)
        let quoted = file.lowercased() == "pstdout" ? "stdout" : "'" + file.replacing("'", with: "''") + "'"
        return part(0..<start) + quoted + part(end..<bytes.count)
    }

    /// The first `to` or `from` outside brackets.
    private static func placeOfDirection(in tokens: [TypedText.Token]) -> Int? {
        var depth = 0
        for (place, token) in tokens.enumerated() {
            switch token.text {
            case "(" where token.kind == .symbol: depth += 1
            case ")" where token.kind == .symbol: depth -= 1
            default:
                if depth == 0, token.kind == .word, ["to", "from"].contains(token.text.lowercased()) { return place }
            }
        }
        return nil
    }
}
