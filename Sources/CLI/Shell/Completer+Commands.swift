import Engine
import Indicators
import SQL

/// Commands of the shell and what follows them.
extension Completer {
    func completeCommand(_ line: String) -> Completion {
        let start = line.drop { $0.isWhitespace }
        guard let blank = start.firstIndex(where: \.isWhitespace) else {
            let typed = String(start)
            let fitting = ShellCommand.allNames.filter { $0.hasPrefix(typed) }.sorted()
            return Completion(typed: typed, candidates: fitting.map { Completion.Candidate(text: $0) })
        }
        guard let command = ShellCommand(name: String(start[..<blank])) else { return .none }
        let argument = String(start[blank...].drop { $0.isWhitespace })
        switch command {
        case .output, .once, .read, .edit, .open, .folder, .run, .runExpanded: return FileCompletion.complete(argument, closing: "")
        case .copy: return completeCopy(argument)
        case .preset: return completePreset(argument)
        default:
            let fitting = values(of: command).filter { $0.hasPrefix(argument) }
            return Completion(typed: argument, candidates: fitting.map { Completion.Candidate(text: $0, suffix: "") })
        }
    }

    /// A table or view behind `\copy`, and the file behind `to`, whose name may stand without quotes.
    private func completeCopy(_ argument: String) -> Completion {
        let typed = TypedText(argument)
        let word = String(argument.reversed().prefix { !$0.isWhitespace }.reversed())
        let before = typed.tokens.filter { $0.range.upperBound <= argument.utf8.count - word.utf8.count }
        if before.last?.text.lowercased() == "to", before.count > 1 {
            let quote = word.first.flatMap { $0 == "'" ? "'" : nil } ?? ""
            return FileCompletion.complete(String(word.dropFirst(quote.count)), closing: quote)
        }
        if before.isEmpty, !word.hasPrefix("(") {
            let fitting = names.relations.filter { $0.hasPrefix(word) }
            return Completion(typed: word, candidates: fitting.map { Completion.Candidate(text: $0) })
        }
        if before.count == 1, before[0].kind == .word || before[0].kind == .name {
            return Completion(typed: word, candidates: "to".hasPrefix(word.lowercased()) ? [Completion.Candidate(text: "to")] : [])
        }
        return complete(argument)
    }

    private func completePreset(_ argument: String) -> Completion {
        let words = argument.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count > 1 || argument.last?.isWhitespace ?? false else {
            let fitting = ["expanded", "format", "null", "pager"].filter { $0.hasPrefix(argument) }
            return Completion(typed: argument, candidates: fitting.map { Completion.Candidate(text: $0) })
        }
        let typed = words.count > 1 ? words[1] : ""
        let values =
            switch words[0] {
            case "format": self.values(of: .mode)
            case "expanded", "x": self.values(of: .expanded)
            case "pager": self.values(of: .pager)
            default: [String]()
            }
        return Completion(typed: typed, candidates: values.filter { $0.hasPrefix(typed) }.map { Completion.Candidate(text: $0, suffix: "") })
    }

    private func values(of command: ShellCommand) -> [String] {
        switch command {
        case .describe, .tables, .views: names.relations
        case .functions: Database.functionNames
        case .indicator: CompletionNames.indicators
        case .mode: OutputFormat.ofScreens.map(\.rawValue)
        case .expanded: ShellSettings.Expansion.allCases.map(\.rawValue)
        case .timing, .pager: ["on", "off"]
        case .language: DisplayLanguage.allCases.map(\.rawValue)
        default: []
        }
    }
}
