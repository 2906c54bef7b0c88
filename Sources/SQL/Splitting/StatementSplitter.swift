/// Finds where statements end, for scripts and for the interactive shell.
package enum StatementSplitter {
    /// One statement's place in a text.
    package struct Piece: Sendable, Equatable {
        /// UTF-8 byte offsets of the first and past the last token; blanks, comments and the `;` are outside.
        package var range: Range<Int>
        /// A `;` follows.
        package var isTerminated: Bool

        package init(range: Range<Int>, isTerminated: Bool) {
            self.range = range
            self.isTerminated = isTerminated
        }
    }

    /// What a prompt should do with the text typed so far.
    package enum Completeness: Sendable, Equatable {
        /// Nothing but blanks, comments and semicolons.
        case empty
        /// The last statement is closed by `;`.
        case complete
        /// More must follow: no `;` yet.
        case open
        /// More must follow: inside a quoted string or dollar quote.
        case inString
        /// More must follow: inside a `"quoted name"`.
        case inQuotedName
        /// More must follow: inside a block comment.
        case inComment
    }

    /// The statements of a text in order; empty ones are left out.
    package static func split(_ text: String) -> [Piece] {
        split(Array(text.utf8))
    }

    static func split(_ bytes: [UInt8]) -> [Piece] {
        var scanner = LexicalScanner(bytes)
        var pieces: [Piece] = []
        var start: Int?
        var end = 0
        while let token = scanner.next() {
            if token.kind != .semicolon {
                start = start ?? token.range.lowerBound
                end = token.range.upperBound
            } else if let first = start {
                pieces.append(Piece(range: first..<end, isTerminated: true))
                start = nil
            }
        }
        if let first = start {
            pieces.append(Piece(range: first..<end, isTerminated: false))
        }
        return pieces
    }

    /// UTF-8 offset behind the last `;` that ends a statement, 0 if there is none.
    package static func endOfLastStatement(in text: String) -> Int {
        var scanner = LexicalScanner(Array(text.utf8))
        var end = 0
        while let token = scanner.next() {
            if token.kind == .semicolon { end = token.range.upperBound }
        }
        return end
    }

    /// Whether the text ends in a complete statement, and if not, what is still open.
    package static func completeness(of text: String) -> Completeness {
        var scanner = LexicalScanner(Array(text.utf8))
        var last: LexicalScanner.TokenKind?
        var sawStatement = false
        while let token = scanner.next() {
            last = token.kind
            sawStatement = sawStatement || token.kind != .semicolon
        }
        switch scanner.unterminated {
        case .string: return .inString
        case .quotedName: return .inQuotedName
        case .comment: return .inComment
        case nil: break
        }
        if !sawStatement { return .empty }
        return last == .semicolon ? .complete : .open
    }
}
