/// Cuts SQL text into tokens by PostgreSQL's lexical rules, without judging them.
///
/// It knows just enough to find statement ends and to count: strings, quoted names, dollar quotes and nested comments.
/// Every token is at least one byte, and any input, also a broken one, is read to its end in O(n).
package struct LexicalScanner {
    package enum TokenKind: Equatable, Sendable {
        case word
        case quotedName
        case string
        case number
        case opening
        case closing
        case semicolon
        /// One character of an operator, a comma, or anything else.
        case symbol
    }

    package struct Token: Equatable, Sendable {
        package var kind: TokenKind
        package var range: Range<Int>
    }

    /// What was still open when the text ended.
    enum Unterminated: Equatable {
        case string
        case quotedName
        case comment
    }

    let bytes: [UInt8]
    private(set) var position: Int
    private(set) var unterminated: Unterminated?
    /// Where the unterminated comment begins.
    private(set) var openCommentStart: Int?
    /// What stands between the parts of strings with escapes that were read, for whoever empties it.
    var continuations: [Range<Int>] = []

    package init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The next token, or nil at the end of the text.
    package mutating func next() -> Token? {
        skipBlanks()
        guard position < bytes.count else { return nil }
        let start = position
        let kind = scanToken()
        return Token(kind: kind, range: start..<position)
    }

    private mutating func scanToken() -> TokenKind {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: ";"): return single(.semicolon)
        case UInt8(ascii: "("), UInt8(ascii: "["): return single(.opening)
        case UInt8(ascii: ")"), UInt8(ascii: "]"): return single(.closing)
        case UInt8(ascii: "'"):
            scanString(escapes: false)
            return .string
        case UInt8(ascii: "\""):
            scanQuotedName()
            return .quotedName
        case UInt8(ascii: "$"): return scanDollar()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return scanNumber()
        case UInt8(ascii: ".") where isDigit(peek(1)): return scanNumber()
        default:
            guard Self.startsWord(byte) else { return single(.symbol) }
            return scanWord()
        }
    }

    private mutating func single(_ kind: TokenKind) -> TokenKind {
        position += 1
        return kind
    }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    static func startsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    static func continuesWord(_ byte: UInt8) -> Bool {
        startsWord(byte) || byte == UInt8(ascii: "$") || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }
}

// MARK: - Blanks and comments

extension LexicalScanner {
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    private mutating func skipBlanks() {
        while let byte = peek(0) {
            if Self.isSpace(byte) {
                position += 1
            } else if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
                skipLineComment()
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                skipBlockComment()
            } else {
                return
            }
        }
    }

    private mutating func skipLineComment() {
        while let byte = peek(0), byte != 0x0A, byte != 0x0D { position += 1 }
    }

    private mutating func skipBlockComment() {
        let start = position
        var depth = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                position += 2
            } else if bytes[position] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                position += 2
                if depth == 0 { return }
            } else {
                position += 1
            }
        }
        unterminated = .comment
        openCommentStart = start
    }
}

// MARK: - Words, numbers, strings

extension LexicalScanner {
    private mutating func scanWord() -> TokenKind {
        let start = position
        while let byte = peek(0), Self.continuesWord(byte) { position += 1 }
        let isEscapePrefix = position == start + 1 && bytes[start] | 0x20 == UInt8(ascii: "e")
        if isEscapePrefix, peek(0) == UInt8(ascii: "'") {
            scanString(escapes: true)
            return .string
        }
        return .word
    }

    private mutating func scanNumber() -> TokenKind {
        while isDigit(peek(0)) { position += 1 }
        // `1..2` is not a number with a point.
        if peek(0) == UInt8(ascii: "."), peek(1) != UInt8(ascii: ".") {
            position += 1
            while isDigit(peek(0)) { position += 1 }
        }
        if let byte = peek(0), byte | 0x20 == UInt8(ascii: "e") {
            let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
            if isDigit(peek(signed ? 2 : 1)) {
                position += signed ? 2 : 1
                while isDigit(peek(0)) { position += 1 }
            }
        }
        return .number
    }

    /// Reads a string from its opening quote. A quote after blanks with a line break goes on with the same string.
    private mutating func scanString(escapes: Bool) {
        position += 1
        while let byte = peek(0) {
            if escapes, byte == UInt8(ascii: "\\") {
                position = min(position + 2, bytes.count)
            } else if byte != UInt8(ascii: "'") {
                position += 1
            } else if peek(1) == UInt8(ascii: "'") {
                position += 2
            } else {
                position += 1
                guard escapes, let reopening = continuationQuote() else { return }
                continuations.append(position..<reopening)
                position = reopening + 1
            }
        }
        unterminated = .string
    }

    private func continuationQuote() -> Int? {
        var cursor = position
        var sawLineBreak = false
        while cursor < bytes.count {
            let byte = bytes[cursor]
            if Self.isSpace(byte) {
                sawLineBreak = sawLineBreak || byte == 0x0A || byte == 0x0D
                cursor += 1
            } else if byte == UInt8(ascii: "-"), cursor + 1 < bytes.count, bytes[cursor + 1] == UInt8(ascii: "-") {
                while cursor < bytes.count, bytes[cursor] != 0x0A, bytes[cursor] != 0x0D { cursor += 1 }
            } else {
                return sawLineBreak && byte == UInt8(ascii: "'") ? cursor : nil
            }
        }
        return nil
    }

    private mutating func scanQuotedName() {
        position += 1
        while let byte = peek(0) {
            if byte != UInt8(ascii: "\"") {
                position += 1
            } else if peek(1) == UInt8(ascii: "\"") {
                position += 2
            } else {
                position += 1
                return
            }
        }
        unterminated = .quotedName
    }

    /// `$1`, `$$text$$`, `$tag$text$tag$`, or a lone dollar sign.
    private mutating func scanDollar() -> TokenKind {
        if isDigit(peek(1)) {
            position += 1
            while isDigit(peek(0)) { position += 1 }
            return .symbol
        }
        var cursor = position + 1
        if cursor < bytes.count, Self.startsWord(bytes[cursor]) {
            while cursor < bytes.count, bytes[cursor] != UInt8(ascii: "$"), Self.continuesWord(bytes[cursor]) {
                cursor += 1
            }
        }
        guard cursor < bytes.count, bytes[cursor] == UInt8(ascii: "$") else { return single(.symbol) }
        let tag = Array(bytes[position...cursor])
        position = cursor + 1
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "$"), bytes[position...].starts(with: tag) {
                position += tag.count
                return .string
            }
            position += 1
        }
        unterminated = .string
        return .string
    }
}
