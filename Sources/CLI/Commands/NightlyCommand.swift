import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators
import Nightly
import Reporting
import Storage

struct NightlyCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightly",
        abstract: "Load the new files of an inbox, report over a rolling window, and say what has changed since the report before.",
        discussion: """
            Examples:
              fundwatch nightly --inbox /srv/inbox --out /srv/reports
              fundwatch nightly --inbox /srv/inbox --out /srv/reports --window 6m --keep 90 --lang zh

            Safe to repeat and to interrupt; docs/operations.md has a timer for it.

            Complete files go into the table that their headers belong to, then to processed/ in the inbox, or to failed/ beside
            the reason. Each report is a folder of --out; the link latest leads to the newest, nightly.jsonl is the log.
            Exit codes: 0 done, or nothing new; 65 files were refused, and the report is made without them; 66 no inbox, or no
            data yet; 75 another run or writer is at work; others as everywhere.
            """)

    @OptionGroup var common: CommonOptions<NightlyCommand>
    @OptionGroup var libraryOptions: LibraryOptions

    @Option(help: ArgumentHelp("The folder that files are delivered to.", valueName: "dir"))
    var inbox: String

    @Option(help: ArgumentHelp("The folder of the reports; it is made if there is none.", valueName: "dir"))
    var out: String

    @Option(help: ArgumentHelp("How much of the past a report covers, up to the last day with data: 12m, 2y, 90d or all.", valueName: "time"))
    var window = ReportWindow.standard.text

    @Option(help: ArgumentHelp("How long a file must have been left alone to be complete.", valueName: "seconds"))
    var settle = 5.0

    @Option(help: ArgumentHelp("Places compared with those of the report before.", valueName: "n"))
    var top = 50

    @Option(help: ArgumentHelp("Reports that stay (default: all).", valueName: "n"))
    var keep: Int?

    @Option(help: ArgumentHelp("A date or time printed in the report; settlements after that day do not count.", valueName: "text"))
    var asOf: String?

    @Option(help: ArgumentHelp("Rows that may be rejected before a whole file is refused: a number, or a share such as 0.1%.", valueName: "n|p%"))
    var maxRejects = "0.1%"

    @Flag(help: "Show patient ids in full.")
    var reveal = false

    func run() throws {
        guard (0...86_400).contains(settle) else { throw Diagnostic(.usage, "--settle \(settle) is not between 0 and 86400") }
        guard top >= 1 else { throw Diagnostic(.usage, "--top \(top) is not at least 1") }
        guard keep ?? 1 >= 1 else { throw Diagnostic(.usage, "--keep \(keep ?? 0) is not at least 1") }
        let settings = try settings()
        let database = Database(path: common.path, options: try common.engineOptions())
        // A store that is damaged, or a lock that is taken, leaves the inbox as it is.
        if let damage = try database.snapshot()?.damage.first { throw damage }
        let world = try StoreWorld(settings, database: database)
        let outcome: NightlyOutcome
        do {
            outcome = try NightlyRun(world, exitCode: FailureReport.exitCode).run()
        } catch let error as any DiagnosableError where error.diagnostic.kind == .interrupted {
            throw Diagnostic(.interrupted, "interrupted", mend: "the report before stands, and the next run goes on from here")
        }
        tell(outcome)
        try show(world)
        if !outcome.refused.isEmpty {
            throw Diagnostic(
                .badData, outcome.refused.count == 1 ? "a file was refused" : "\(outcome.refused.count) files were refused",
                at: SourceLocation(file: inbox),
                mend: "see " + outcome.refused.prefix(5).map { "failed/\($0).reason.txt" }.joined(separator: ", "))
        }
    }

    private func settings() throws -> NightlySettings {
        let library = libraryOptions
        try library.check()
        var settings = NightlySettings(inboxPath: inbox, outPath: out) { period, database in
            try library.reported(in: database, period: period)
        }
        settings.window = try ReportWindow(window)
        settings.settleSeconds = settle
        settings.keptReportCount = keep
        settings.topCount = top
        settings.asOf = asOf
        settings.ingest.rejectLimit = try RejectLimitText.parse(maxRejects)
        settings.report.language = common.lang
        settings.report.revealsPatients = reveal
        settings.toolVersion = Fundwatch.toolVersion
        let language = common.lang
        settings.said = { MessageLanguage.said($0, in: language) }
        settings.notes = { ReportCommand.notes($0) }
        return settings
    }

    /// What was done, on standard error; no value of a file is quoted.
    private func tell(_ outcome: NightlyOutcome) {
        for (name, batch) in outcome.loaded { common.note("\(TerminalText.sanitized(name)): batch \(batch)", "\(TerminalText.sanitized(name))：批次 \(batch)") }
        for (name, batch) in outcome.known {
            let name = TerminalText.sanitized(name)
            common.note("\(name): already loaded as batch \(batch)", "\(name)：已作为批次 \(batch) 载入")
        }
        for name in outcome.waiting {
            let name = TerminalText.sanitized(name)
            common.note("\(name): not complete yet, left for the next run", "\(name)：尚未到齐，留待下次运行")
        }
        let path = out.hasSuffix("/") ? String(out.dropLast()) : out
        let page = "\(path)/\(outcome.reportName)/report.html"
        common.note(
            (outcome.isReportNew ? "report: " : "nothing new; report: ") + page,
            (outcome.isReportNew ? "报告：" : "没有新数据；报告：") + page)
    }

    /// The leads of a new report and what became of those before, as rows.
    private func show(_ world: StoreWorld) throws {
        let types: [LogicalType] = [
            .text, .text, .text, .bigint, .bigint, .numeric(precision: 18, scale: 1), .numeric(precision: 18, scale: 1), .text,
            .text, .numeric(precision: 38, scale: 2), .numeric(precision: 38, scale: 2), .text, .text,
        ]
        var rows = ResultRows(fields: zip(ChangeFiles.columns, types).map { Field(name: $0, type: $1) })
        if let report = world.report {
            // Beside nothing, every lead is new.
            let first = PreviousRanking(reportName: "", places: [])
            let comparison = report.comparison ?? RankingComparison(previous: first, ranking: report.ranking, topCount: top)
            for change in comparison.changes { rows.append(ChangeFiles.values(change)) }
        }
        // With nothing new a file of changes stays what the last new report made of it.
        if world.report == nil, common.output != nil { return }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
    }
}
