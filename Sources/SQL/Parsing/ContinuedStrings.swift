/// Comments between the parts of a continued string (`'a' -- why`, and `'b'` on the next line), which PostgreSQL's lexer
/// takes for blanks and libpg_query's, which hands comments out as tokens, does not.
enum ContinuedStrings {
    /// The text with such comments as blanks; every position stays what it was.
    static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
        guard hasLineComment(bytes) else { return bytes }
        var result = bytes
        var scanner = LexicalScanner(bytes)
        var before: LexicalScanner.Token?
        while let token = scanner.next() {
            if let before, isPart(before, in: bytes), token.kind == .string, bytes[token.range.lowerBound] == quote {
                blank(before.range.upperBound..<token.range.lowerBound, in: &result)
            }
            for gap in scanner.continuations { blank(gap, in: &result) }
            scanner.continuations = []
            before = token
        }
        return result
    }

    private static let quote = UInt8(ascii: "'")
    private static let dash = UInt8(ascii: "-")

    private static func hasLineComment(_ bytes: [UInt8]) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == dash && $1 == dash }
    }

    /// Whether a token is a string in quotes, not between dollar signs.
    private static func isPart(_ token: LexicalScanner.Token, in bytes: [UInt8]) -> Bool {
        token.kind == .string && bytes[token.range.upperBound - 1] == quote
    }

    /// Blanks the comments between two parts, if there are line comments only, and a line break.
    private static func blank(_ gap: Range<Int>, in bytes: inout [UInt8]) {
        let hasLineBreak = bytes[gap].contains { $0 == 0x0A || $0 == 0x0D }
        var comments: [Range<Int>] = []
        var place = gap.lowerBound
        while place < gap.upperBound {
            if LexicalScanner.isSpace(bytes[place]) {
                place += 1
                continue
            }
            guard bytes[place] == dash else { return }
            let end = bytes[place..<gap.upperBound].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? gap.upperBound
            comments.append(place..<end)
            place = end
        }
        guard hasLineBreak else { return }
        for comment in comments { for place in comment { bytes[place] = 0x20 } }
    }
}
