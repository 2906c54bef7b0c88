/// Sizes beyond which a text is refused before the grammar sees it.
package enum ParseLimits {
    /// Bytes of UTF-8 in one text, which may hold many statements.
    package static let textSize = 1 << 20
    /// Tokens in one text.
    package static let tokenCount = 200_000
    /// Open parentheses and brackets at one place.
    package static let nestingDepth = 500
    /// Levels of expressions, queries and joins in one tree. Whoever walks a tree may recurse this deep.
    package static let treeDepth = 1000
    /// Bytes of a name; PostgreSQL would cut a longer one off.
    package static let nameSize = 63
    /// Levels of the grammar's JSON: one level of a tree takes at most about eight of them.
    static let jsonDepth = 16 * treeDepth
    /// Reserved, not touched: a chain of 100,000 operators takes libpg_query below 64 MiB.
    static let stackSize = 256 << 20

    /// Refuses text that is too large or too deeply nested, names that PostgreSQL would cut off, and an open comment.
    package static func check(_ bytes: [UInt8]) throws(SQLError) {
        guard bytes.count <= textSize else {
            throw SQLError(
                "statement text has \(bytes.count) bytes, the limit is \(textSize)", position: 0,
                hint: "split it, or load long lists as a table")
        }
        if let zero = bytes.firstIndex(of: 0) {
            throw SQLError("statement text holds a NUL byte", position: zero, hint: "remove it")
        }
        try checkTokens(bytes)
    }

    private static func checkTokens(_ bytes: [UInt8]) throws(SQLError) {
        var scanner = LexicalScanner(bytes)
        var count = 0
        var depth = 0
        while let token = scanner.next() {
            count += 1
            guard count <= tokenCount else {
                throw SQLError(
                    "statement text has more than \(tokenCount) tokens", position: token.range.lowerBound,
                    hint: "split it, or load long lists as a table")
            }
            switch token.kind {
            case .opening: depth += 1
            case .closing: depth = max(0, depth - 1)
            case .semicolon: depth = 0
            case .word: try checkName(token, token.range.count)
            case .quotedName: try checkName(token, token.range.count - 2)
            case .string, .number, .symbol: break
            }
            guard depth <= nestingDepth else {
                throw .tooDeeplyNested(at: token.range.lowerBound)
            }
        }
        // Comments at the end are cut off before the grammar could complain.
        if let start = scanner.openCommentStart {
            throw SQLError("unterminated /* comment", position: start, hint: "close it with */")
        }
    }

    private static func checkName(_ token: LexicalScanner.Token, _ size: Int) throws(SQLError) {
        guard size > nameSize else { return }
        throw SQLError(
            "name of \(size) bytes, the limit is \(nameSize)", position: token.range.lowerBound,
            hint: "use a shorter name (a Chinese character takes three bytes)")
    }
}

extension SQLError {
    static func tooDeeplyNested(at position: Int) -> SQLError {
        SQLError(
            "statement is nested too deeply", position: position,
            hint:
                "split it with `with`; at most \(ParseLimits.treeDepth) levels and \(ParseLimits.nestingDepth) parentheses"
        )
    }
}
