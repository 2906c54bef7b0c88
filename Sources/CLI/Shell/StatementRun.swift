import Diagnostics
import Engine
import Glibc
import Indicators

/// `fundwatch sql` with statements: from its argument, a file or standard input. The shell's commands among them change how
/// what follows is shown; the first error ends all.
final class StatementRun {
    private let common: CommonOptions<SQLCommand>
    private let database: Database
    private let screen: PagedScreen?
    /// Where results go that `\o` does not send elsewhere.
    private let standard: ResultWriter
    private var output: (path: String, writer: ResultWriter, isForOneResult: Bool)?
    /// What `.mode` said of results on standard output.
    private var format: OutputFormat?
    private var expansion = ShellSettings.Expansion.off
    private var showsTime: Bool
    private var nullText = ""
    private var rowLimit: Int??
    private var progress: StatementProgress?
    private var depth = 0
    /// After `\q` of the file in hand.
    private var isOver = false

    init(_ common: CommonOptions<SQLCommand>, database: Database, usesPager: Bool) throws {
        self.common = common
        self.database = database
        screen = common.isScreen ? PagedScreen(usesPager: usesPager, leavesInterruptToPager: true) : nil
        standard = try common.writer(screen: screen)
        showsTime = common.timing
    }

    /// Runs a text to its end.
    ///
    /// - Parameter file: What errors call it; nil for the command line and standard input.
    func run(_ text: String, file: String?) throws {
        defer { progress?.stop() }
        do {
            try runSteps(text, file: file)
            try closeOutput()
        } catch {
            try standard.sink.flush()
            screen?.close()
            throw error
        }
        if standard.format.holdsOneResult, standard.sink.isEmpty {
            throw Diagnostic(.usage, "no statement gave rows, so that there is no \(standard.format.rawValue)", mend: "write a select")
        }
        try standard.sink.finish()
    }

    private func runSteps(_ text: String, file: String?) throws {
        for step in ScriptSteps.of(text) where !isOver {
            if Interruption.isRequested { throw Diagnostic(.interrupted, "interrupted") }
            switch step {
            case .statements(let statements): try runStatements(statements, file: file)
            case .command(.copy, let call, let line):
                guard !call.argument.isEmpty else { throw placed(arguments.missing(.copy), file, line) }
                let above = String(repeating: "\n", count: line - 1)
                try runStatements(above + CopyCommand.statement(for: call.line), file: file)
            case .command(let command, let call, let line):
                do {
                    try carryOut(command, call, file: file)
                } catch {
                    throw placed(error, file, line)
                }
            }
        }
    }

    /// With the place of the command, unless the error names one of its own.
    private func placed(_ error: any Error, _ file: String?, _ line: Int) -> any Error {
        guard var diagnostic = (error as? any DiagnosableError)?.diagnostic, diagnostic.location == SourceLocation() else { return error }
        diagnostic.location = SourceLocation(file: file ?? "query", line: line)
        return diagnostic
    }

    private func runStatements(_ text: String, file: String?) throws {
        startProgress()
        defer { progress?.stop() }
        do {
            try database.run(text) { outcome in
                if !outcome.goesToFile(output?.writer.sink ?? standard.sink) { progress?.stop() }
                defer { startProgress() }
                switch outcome.content {
                case .rows(let result): try show(result)
                case .done(let message): common.note(message)
                case .file(let target, let result): try write(result, to: target)
                }
                progress?.stop()
                if showsTime { StandardError.write(TimingText.line(nanoseconds: outcome.nanoseconds, language: common.lang)) }
            }
        } catch let error as any DiagnosableError {
            var diagnostic = error.diagnostic
            if diagnostic.statement != nil, diagnostic.location.file == nil { diagnostic.location.file = file ?? "query" }
            diagnostic.explainShellCommand()
            throw diagnostic
        }
    }

    private func startProgress() {
        guard StandardError.isTerminal, !common.quiet else { return }
        progress = StatementProgress(database.activity, language: common.lang) { StandardError.write($0) }
    }

    private func write(_ result: QueryResult, to target: CopyTarget) throws {
        let sink = output?.writer.sink ?? standard.sink
        try CopyWriter.write(
            result, to: target, standardOutput: sink, isScreen: output == nil && common.isScreen,
            workerCount: database.options.effectiveWorkerCount)
        try sink.flush()
        screen?.close()
        progress?.stop()
        common.note("COPY \(result.rowCount)")
        if target.path == nil, output?.isForOneResult ?? false { try closeOutput() }
    }

    /// Writes rows; on a terminal it is said where they are wider than the screen.
    private func show(_ result: QueryResult) throws {
        if let output {
            try output.writer.write(result)
            try output.writer.sink.flush()
            if output.isForOneResult { try closeOutput() }
            return
        }
        let writer = try writer(for: result)
        guard let screen else { return try writer.write(result) }
        defer { screen.close() }
        do {
            writer.sink.showsControls = writer.format.isForPrograms
            try writer.write(result.readAtLeisure())
            if writer.format == .table, result.rowCount > 0,
                try TextTable(result: result, rowLimit: 100).width > ShellScreen.size.columnCount
            {
                let hint = BilingualText(
                    "wider than the screen: --format vertical shows it one line a column", "比屏幕宽：--format vertical 可每列一行显示")
                try writer.sink.write(hint[common.lang] + "\n")
            }
            try writer.sink.flush()
        } catch is PagedScreen.PagerLeft {
            // Whoever leaves the pager has seen enough.
        }
    }

    private func writer(for result: QueryResult) throws -> ResultWriter {
        var writer = standard
        writer.tableNullText = nullText
        if let rowLimit { writer.tableRowLimit = rowLimit }
        guard common.output == nil else { return writer }
        if let format { writer.format = format }
        // `\x` means people: it holds where nobody asked for a form by name.
        let isFree = writer.format == .table || (common.format == nil && format == nil)
        switch expansion {
        case .on where isFree: writer.format = .vertical
        case .auto where writer.format == .table && screen != nil:
            let table = try TextTable(result: result, rowLimit: writer.tableRowLimit, nullText: nullText)
            if table.width > ShellScreen.size.columnCount { writer.format = .vertical }
        default: break
        }
        return writer
    }

    private var arguments: ShellArgument { ShellArgument(language: common.lang) }

    private func carryOut(_ command: ShellCommand, _ call: ShellCall, file: String?) throws {
        let argument = call.argument
        switch command {
        case .timing: showsTime = try arguments.flag(argument, now: showsTime, "\\timing")
        case .expanded: expansion = try arguments.expansion(argument, now: expansion)
        case .mode: if !argument.isEmpty { format = try arguments.format(argument) }
        case .nullText: nullText = ShellWords.unquoted(argument)
        case .rowLimit: if !argument.isEmpty { rowLimit = .some(try arguments.rowLimit(argument)) }
        case .pager: screen?.usesPager = try arguments.flag(argument, now: screen?.usesPager ?? false, ".pager")
        case .preset: try preset(argument)
        case .output: try openOutput(call.fileName, isForOneResult: false)
        case .once:
            guard let path = call.fileName else { throw arguments.missing(.once) }
            try openOutput(path, isForOneResult: true)
        case .read:
            guard let path = call.fileName else { throw arguments.missing(.read) }
            try read(call.name == "\\ir" ? ShellWords.beside(file, path) : path)
        case .say:
            let sink = call.name == "\\qecho" ? output?.writer.sink ?? standard.sink : standard.sink
            try sink.write(argument + "\n")
            try sink.flush()
            screen?.close()
        case .quit: isOver = true
        default: throw arguments.missing(command)
        }
    }

    private func preset(_ argument: String) throws {
        let words = ShellWords.split(argument)
        guard let name = words.first, words.count > 1 else {
            // Without a value psql shows the setting: nobody looks here.
            if let name = words.first, !["null", "format", "pager", "expanded", "x"].contains(name) { throw arguments.unknownPreset(name) }
            return
        }
        switch name {
        case "null": nullText = words[1]
        case "format": format = try arguments.format(words[1])
        case "pager": screen?.usesPager = try arguments.flag(words[1], now: false, ".pager")
        case "expanded", "x": expansion = try arguments.expansion(words[1], now: expansion)
        default: throw arguments.unknownPreset(name)
        }
    }

    private func openOutput(_ path: String?, isForOneResult: Bool) throws {
        guard let path else { return try closeOutput() }
        let chosen = try OutputFormat.of(fileName: path, else: format ?? standard.format)
        try chosen.checkPacking(of: path)
        var writer = ResultWriter(format: chosen, sink: try OutputSink(path: path, packing: FilePacking(fileName: path)))
        writer.tableNullText = nullText
        writer.language = common.lang
        writer.workerCount = database.options.effectiveWorkerCount
        try closeOutput()
        output = (path, writer, isForOneResult)
    }

    private func closeOutput() throws {
        guard let open = output else { return }
        output = nil
        try open.writer.sink.finish()
        common.note("written: \(open.path)", "已写入：\(open.path)")
    }

    private func read(_ path: String) throws {
        guard depth < ShellArgument.deepestFile else { throw arguments.tooDeep(path) }
        depth += 1
        defer {
            depth -= 1
            isOver = false
        }
        try runSteps(try TextInput.read(path: path), file: path)
    }
}

extension Diagnostic {
    /// Files written for psql or for the shell hold its commands, which are no SQL.
    fileprivate mutating func explainShellCommand() {
        guard let statement, let offset = location.byteOffset, offset >= 0, mend == nil else { return }
        let word = String(decoding: statement.utf8.dropFirst(offset), as: UTF8.self).prefix { !$0.isWhitespace }
        guard let command = ShellCommand(name: String(word)), word.hasPrefix("\\") else { return }
        mend = "commands such as \(command.names[0]) are the shell's; run the file there with \\i"
    }
}
