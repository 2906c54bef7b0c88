import Engine
import SQL

/// Finds what can follow the text before the cursor.
struct Completer {
    let names: CompletionNames
    /// What was typed on the lines before.
    var earlier = ""

    func complete(_ line: String) -> Completion {
        if earlier.isEmpty, let first = line.first(where: { !$0.isWhitespace }), first == "\\" || first == "." {
            return completeCommand(line)
        }
        let text = earlier + (earlier.isEmpty ? "" : "\n") + line
        let typed = TypedText(text)
        if typed.endsInComment || Completer.endsInLineComment(text, after: typed) { return .none }
        if typed.endsInString { return completeString(line, after: typed) }
        if typed.endsInName { return completeQuotedName(line, after: typed) }
        let word = Completer.lastWord(of: line)
        let before = typed.tokens.dropLast(word.isEmpty ? 0 : 1)
        if before.last?.text == ".", before.count > 1 {
            let owner = before[before.endIndex - 2].plainName
            return Completion(typed: word, candidates: candidates(columns(of: owner, in: typed), word))
        }
        if let settings = settings(before) { return Completion(typed: word, candidates: candidates(settings, word)) }
        let previous = before.last { $0.kind == .word }.map { $0.text.lowercased() } ?? ""
        let isRelation =
            before.last?.kind == .word && ["from", "join", "table", "describe", "desc", "summarize", "view"].contains(previous)
            || (before.last?.text == "," && isInFromList(before))
        if isRelation {
            let functions = previous == "from" || previous == "join" ? call(["read_csv", "read_parquet", "read_xlsx", "generate_series"], word) : []
            return Completion(typed: word, candidates: candidates(names.relations, word) + functions)
        }
        return completeExpression(word, typed)
    }

    /// Names of settings behind `set`, `set local`, `show` and `reset` at the beginning of a statement; nil where none stands.
    private func settings(_ before: ArraySlice<TypedText.Token>) -> [String]? {
        let statement = before.suffix(from: before.lastIndex { $0.text == ";" }.map { $0 + 1 } ?? before.startIndex)
        switch statement.map({ $0.text.lowercased() }) {
        case ["set"]: return Database.settingNames
        case ["show"]: return Database.settingNames + ["all", "tables"]
        default: return nil
        }
    }

    /// Columns of the relations in the statement first; names of all kinds once something is typed.
    private func completeExpression(_ word: String, _ typed: TypedText) -> Completion {
        let relations = typed.relations
        var own = relations.flatMap { names.columns(of: $0.name) }
        if relations.isEmpty, !word.isEmpty { own = names.relations.flatMap { names.columns(of: $0) } }
        own += relations.map(\.alias)
        var all = candidates(own, word)
        if !word.isEmpty {
            all += call(Database.functionNames, word)
            // Keywords come in the case in which they are begun.
            let isUpper = word.first?.isUppercase ?? false
            all += candidates(CompletionNames.keywords.map { isUpper ? $0.uppercased() : $0 }, word)
            all += candidates(names.relations, word)
            if all.isEmpty { all = candidates(CompletionNames.indicators, word) }
        }
        return Completion(typed: word, candidates: Completer.withoutRepeats(all))
    }

    private func columns(of owner: String, in typed: TypedText) -> [String] {
        let relations = typed.relations.filter { $0.alias == owner || $0.name == owner }.map(\.name)
        let known = (relations.isEmpty ? [owner] : relations).flatMap { names.columns(of: $0) }
        // In the select list the name is used before FROM gives it: then it may be any relation's.
        return known.isEmpty && relations.isEmpty ? names.relations.flatMap { names.columns(of: $0) } : known
    }

    /// A file's name after `read_csv(`, `from` or `to`, else the id of an indicator.
    private func completeString(_ line: String, after typed: TypedText) -> Completion {
        guard let string = typed.tokens.last, let quote = line.lastIndex(of: "'") else { return .none }
        let part = String(line[line.index(after: quote)...])
        let before = typed.tokens.dropLast()
        let isFile =
            ["from", "join", "to", ","].contains(before.last?.text.lowercased() ?? "")
            || before.suffix(2).map { $0.text.lowercased() }.first?.hasPrefix("read_") ?? false
        guard string.kind == .string else { return .none }
        if isFile { return FileCompletion.complete(part, closing: "'") }
        return Completion(typed: part, candidates: candidates(CompletionNames.indicators, part, suffix: "'"))
    }

    private func completeQuotedName(_ line: String, after typed: TypedText) -> Completion {
        guard let quote = line.lastIndex(of: "\"") else { return .none }
        let part = String(line[line.index(after: quote)...])
        let own = typed.relations.flatMap { names.columns(of: $0.name) } + names.relations
        return Completion(typed: part, candidates: candidates(own, part, suffix: "\" "))
    }

    private func isInFromList(_ tokens: ArraySlice<TypedText.Token>) -> Bool {
        let words = tokens.filter { $0.kind == .word }.map { $0.text.lowercased() }
        let last = words.last { ["select", "from", "where", "by", "on", "having", "limit"].contains($0) }
        return last == "from"
    }

    private func candidates(_ all: [String], _ word: String, suffix: String = " ") -> [Completion.Candidate] {
        let lowered = word.lowercased()
        let fitting = all.filter { $0.lowercased().hasPrefix(lowered) }
        return Completer.withoutRepeats(fitting.map { Completion.Candidate(text: $0, suffix: suffix) })
    }

    private func call(_ all: [String], _ word: String) -> [Completion.Candidate] { candidates(all, word, suffix: "(") }

    private static func withoutRepeats(_ all: [Completion.Candidate]) -> [Completion.Candidate] {
        var seen: Set<String> = []
        return all.filter { seen.insert($0.text).inserted }
    }

    /// Whether what stands behind the last word of the text is a comment to the end of its line.
    private static func endsInLineComment(_ text: String, after typed: TypedText) -> Bool {
        let rest = text.utf8.dropFirst(typed.tokens.last?.range.upperBound ?? 0)
        return String(decoding: rest, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).last?.contains("--") ?? false
    }

    /// The letters, digits and underscores before the cursor.
    static func lastWord(of line: String) -> String {
        String(line.unicodeScalars.reversed().prefix { $0 == "_" || $0 == "$" || $0.properties.isAlphabetic || $0.properties.numericType != nil }
            .reversed().reduce(into: "") { $0.unicodeScalars.append($1) })
    }
}
