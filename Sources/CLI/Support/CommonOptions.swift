import ArgumentParser
import Claims
import Columns
import Diagnostics
import Engine
import Glibc
import Indicators
import Storage

/// The options every command takes: which store, with what means, where results go and in which form.
///
/// Every command takes all of them, so that scripts and habits need not tell verbs apart; its help shows those that do something there.
struct CommonOptions<Command: CommonOptionsCommand>: ParsableArguments {
    @Option(
        name: .long, help: CommonOptions.help(.store, "The store's folder (else $FUNDWATCH_STORE, else ./fundwatch-store).", "dir"),
        completion: .directory)
    var store: String?

    @Option(name: .long, help: CommonOptions.help(.threads, "Worker threads (default: one a core).", "n"))
    var threads: Int?

    @Option(name: .long, help: CommonOptions.help(.memory, "Most memory a query may hold, such as 512M or 4G.", "size"))
    var memory: String?

    @Option(
        name: .customLong("temp-dir"),
        help: CommonOptions.help(
            .temporaryDirectory, "Folder for rows that --memory has no room for (else $TMPDIR, else the store's).", "dir"),
        completion: .directory)
    var temporaryDirectory: String?

    @Flag(name: .long, help: CommonOptions.help(.quiet, "Say nothing on standard error but errors."))
    var quiet = false

    @Option(
        name: .long,
        help: CommonOptions.help(
            .format,
            "table, csv, tsv, json, jsonl, markdown, vertical, html, xlsx, parquet, arrow or feather (default: table on a terminal, csv in a pipe)."))
    var format: OutputFormat?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: CommonOptions.help(.output, "Write to a file; its ending chooses the format, .gz or .zst behind it packs it.", "file"),
        completion: .file())
    var namedOutput: String?

    @Flag(
        name: .long,
        help: CommonOptions.help(
            .excel, "CSV for spreadsheets: a byte-order mark, no text that reads as a formula, ids with all their digits (=\"00123\")."))
    var excel = false

    @Flag(name: .long, help: CommonOptions.help(.timing, "Print the time of each statement on standard error."))
    var timing = false

    @Option(
        name: .customLong("lang"), help: CommonOptions.help(.lang, "Language of titles, reports and the shell: en (default) or zh.", "lang"))
    var chosenLanguage: DisplayLanguage?

    @Option(
        name: .customLong("color"),
        help: CommonOptions.help(.color, "Colour in tables: auto (default), always or never (NO_COLOR is honoured).", "color"))
    var chosenColor: ColorChoice?

    private static func help(_ option: CommonOption, _ text: String, _ valueName: String? = nil) -> ArgumentHelp {
        ArgumentHelp(text, valueName: valueName, visibility: Command.ignoredOptions.contains(option) ? .hidden : .default)
    }

    /// The file to write to; nil for standard output, whatever name it was given.
    var output: String? { OutputPlace.isStandardOutput(namedOutput) ? nil : namedOutput }

    var path: String { setting("store").value ?? StorePlace.standard }

    var lang: DisplayLanguage { setting("lang").value.flatMap { DisplayLanguage(rawValue: $0) } ?? .english }

    var color: ColorChoice { setting("color").value.flatMap { ColorChoice(rawValue: $0) } ?? .auto }

    /// A setting that a flag, a variable or the configuration file may give.
    func setting(_ name: String) -> Setting {
        let flag: String? =
            switch name {
            case "store": store
            case "threads": threads.map { "\($0)" }
            case "memory": memory
            case "lang": chosenLanguage?.rawValue
            case "color": chosenColor?.rawValue
            default: nil
            }
        return Setting.resolve(name, flag: flag)
    }

    func engineOptions() throws -> EngineOptions {
        var options = EngineOptions()
        if let text = setting("threads").value { options.workerCount = try SettingText.workerCount(text, of: "--threads") }
        if let text = setting("memory").value { options.memoryLimit = try SettingText.size(text, of: "--memory") }
        options.temporaryDirectory = temporaryDirectory
        options.knowClaims()
        options.isCancelled = { Interruption.isRequested }
        let language = lang
        options.onNotice = { StandardError.write(MessageLanguage.line($0, in: language)) }
        return options
    }

    /// The store for figures that people act on: damage on the way to its newest commit is a failure, not a warning.
    func soundDatabase() throws -> Database {
        let database = Database(path: path, options: try engineOptions())
        if let damage = try database.requiredSnapshot().damage.first {
            throw damage.diagnostic
        }
        return database
    }

    /// The store, with a word on standard error about any damage that was met on the way to its newest sound commit.
    func database(_ options: EngineOptions? = nil) throws -> Database {
        let database = Database(path: path, options: try options ?? engineOptions())
        warn(of: try database.snapshot()?.damage ?? [])
        return database
    }

    /// The store's files and its newest sound commit, with the same word; for commands that need no query.
    func openedStore() throws -> (store: Store, snapshot: StoreSnapshot) {
        let store = try Store.open(path)
        let snapshot = try store.snapshot()
        warn(of: snapshot.damage)
        return (store, snapshot)
    }

    private func warn(of damage: [StorageError]) {
        for problem in damage { StandardError.write(MessageLanguage.line(problem.diagnostic, in: lang)) }
    }

    /// Where results go, packed if the file's ending says so.
    func sink() throws -> OutputSink { try OutputSink(path: output, packing: output.flatMap { FilePacking(fileName: $0) }) }

    /// Whether results go to a terminal.
    var isScreen: Bool { output == nil && isatty(1) == 1 }

    /// - Parameter screen: Takes what a terminal gets; nil for standard output itself.
    func writer(screen: PagedScreen? = nil) throws -> ResultWriter {
        let resolvedFormat = try resolvedFormat()
        let isScreen = isScreen
        let sink = try screen.map { screen in OutputSink { try screen.take($0) } } ?? sink()
        if isScreen { try resolvedFormat.checkForTerminal() }
        // A workbook without results is a workbook, too.
        if resolvedFormat == .xlsx { _ = sink.openedWorkbook() }
        sink.showsControls = output == nil && resolvedFormat.isForPrograms && isatty(1) == 1
        var writer = ResultWriter(
            format: resolvedFormat, sink: sink, tableRowLimit: isScreen ? 1000 : nil,
            emphasizesHeader: color.isOn(forTerminal: isScreen))
        writer.tableCutsCells = isScreen
        writer.language = lang
        if excel { writer.delimited = .excel }
        writer.workerCount = try engineOptions().workerCount
        return writer
    }

    /// The form that was asked for, else that of the file's ending, else what suits the place.
    ///
    /// - Throws: a usage error for an ending that stands for no format, and for `--excel` with another form than CSV.
    func resolvedFormat() throws -> OutputFormat {
        let chosen: OutputFormat
        if let format {
            chosen = format
        } else if let output {
            chosen = try OutputFormat.of(fileName: output, else: .csv)
        } else {
            chosen = isatty(1) == 1 && !excel ? .table : .csv
        }
        if let output { try chosen.checkPacking(of: output) }
        if excel, chosen != .csv {
            throw Diagnostic(.usage, "--excel goes with CSV, not with \(chosen.rawValue)", mend: "leave one of them out; -o x.xlsx needs no --excel")
        }
        return chosen
    }

    /// A note on standard error in the language that was asked for, unless --quiet.
    func note(_ english: String, _ chinese: String) { note(BilingualText(english, chinese)[lang]) }

    /// A note on standard error, unless --quiet.
    func note(_ text: String) {
        if !quiet { StandardError.write(text + "\n") }
    }

    /// The newest commit, as a note: whoever keeps the hash can tell later whether anything was changed.
    func noteHead(_ snapshot: StoreSnapshot) {
        note(
            "  head         \(snapshot.headHash) (commit \(snapshot.commitNumber))",
            "  最新提交     \(snapshot.headHash)（提交 \(snapshot.commitNumber)）")
    }

    /// A note if no claim of the store is of an institution: its id may be mistyped, and nothing found says nothing then.
    func noteIfUnknown(_ institution: String, in database: Database) throws {
        let one = try database.query("select 1 from claims where institution_id = \(ParameterValue.quoted(institution)) limit 1")
        if one.rowCount > 0 { return }
        let name = TerminalText.sanitized(institution)
        note("no claim in the store is of an institution \"\(name)\"", "数据仓中没有机构 \"\(name)\" 的结算")
    }
}

/// `--color`.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never

    /// Whether NO_COLOR is set to anything but an empty text (no-color.org).
    private static var isDeclined: Bool {
        guard let value = unsafe getenv("NO_COLOR") else { return false }
        return unsafe value.pointee != 0
    }

    func isOn(forTerminal isTerminal: Bool) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto: isTerminal && !ColorChoice.isDeclined
        }
    }
}

extension DisplayLanguage: ExpressibleByArgument {}

/// Sizes for people.
enum ByteSize {
    /// `12.3 MB` with binary prefixes.
    static func text(_ size: Int) -> String {
        if size < 1024 { return "\(size) B" }
        var value = Double(size)
        var unit = "B"
        for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
            value /= 1024
            unit = next
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}

/// Counts with their word, which is another one for one.
enum CountedWord {
    /// `1 segment`, `2,000 segments`.
    static func text(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(CountText.text(count)) \(count == 1 ? one : many ?? one + "s")"
    }
}

/// Counts with thousands separators.
enum CountText {
    static func text(_ count: Int) -> String {
        let digits = Array(String(count.magnitude))
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return (count < 0 ? "-" : "") + result
    }
}
