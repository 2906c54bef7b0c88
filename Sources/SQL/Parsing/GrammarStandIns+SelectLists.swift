/// Short forms for columns of the select list: `group by all`, `order by all`, `* exclude (a, b)`.
extension GrammarStandIns {
    /// The token at `position`, nil at the end of the text, and those before it.
    private func tokens(at position: Int) -> (before: [LexicalScanner.Token], found: LexicalScanner.Token?) {
        var scanner = LexicalScanner(bytes)
        var before: [LexicalScanner.Token] = []
        while let token = scanner.next() {
            if token.range.lowerBound >= position { return (before, token) }
            before.append(token)
        }
        return (before, nil)
    }

    private func text(_ token: LexicalScanner.Token) -> String { String(decoding: bytes[token.range], as: UTF8.self).lowercased() }

    /// Replaces `all` behind `order by`, over which the grammar stumbles, or behind `group by`, where it stumbles over what follows.
    mutating func replaceAll(at position: Int) -> Bool {
        let (before, found) = tokens(at: position)
        let words = before.suffix(3).map { text($0) }
        if words.suffix(2) == ["order", "by"], let found, text(found) == "all" { return putAll(in: found.range) }
        // A comma would make it one key of several.
        guard words == ["group", "by", "all"], found.map({ text($0) != "," }) ?? true, let all = before.last else { return false }
        return putAll(in: all.range)
    }

    /// Replaces `exclude (a, b)` or `exclude a` behind a star of the select list.
    mutating func replaceExclusion(at position: Int) -> Bool {
        var (before, found) = tokens(at: position)
        // Behind `t.*` the grammar takes the word for a name, and stumbles over what follows.
        if let last = before.last, text(last) == "exclude" { found = before.removeLast() }
        guard let word = found, text(word) == "exclude", let star = before.popLast(), text(star) == "*", let opening = before.last,
            ["select", "distinct", "all", ",", "."].contains(text(opening)), let (columns, end) = excluded(behind: word)
        else { return false }
        return put(.excluded(columns), in: word.range.lowerBound..<end, behind: true)
    }

    private func excluded(behind word: LexicalScanner.Token) -> (columns: [(name: String, offset: Int)], end: Int)? {
        var scanner = LexicalScanner(bytes, from: word.range.upperBound)
        guard var token = scanner.next() else { return nil }
        if let name = columnName(token) { return ([(name, token.range.lowerBound)], token.range.upperBound) }
        guard token.kind == .opening else { return nil }
        var columns: [(name: String, offset: Int)] = []
        repeat {
            guard let item = scanner.next(), let name = columnName(item), let next = scanner.next() else { return nil }
            columns.append((name, item.range.lowerBound))
            token = next
        } while text(token) == ","
        return text(token) == ")" ? (columns, token.range.upperBound) : nil
    }

    private func columnName(_ token: LexicalScanner.Token) -> String? {
        switch token.kind {
        case .word: text(token)
        case .quotedName: unquoted(token, "\"")
        default: nil
        }
    }
}
