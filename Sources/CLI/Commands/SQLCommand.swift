import ArgumentParser
import Columns
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

            A file, standard input and -c may hold the shell's commands \\timing, \\x, \\pset, .mode, .nullvalue, .maxrows, \\o,
            .once, \\copy, \\i, \\ir, \\echo and \\q.
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

    @Flag(help: "Show long results on a terminal without $PAGER.")
    var noPager = false

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
        options.countsBytesRead = StandardError.isTerminal && !common.quiet
        try StatementRun(common, database: common.database(options), usesPager: !noPager).run(text, file: file)
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
        settings.usesPager = !noPager
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
