/// SQL as somebody types it, perhaps broken off anywhere: its words for the completion of a shell.
package struct TypedText: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case word
        /// A quoted name, without its quotes.
        case name
        case string
        case number
        /// One character of anything else.
        case symbol
    }

    package struct Token: Sendable, Equatable {
        package var kind: Kind
        package var text: String
        /// UTF-8 byte offsets.
        package var range: Range<Int>
    }

    package let tokens: [Token]
    /// The text ends inside a `'string'`.
    package let endsInString: Bool
    /// The text ends inside a `"quoted name"`.
    package let endsInName: Bool
    /// The text ends inside a block comment.
    package let endsInComment: Bool

    /// Reads any text to its end in O(n).
    package init(_ text: String) {
        var scanner = LexicalScanner(Array(text.utf8))
        var tokens: [Token] = []
        while let token = scanner.next() {
            var range = token.range
            let kind: Kind =
                switch token.kind {
                case .word: .word
                case .quotedName: .name
                case .string: .string
                case .number: .number
                case .opening, .closing, .semicolon, .symbol: .symbol
                }
            if kind == .name {
                let isClosed = range.count > 1 && scanner.bytes[range.upperBound - 1] == UInt8(ascii: "\"")
                range = range.lowerBound + 1..<(isClosed ? range.upperBound - 1 : range.upperBound)
            }
            let words = String(decoding: scanner.bytes[range], as: UTF8.self)
            tokens.append(Token(kind: kind, text: words.replacing("\"\"", with: "\""), range: token.range))
        }
        self.tokens = tokens
        endsInString = scanner.unterminated == .string
        endsInName = scanner.unterminated == .quotedName
        endsInComment = scanner.unterminated == .comment
    }

    /// The relations that FROM and JOIN name, with what the statement calls them.
    package var relations: [(name: String, alias: String)] {
        var found: [(name: String, alias: String)] = []
        var position = 0
        var isList = false
        while position < tokens.count {
            let token = tokens[position]
            position += 1
            if token.kind == .word {
                let word = token.text.lowercased()
                if ["from", "join", "describe", "desc", "summarize", "table", "into"].contains(word) {
                    isList = true
                } else if Self.endsList.contains(word) {
                    isList = false
                    continue
                } else {
                    continue
                }
            } else if !(isList && token.text == ",") {
                continue
            }
            guard position < tokens.count, tokens[position].isName else { continue }
            let name = tokens[position]
            position += 1
            var alias = name
            if position < tokens.count, tokens[position].kind == .word, tokens[position].text.lowercased() == "as" { position += 1 }
            if position < tokens.count, tokens[position].isName, !Self.endsAlias.contains(tokens[position].text.lowercased()) {
                alias = tokens[position]
                position += 1
            }
            found.append((name.plainName, alias.plainName))
        }
        return found
    }

    private static let endsList: Set<String> = [
        "where", "group", "order", "having", "limit", "offset", "union", "intersect", "except", "window", "select", "on", "using",
        "set", "values",
    ]
    private static let endsAlias = endsList.union([
        "join", "left", "right", "full", "inner", "cross", "natural", "fetch", "for", "tablesample", "with", "as",
    ])
}

extension TypedText.Token {
    /// Whether it may name something.
    package var isName: Bool { kind == .word || kind == .name }

    /// The name as PostgreSQL reads it: in lower case unless it is quoted.
    package var plainName: String { kind == .name ? text : text.lowercased() }
}
