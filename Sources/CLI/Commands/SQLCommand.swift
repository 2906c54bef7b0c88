import ArgumentParser
import Diagnostics
import Engine
import Glibc
import Indicators

struct SQLCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Run SQL (PostgreSQL 15) against the store; on a terminal and without a query, the interactive shell.",
        discussion: """
            Examples:
              fundwatch sql "select count(*), sum(fund_amount) from live_claims"
              fundwatch sql -f nightly.sql -o result.json
              echo "select 1" | fundwatch sql
              fundwatch sql
            """)

    static let ignoredOptions: Set<CommonOption> = []

    @OptionGroup var common: CommonOptions<SQLCommand>

    @Option(name: .shortAndLong, help: ArgumentHelp("Read the statements from a file.", valueName: "file"), completion: .file())
    var file: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The statements; the same as the argument.", valueName: "sql"))
    var command: String?

    @Option(help: ArgumentHelp("How long one statement may run, such as 30s or 500ms; beyond it exit code 75.", valueName: "time"))
    var timeout: String?

    @Option(
        name: .customLong("disable-rules"),
        help: ArgumentHelp("Rewrite rules of the optimizer to leave out (they change speed, never rows).", valueName: "a,b"))
    var disabledRules: String?

    @Argument(help: "The statements, separated by semicolons; from standard input if there is neither this nor -f.")
    var query: String?

    func run() throws {
        if [query, command, file].count(where: { $0 != nil }) > 1 {
            let second = file == nil ? "-c" : "-f"
            throw Diagnostic(.usage, "both a query and \(second) were given", mend: "leave one of them out")
        }
        let query = query ?? command
        let text: String
        if let query {
            text = query
        } else if let file {
            text = try TextInput.read(path: file)
        } else if isatty(0) == 1 {
            try runShell()
            return
        } else {
            text = try TextInput.read(path: "-")
        }
        var options = try engineOptions()
        options.standardInputIsTaken = query == nil && (file ?? "-") == "-"
        let showsProgress = StandardError.isTerminal && !common.quiet
        options.countsBytesRead = showsProgress
        let database = try common.database(options)
        func progressLine() -> StatementProgress? {
            showsProgress ? StatementProgress(database.activity, language: common.lang) { StandardError.write($0) } : nil
        }
        var progress = progressLine()
        defer { progress?.stop() }
        // Another program may have started this one on a terminal of its own: it would wait for a pager for ever.
        let screen = common.isScreen ? PagedScreen(usesPager: false) : nil
        let writer = try common.writer(screen: screen)
        do {
            try database.run(text) { outcome in
                if !outcome.goesToFile(writer.sink) { progress?.stop() }
                defer { progress = progressLine() }
                switch outcome.content {
                case .rows(let result): try show(result, writer, screen)
                case .done(let message): common.note(message)
                case .file(let target, let result):
                    try CopyWriter.write(
                        result, to: target, standardOutput: writer.sink, isScreen: common.isScreen,
                        workerCount: database.options.effectiveWorkerCount)
                    try writer.sink.flush()
                    screen?.close()
                    progress?.stop()
                    common.note("COPY \(result.rowCount)")
                }
                progress?.stop()
                if common.timing { StandardError.write(TimingText.line(nanoseconds: outcome.nanoseconds, language: common.lang)) }
            }
        } catch let error as any DiagnosableError {
            try writer.sink.flush()
            screen?.close()
            var diagnostic = error.diagnostic
            if diagnostic.statement != nil, diagnostic.location.file == nil {
                diagnostic.location.file = file ?? "query"
            }
            diagnostic.explainShellCommand()
            throw diagnostic
        }
        if writer.format.holdsOneResult, writer.sink.isEmpty {
            throw Diagnostic(.usage, "no statement gave rows, so that there is no \(writer.format.rawValue)", mend: "write a select")
        }
        try writer.sink.finish()
    }

    /// Writes rows; on a terminal it is said where they are wider than the screen.
    private func show(_ result: QueryResult, _ writer: ResultWriter, _ screen: PagedScreen?) throws {
        guard let screen else { return try writer.write(result) }
        defer { screen.close() }
        do {
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

    private func engineOptions() throws -> EngineOptions {
        var options = try common.engineOptions()
        // Questions may be about now; figures and reports, which must come out the same again, may not.
        options.clock = LocalClock(.system)
        options.session = SessionIdentity(user: UserFolder.userName, database: StorePlace.databaseName(of: common.path))
        if let timeout = Setting.resolve("timeout", flag: timeout).value { options.timeout = try SettingText.duration(timeout, of: "--timeout", bareUnit: "s") }
        if let disabledRules { options.disabledRules = try SettingText.ruleNames(disabledRules) }
        return options
    }

    private func runShell() throws {
        var options = try engineOptions()
        options.standardInputIsTaken = true
        options.countsBytesRead = true
        var settings = ShellSettings()
        settings.format = common.format ?? .table
        if common.output == nil { try settings.format.checkForTerminal() }
        settings.showsTime = common.timing
        settings.language = common.lang
        settings.emphasizesHeader = common.color.isOn(forTerminal: isatty(1) == 1)
        let shell = InteractiveShell(
            database: try common.database(options), options: options, settings: settings, isQuiet: common.quiet)
        if let output = common.output { try shell.openOutput(output) }
        try shell.run()
    }
}

/// `Time: 12.345 ms`.
enum TimingText {
    static func line(nanoseconds: Int64, language: DisplayLanguage) -> String {
        let microseconds = (nanoseconds + 500) / 1000
        let fraction = String(microseconds % 1000)
        let milliseconds = "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
        return BilingualText("Time: \(milliseconds) ms", "用时：\(milliseconds) 毫秒")[language] + "\n"
    }
}

/// Statements from a file or standard input.
enum TextInput {
    static let maximumSize = 16 << 20

    static func read(path: String) throws -> String {
        let descriptor: Int32
        if path == "-" {
            descriptor = 0
        } else {
            descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let kind: FailureKind = errno == EACCES ? .permission : .noInput
                throw Diagnostic(
                    kind, "cannot read the file: " + (unsafe String(cString: strerror(errno))),
                    at: SourceLocation(file: path), mend: "check the path")
            }
        }
        defer { if descriptor > 0 { close(descriptor) } }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Diagnostic(
                    .inputOutput, "cannot read the file: " + (unsafe String(cString: strerror(errno))), at: SourceLocation(file: path))
            }
            if count == 0 { break }
            bytes.append(contentsOf: piece[..<count])
            guard bytes.count <= maximumSize else {
                throw Diagnostic(.busy, "more than \(maximumSize >> 20) MiB of SQL", at: SourceLocation(file: path))
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic(.badData, "the text is not UTF-8", at: SourceLocation(file: path), mend: "save it as UTF-8")
        }
        // Editors on Windows begin a file with a byte-order mark.
        return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
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
