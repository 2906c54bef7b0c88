import Columns
import Diagnostics
import Engine
import Storage

/// Commands that are here because hands know them from psql, DuckDB and SQLite.
extension InteractiveShell {
    /// `\copy (select …) to 'x.csv'`: the statement of that name, on this machine as all of them are.
    func copy(_ argument: String) throws {
        guard !argument.isEmpty else { throw Diagnostic(.usage, "\\copy expects … to FILE") }
        let statement = "copy " + argument
        do {
            try run(statement: statement)
        } catch let error as any DiagnosableError {
            var diagnostic = error.diagnostic
            if diagnostic.statement != nil { diagnostic.location.file = source.file }
            throw diagnostic
        }
    }

    /// `\pset NAME VALUE` as the command that has the setting here.
    func preset(_ argument: String) throws {
        let words = argument.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
        var value = words.count > 1 ? words[1] : ""
        if value.count > 1, value.hasPrefix("'"), value.hasSuffix("'") { value = String(value.dropFirst().dropLast()) }
        switch words.first {
        case nil: try carryOut(".show")
        case "null": try carryOut(".nullvalue " + value)
        case "format": try carryOut(".mode " + value)
        case "pager": try carryOut(".pager " + value)
        case "expanded", "x": try carryOut("\\x " + value)
        case .some(let name):
            throw Diagnostic(.usage, "\\pset \"\(name)\" is not known", mend: "choose one of null, format, pager, expanded")
        }
    }

    /// `\s [N]`: the newest entries of the history, oldest first.
    func showHistory(_ argument: String) throws {
        let count = argument.isEmpty ? LineEditor.historyCount : Int(argument) ?? 0
        guard count > 0 else { throw Diagnostic(.usage, "\\s \"\(argument)\" is not a number of entries") }
        try page((history?.load(limit: count) ?? []).map { TerminalLines.sanitized($0) + "\n" }.joined())
    }

    /// `\conninfo`: what answers are about, so that two people can tell whether they asked the same data.
    func showPlace() throws {
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
