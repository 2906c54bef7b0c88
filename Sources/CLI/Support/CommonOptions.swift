import ArgumentParser
import Claims
import Columns
import Diagnostics
import Engine
import Glibc
import Indicators
import Storage

/// The options every command takes: which store, with what means, where results go and in which form.
struct CommonOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The store's folder (else $FUNDWATCH_STORE, else ./fundwatch-store).", valueName: "dir"))
    var store: String?

    @Option(name: .long, help: ArgumentHelp("Worker threads (default: one a core).", valueName: "n"))
    var threads: Int?

    @Option(name: .long, help: ArgumentHelp("Most memory a query may hold, such as 512M or 4G.", valueName: "size"))
    var memory: String?

    @Flag(name: .long, help: "Say nothing on standard error but errors.")
    var quiet = false

    @Option(name: .long, help: "table, csv, tsv, json, jsonl, markdown, vertical or xlsx (default: table on a terminal, csv in a pipe).")
    var format: OutputFormat?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("Write to a file; its ending chooses the format.", valueName: "file"))
    var output: String?

    @Flag(name: .long, help: "Print the time of each statement on standard error.")
    var timing = false

    @Option(name: .long, help: "Language of titles and reports: en or zh.")
    var lang = DisplayLanguage.english

    @Option(name: .long, help: "Colour in tables: auto, always or never (NO_COLOR is honoured).")
    var color = ColorChoice.auto

    var path: String {
        if let store { return store }
        if let pointer = unsafe getenv("FUNDWATCH_STORE") {
            let value = unsafe String(cString: pointer)
            if !value.isEmpty { return value }
        }
        return "./fundwatch-store"
    }

    func engineOptions() throws -> EngineOptions {
        var options = EngineOptions()
        if let threads {
            guard (1...1024).contains(threads) else {
                throw Diagnostic(.usage, "--threads \(threads) is not between 1 and 1024")
            }
            options.workerCount = threads
        }
        if let memory { options.memoryLimit = try SettingText.size(memory, of: "--memory") }
        options.knownTables = Dictionary(uniqueKeysWithValues: CanonicalTable.all.map { ($0.name, $0.schema) })
        options.knownViews = Dictionary(uniqueKeysWithValues: ClaimViews.all.map { ($0.name, $0.query) })
        options.toolVersion = Fundwatch.toolVersion
        options.isCancelled = { Interruption.isRequested }
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
        for damage in try database.snapshot()?.damage ?? [] {
            StandardError.write("fundwatch: " + DiagnosticRenderer.oneLine(damage.diagnostic) + "\n")
        }
        return database
    }

    func writer() throws -> ResultWriter {
        let sink = try OutputSink(path: output)
        if resolvedFormat == .xlsx {
            if output == nil, isatty(1) == 1 {
                throw Diagnostic(.usage, "a workbook cannot be shown on a terminal", mend: "name a file with -o, such as -o result.xlsx")
            }
            // A workbook without results is a workbook, too.
            _ = sink.openedWorkbook()
        }
        sink.showsControls = output == nil && resolvedFormat.isForPrograms && isatty(1) == 1
        return ResultWriter(
            format: resolvedFormat, sink: sink, tableRowLimit: showsTable ? 1000 : nil,
            emphasizesHeader: color.isOn(forTerminal: output == nil && isatty(1) == 1))
    }

    var resolvedFormat: OutputFormat {
        if let format { return format }
        if let output, let named = OutputFormat(fileName: output) { return named }
        return output == nil && isatty(1) == 1 ? .table : .csv
    }

    private var showsTable: Bool { resolvedFormat == .table && output == nil }

    /// A note on standard error, unless --quiet.
    func note(_ text: String) {
        if !quiet { StandardError.write(text + "\n") }
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
