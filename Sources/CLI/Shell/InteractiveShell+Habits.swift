import Columns
import Diagnostics
import Engine
import Storage

/// Commands that are here because hands know them from psql, DuckDB and SQLite.
extension InteractiveShell {
    /// `\copy (select …) to 'x.csv'`: the statement of that name, on this machine as all of them are.
    func copy(_ call: ShellCall) throws {
        guard !call.argument.isEmpty else { throw missingArgument(.copy) }
        do {
            try run(statement: CopyCommand.statement(for: call.line))
        } catch let error as any DiagnosableError {
            var diagnostic = error.diagnostic
            if diagnostic.statement != nil, let file = source.file {
                diagnostic.location.file = file
                diagnostic.location.line = source.line
            }
            throw diagnostic
        }
    }

    /// `\pset NAME VALUE` as the command that has the setting here.
    func preset(_ argument: String) throws {
        let words = ShellWords.split(argument)
        let value = words.count > 1 ? words[1] : nil
        switch words.first {
        case nil: try carryOut(".show")
        // Without a value it is shown: to show nothing for NULL takes an empty text, ''.
        case "null":
            if let value { settings.nullText = value }
            noteNullText()
        case "format": try carryOut(".mode " + (value ?? ""))
        case "pager": try carryOut(".pager " + (value ?? ""))
        case "expanded", "x": try carryOut("\\x " + (value ?? ""))
        case .some(let name): throw arguments.unknownPreset(name)
        }
    }

    /// `\s [N]`: the newest entries of the history, oldest first.
    func showHistory(_ argument: String) throws {
        let count = argument.isEmpty ? LineEditor.historyCount : Int(argument) ?? 0
        guard count > 0 else {
            throw Diagnostic(
                .usage, wording.say("\\s \"\(argument)\" is not a number of entries", "\\s \"\(argument)\" 不是条数"))
        }
        try page((history?.newest(count) ?? []).map { TerminalLines.sanitized($0) + "\n" }.joined())
    }

    /// `\conninfo`: what answers are about, so that two people can tell whether they asked the same data.
    func showPlace() throws {
        database.refreshIfChanged()
        let path = TerminalText.sanitized(database.path)
        guard let snapshot = try database.snapshot() else {
            note(wording.say("no store at \(path) yet", "\(path) 处还没有数据仓"))
            return
        }
        note(wording.say("store: \(path), commit \(snapshot.commitNumber), ", "数据仓：\(path)，提交 \(snapshot.commitNumber)，") + snapshot.headHash)
    }
}

extension OutputFormat {
    /// The format that another shell calls by another name; nil for all other names.
    init?(otherwise name: String) {
        switch name.lowercased() {
        case "line", "lines": self = .vertical
        case "box", "duckbox", "column", "columns", "aligned": self = .table
        case "tabs": self = .tsv
        case "ndjson", "jsonlines": self = .jsonl
        case "md": self = .markdown
        default: return nil
        }
    }
}
