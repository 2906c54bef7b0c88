import Engine
import Indicators

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
        default:
            let fitting = values(of: command).filter { $0.hasPrefix(argument) }
            return Completion(typed: argument, candidates: fitting.map { Completion.Candidate(text: $0, suffix: "") })
        }
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
