import ArgumentParser
import Diagnostics
import Engine
import Indicators
import Knowledge

struct KnowledgeImportCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read published knowledge-point sheets (.xlsx or CSV, as published) into the table knowledge.",
        discussion: """
            Examples:
              fundwatch knowledge import "batch-1 药品规则库(限定性别对象).xlsx" "batch-1 项目规则库(限定性别对象).xlsx"
              fundwatch knowledge import 限定频次.csv --batch 8 --valid-from 2026-01-06
              fundwatch knowledge import lists/*.xlsx --dry-run --format table

            Lists of the same batch and rule take the place of the stored ones, all others stay.

            A row that is not understood is rejected with its sheet, row and reason (rejects/<batch>.csv in the store) and
            never lost. docs/knowledge.md says which layouts and words are understood.
            """)

    @OptionGroup var common: CommonOptions<KnowledgeImportCommand>

    @Argument(help: "Published sheets: .xlsx, or .csv (plain, .gz, .zst).", completion: .file())
    var files: [String]

    @Option(help: ArgumentHelp("Name of the batch (default: from each file's name, such as batch-7 or 第七批).", valueName: "name"))
    var batch: String?

    @Option(help: ArgumentHelp("First day on which the points apply, where the sheet says none (default: always).", valueName: "date"))
    var validFrom: String?

    @Option(help: ArgumentHelp("Last day on which the points apply, where the sheet says none (default: for ever).", valueName: "date"))
    var validTo: String?

    @Option(help: ArgumentHelp("Rows that may be rejected before nothing is loaded: a number, or a share such as 5%.", valueName: "n|p%"))
    var maxRejects = "5%"

    @Flag(help: "Show what would be loaded and rejected, and load nothing.")
    var dryRun = false

    func run() throws {
        let limit = try RejectLimitText.parse(maxRejects)
        let from = try day(validFrom, option: "--valid-from")
        let to = try day(validTo, option: "--valid-to")
        if let from, let to, from > to { throw Diagnostic(.usage, "--valid-from \(from) is after --valid-to \(to)") }
        let imported = try PointReader.read(files, options: KnowledgeImportOptions(batch: batch, validFrom: from, validTo: to))
        for name in imported.passedOver { common.note("passed over: \(TerminalText.sanitized(name))") }
        for row in imported.rejected.prefix(10) {
            common.note("rejected: \(TerminalText.sanitized("\(row.source): \(row.cause): \(row.message)"))")
        }
        if imported.rejected.count > 10 { common.note("rejected: and \(imported.rejected.count - 10) more") }
        if !dryRun {
            let name = files.count == 1 ? fileName(files[0]) : "\(fileName(files[0])) and \(files.count - 1) more"
            let outcome = try KnowledgeLoad.load(imported, named: name, into: try common.database(), rejectLimit: limit)
            note(outcome, imported)
        }
        let writer = try common.writer()
        try writer.write(KnowledgeListRows.result(imported))
        try writer.sink.finish()
    }

    private func note(_ outcome: KnowledgeLoad.Outcome, _ imported: ImportedKnowledge) {
        let summary = outcome.summary
        if summary.isAlreadyLoaded {
            common.note("already loaded as batch \(summary.batchID)")
            return
        }
        common.note(
            "batch \(summary.batchID): \(CountText.text(summary.loaded - outcome.keptCount)) rows loaded, \(CountText.text(imported.rejected.count)) rejected"
                + (imported.rejected.isEmpty ? "" : " (rejects/\(summary.batchID).csv in the store)")
                + "; \(CountText.text(outcome.keptCount)) of other lists kept, \(CountText.text(outcome.replacedCount)) replaced")
    }

    private func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private func day(_ text: String?, option: String) throws -> String? {
        guard let text else { return nil }
        guard let date = ReportingPeriod.date(text) else {
            throw Diagnostic(.usage, "\(option) \"\(text)\" is no day", mend: "write it as 2025-01-31")
        }
        return ReportingPeriod.text(date)
    }
}
