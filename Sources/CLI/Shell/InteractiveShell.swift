import Diagnostics
import Engine
import Glibc
import SQL

/// `fundwatch sql` on a terminal: reads statements and commands line by line and shows what they give.
final class InteractiveShell {
    /// Statements that are read: from the terminal, or from a file of `\i`.
    struct Source {
        /// nil for the terminal.
        var file: String?
        /// 1-based line of the first line of `pending`.
        var firstLine = 1
        /// 1-based line that is read, for what commands say.
        var line = 1
    }

    var settings: ShellSettings
    var database: Database
    var options: EngineOptions
    let isQuiet: Bool
    let names: CompletionNames
    typealias Output = (path: String, sink: OutputSink, format: OutputFormat)
    /// Where `\o` sends results, nil for the screen.
    var output: Output?
    /// Whether `output` takes one result only.
    var endsOutputWithResult = false
    /// What was typed and is not yet run.
    var pending = ""
    /// The statement that ran last, for `\e`, `\g` and `\p`.
    var lastStatement = ""
    var source = Source()
    /// How many files of `\i` are being read within each other.
    var depth = 0
    var isOver = false
    let history: HistoryFile?

    var wording: ShellWording { ShellWording(language: settings.language) }

    init(database: Database, options: EngineOptions, settings: ShellSettings, isQuiet: Bool) {
        self.database = database
        self.options = options
        self.settings = settings
        self.isQuiet = isQuiet
        names = CompletionNames(database)
        history = HistoryFile.standard
    }

    /// Runs until `\q`, Ctrl-D or a signal.
    func run() throws {
        Interruption.cancelStatementsOnly()
        let editor = try LineEditor { [unowned self] in Completer(names: names, earlier: pending).complete($0) }
        history?.trim(to: LineEditor.historyCount)
        for entry in history?.newest(LineEditor.historyCount) ?? [] { editor.remember(entry) }
        if !isQuiet {
            ShellScreen.write(wording.banner(path: TerminalText.sanitized(database.path), relations: storedRelations()))
        }
        var keepsHistory = true
        var typed = ""
        while !isOver {
            switch editor.read(prompt: prompt) {
            case .end:
                ShellScreen.write("\n")
                isOver = true
            case .cancelled:
                if let number = Interruption.terminationNumber { Glibc.exit(128 + number) }
                pending = ""
                typed = ""
            case .line(let line):
                typed += (typed.isEmpty ? "" : "\n") + line
                take(line)
                guard pending.isEmpty, !typed.allSatisfy(\.isWhitespace) else { continue }
                // As in shells, what begins with a blank is not kept.
                if !typed.hasPrefix(" ") {
                    editor.remember(typed)
                    do {
                        if keepsHistory { try history?.append(typed) }
                    } catch {
                        keepsHistory = false
                        complain(error)
                    }
                }
                typed = ""
            }
            if let number = Interruption.terminationNumber { Glibc.exit(128 + number) }
        }
        try closeOutput()
    }

    /// `fundwatch> `, or below an open statement a prompt that says what is still to be closed.
    private var prompt: String {
        if pending.isEmpty { return "fundwatch> " }
        switch StatementSplitter.completeness(of: pending) {
        case .inString: return "      ..'> "
        case .inQuotedName: return "      ..\"> "
        case .inComment: return "      ..*> "
        default: return "      ...> "
        }
    }

    private func storedRelations() -> [RelationSummary]? {
        do {
            guard try database.snapshot() != nil else { return nil }
            return try database.relations()
        } catch {
            complain(error)
            return nil
        }
    }

    /// Says on standard error what went wrong; the shell goes on.
    func complain(_ error: any Error) {
        guard let diagnostic = (error as? any DiagnosableError)?.diagnostic else {
            StandardError.write("\(error)\n")
            return
        }
        if diagnostic.kind == .interrupted {
            StandardError.write(wording.say("cancelled", "已取消") + "\n")
        } else {
            let said = MessageLanguage.said(diagnostic, in: settings.language)
            StandardError.write(wording.say("error: ", "错误：") + DiagnosticRenderer.withCaret(said) + "\n")
        }
    }
}
