import ArgumentParser
import CSV
import Claims
import Columns
import Diagnostics
import Engine
import Indicators
import Storage

struct FeedbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback",
        abstract: "What came of leads that were looked into: the share of each indicator's leads that was confirmed, and the money.",
        discussion: """
            Examples:
              fundwatch feedback import reviewed-2026-05.csv
              fundwatch feedback show

            Reports show it beside the money at issue.
            """,
        subcommands: [FeedbackImportCommand.self, FeedbackShowCommand.self], defaultSubcommand: FeedbackShowCommand.self)
}

struct FeedbackImportCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: """
            Load reviewed leads: CSV with institution_id, indicator and result (confirmed, rejected or pending), and if there are reason,
            confirmed_amount, reviewed_on, reviewer and lead_id; Chinese headers and words are known too.
            """)

    @OptionGroup var common: CommonOptions<FeedbackImportCommand>
    @OptionGroup var folder: LibraryFolder

    @Argument(help: "CSV files; - for standard input.", completion: .file())
    var files: [String]

    @Option(help: ArgumentHelp("Rows that may be rejected before the whole file is refused: a number, or a share such as 0.1%.", valueName: "n|p%"))
    var maxRejects = "0"

    func run() throws {
        guard let planner = ClaimImport(table: IndicatorFeedback.table) else {
            throw Diagnostic(.internalError, "no table for feedback")
        }
        try InputFiles.check(files)
        let database = try common.database()
        var options = IngestOptions()
        options.rejectLimit = try RejectLimitText.parse(maxRejects)
        options.csv.hasHeader = true
        let sink = try common.sink()
        for file in files {
            let summary = try database.ingest(file, planner: planner, options: options)
            let name = TerminalText.sanitized(summary.sourceName)
            try sink.write(
                summary.isAlreadyLoaded
                    ? "\(name): already loaded as batch \(summary.batchID)\n"
                    : "\(name): batch \(summary.batchID), \(CountText.text(summary.loaded)) reviews\n")
            try sink.flush()
            if !summary.extraColumns.isEmpty {
                common.note("  columns that say nothing of a review: " + summary.extraColumns.map(TerminalText.sanitized).joined(separator: ", "))
            }
            if summary.rejected > 0 {
                common.note("  \(CountText.text(summary.rejected)) rejected; see rejects/\(summary.batchID).csv in the store")
            }
        }
        try sink.finish()
        let known = Set(try folder.catalog().indicators.map(\.id))
        let others = try IndicatorFeedback.read(database).map(\.indicatorID).filter { !known.contains($0) }
        if !others.isEmpty {
            common.note("  indicators that are not known: " + others.map(TerminalText.sanitized).joined(separator: ", "))
        }
    }
}

struct FeedbackShowCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "For each indicator its reviewed leads, the share confirmed, and the money confirmed.")

    @OptionGroup var common: CommonOptions<FeedbackShowCommand>

    func run() throws {
        let database = try common.database()
        let isThere = try database.requiredSnapshot().table(IndicatorFeedback.table) != nil
        var rows = ResultRows(fields: [
            Field(name: "indicator", type: .text), Field(name: "reviewed", type: .bigint), Field(name: "confirmed", type: .bigint),
            Field(name: "rejected", type: .bigint), Field(name: "precision", type: .double),
            Field(name: "confirmed_amount", type: .numeric(precision: 38, scale: 2)),
        ])
        let all = isThere ? try IndicatorFeedback.read(database) : []
        for feedback in all {
            rows.append([
                .text(feedback.indicatorID), .integer(feedback.reviewedCount), .integer(feedback.confirmedCount),
                .integer(feedback.rejectedCount), feedback.precision.map { .double($0) } ?? .null,
                .numeric(unscaled: feedback.confirmedCents, scale: 2),
            ])
        }
        let writer = try common.writer()
        try writer.write(rows.result())
        try writer.sink.finish()
    }
}
