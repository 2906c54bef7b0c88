/// Lists, structures and the name `null` among the arguments of functions that read files.
extension GrammarStandIns {
    /// Also names that are none of them: the binder knows the nearest one.
    private static func readsFiles(_ name: String) -> Bool { name.hasPrefix("read_") || name == "parquet_scan" }

    /// Replaces the list or structure at `position`, or the `null` before the arrow there.
    mutating func replaceArgument(at position: Int) -> Bool {
        guard let before = precedingToken(ofArgumentAt: position) else { return false }
        switch bytes[position] {
        case UInt8(ascii: "["):
            guard mayPrecedeValue(before), let (items, end) = list(at: position) else { return false }
            return put(.list(items), in: position..<end)
        case UInt8(ascii: "{"):
            guard mayPrecedeValue(before), let (text, end) = pairs(at: position) else { return false }
            return put(.pairs(text), in: position..<end)
        case UInt8(ascii: "="), UInt8(ascii: ":"):
            guard before.kind == .word, word(before) == "null" else { return false }
            return put(.argumentName("null"), in: before.range)
        default: return false
        }
    }

    /// The token before `position`, if there one of the arguments of such a function stands, not within further parentheses.
    private func precedingToken(ofArgumentAt position: Int) -> LexicalScanner.Token? {
        guard position < bytes.count else { return nil }
        var scanner = LexicalScanner(bytes)
        var isFunction: [Bool] = []
        var before: LexicalScanner.Token?
        while let token = scanner.next(), token.range.lowerBound < position {
            if token.kind == .opening {
                isFunction.append(before.map { $0.kind == .word && GrammarStandIns.readsFiles(word($0)) } ?? false)
            } else if token.kind == .closing {
                _ = isFunction.popLast()
            }
            before = token
        }
        return isFunction.last == true ? before : nil
    }

    private func word(_ token: LexicalScanner.Token) -> String { String(decoding: bytes[token.range], as: UTF8.self).lowercased() }

    private func mayPrecedeValue(_ token: LexicalScanner.Token) -> Bool {
        [UInt8(ascii: "("), UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: ">")].contains(bytes[token.range.upperBound - 1])
    }

    /// `['a', 'b']` and the offset behind it.
    private func list(at position: Int) -> (items: [(text: String, offset: Int)], end: Int)? {
        var scanner = LexicalScanner(bytes, from: position)
        _ = scanner.next()
        var items: [(text: String, offset: Int)] = []
        while let token = scanner.next(), let text = string(token) {
            items.append((text, token.range.lowerBound))
            guard let next = scanner.next() else { return nil }
            if bytes[next.range.lowerBound] == UInt8(ascii: "]") { return (items, next.range.upperBound) }
            guard bytes[next.range.lowerBound] == UInt8(ascii: ",") else { return nil }
        }
        return nil
    }

    /// `{'a': 'text', b: 'date'}` as `a:text,b:date`, and the offset behind it.
    private func pairs(at position: Int) -> (text: String, end: Int)? {
        var scanner = LexicalScanner(bytes, from: position)
        _ = scanner.next()
        var pairs: [String] = []
        while let token = scanner.next(), let key = key(token) {
            guard let colon = scanner.next(), bytes[colon.range.lowerBound] == UInt8(ascii: ":"),
                let token = scanner.next(), let value = string(token), let next = scanner.next()
            else { return nil }
            pairs.append(GrammarStandIns.quoted(key) + ":" + value)
            if bytes[next.range.lowerBound] == UInt8(ascii: "}") {
                return (pairs.joined(separator: ","), next.range.upperBound)
            }
            guard bytes[next.range.lowerBound] == UInt8(ascii: ",") else { return nil }
        }
        return nil
    }

    private func key(_ token: LexicalScanner.Token) -> String? {
        switch token.kind {
        case .string: return string(token)
        case .word: return String(decoding: bytes[token.range], as: UTF8.self)
        case .quotedName: return unquoted(token, "\"")
        default: return nil
        }
    }

    /// What a string in single quotes says; nil for any other token.
    private func string(_ token: LexicalScanner.Token) -> String? {
        guard token.kind == .string, bytes[token.range.lowerBound] == UInt8(ascii: "'") else { return nil }
        return unquoted(token, "'")
    }

    /// What stands between the quotes.
    func unquoted(_ token: LexicalScanner.Token, _ quote: String) -> String? {
        guard token.range.count >= 2 else { return nil }
        return String(decoding: bytes[(token.range.lowerBound + 1)..<(token.range.upperBound - 1)], as: UTF8.self)
            .replacing(quote + quote, with: quote)
    }

    /// A name as lists of columns and types take it: in double quotes where it has a mark of such a list.
    private static func quoted(_ name: String) -> String {
        guard name.isEmpty || name.contains(where: { ":,\" ".contains($0) }) else { return name }
        return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
