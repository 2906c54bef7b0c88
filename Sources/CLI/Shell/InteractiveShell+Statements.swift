import Diagnostics
import Engine
import Glibc

/// Statements and what they give.
extension InteractiveShell {
    /// - Throws: what the statement throws; `interrupted` after Ctrl-C.
    func run(statement: String, expanded: Bool = false) throws {
        Interruption.forgetCancellation()
        database.refreshIfChanged()
        let progress = StatementProgress(database.activity, language: settings.language) { ShellScreen.write($0) }
        defer { progress.stop() }
        try database.run(statement) { outcome in
            if !outcome.goesToFile(output?.sink) { progress.stop() }
            switch outcome.content {
            case .rows(let result): try show(result, outcome, expanded: expanded)
            case .done(let message): note(message)
            case .file(let target, let result):
                try writeCopy(result, to: target)
                progress.stop()
                note("COPY \(result.rowCount)")
            }
            if settings.showsTime { note(TimingText.line(nanoseconds: outcome.nanoseconds, language: settings.language).trimmedBlanks) }
        }
        names.forget()
    }

    /// Rows, and below a table or records what they took.
    func show(_ result: QueryResult, _ outcome: StatementOutcome? = nil, expanded: Bool = false) throws {
        if let output {
            try writer(for: output.format, sink: output.sink).write(result)
            try output.sink.flush()
            if endsOutputWithResult { try closeOutput() }
            return
        }
        let screen = PagedScreen(usesPager: settings.usesPager)
        let sink = OutputSink { try screen.take($0) }
        let format = try screenFormat(for: result, expanded: expanded)
        sink.showsControls = format.isForPrograms
        var writer = writer(for: format, sink: sink)
        writer.tableRowLimit = settings.rowLimit
        writer.emphasizesHeader = settings.emphasizesHeader
        let shown = format == .table ? min(result.rowCount, settings.rowLimit ?? .max) : result.rowCount
        let footer = wording.footer(
            shown: shown, of: result.rowCount, nanoseconds: outcome?.nanoseconds, bytesRead: outcome?.bytesRead ?? 0)
        do {
            try writer.write(result.readAtLeisure())
            if format == .table || format == .vertical { try sink.write(footer + "\n") }
            if format == .table, outcome != nil, try isWiderThanScreen(result) { try sink.write(wording.tooWide + "\n") }
            try sink.flush()
        } catch is PagedScreen.PagerLeft {
            // Whoever leaves the pager has seen enough.
        } catch {
            screen.close()
            throw error
        }
        screen.close()
    }

    /// By the rows that a screen holds: a look, not a measurement.
    private func isWiderThanScreen(_ result: QueryResult) throws -> Bool {
        let limit = min(settings.rowLimit ?? .max, 100)
        let table = try TextTable(result: result, rowLimit: limit, nullText: settings.nullText)
        return result.rowCount > 0 && table.width > ShellScreen.size.columnCount
    }

    private func writer(for format: OutputFormat, sink: OutputSink) -> ResultWriter {
        var writer = ResultWriter(format: format, sink: sink)
        writer.tableNullText = settings.nullText
        writer.tableCountsRows = false
        writer.tableCutsCells = output == nil
        return writer
    }

    private func screenFormat(for result: QueryResult, expanded: Bool) throws -> OutputFormat {
        if expanded { return .vertical }
        guard settings.format == .table else { return settings.format }
        switch settings.expansion {
        case .on: return .vertical
        case .off: return .table
        case .auto:
            let table = try TextTable(result: result, rowLimit: settings.rowLimit, nullText: settings.nullText)
            return table.width > ShellScreen.size.columnCount ? .vertical : .table
        }
    }

    /// Rows to standard output go where results go, in the form that the statement names.
    private func writeCopy(_ result: QueryResult, to target: CopyTarget) throws {
        let sink = try output?.sink ?? OutputSink(path: nil)
        let isScreen = output == nil && isatty(1) == 1
        if isScreen { sink.showsControls = true }
        try CopyWriter.write(
            result, to: target, standardOutput: sink, isScreen: isScreen, workerCount: database.options.effectiveWorkerCount)
        try sink.flush()
        if target.path == nil, endsOutputWithResult { try closeOutput() }
    }

    /// A word on the screen that is no result.
    func note(_ text: String) {
        if !isQuiet { ShellScreen.write(TerminalText.sanitized(text) + "\n") }
    }
}
