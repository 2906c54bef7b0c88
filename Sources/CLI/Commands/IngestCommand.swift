import ArgumentParser
import CSV
import Claims
import Columns
import Diagnostics
import Engine
import Indicators
import Glibc

struct IngestCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Load CSV or Parquet files into the store, each as one batch: all of a file or nothing of it.",
        discussion: """
            Examples:
              fundwatch ingest claims-2025-01.csv claims-2025-02.csv.gz
              fundwatch ingest institutions.csv --table institutions
              zcat claims.csv.gz | fundwatch ingest -
              fundwatch ingest claims/region=*/month=*/claims.parquet
              fundwatch ingest export.csv --encoding gb18030 --max-rejects 1%
              fundwatch ingest orders-*.csv --table orders
              fundwatch ingest prices.txt --table prices --delimiter ';' --null NA --types code:text,price:numeric(12,2)

            A table of another name than the four known ones takes any CSV: columns by the names in the header, types
            from all rows. docs/csv.md says how. Columns that a file has not are taken from the names of its folders.
            """)

    /// A load holds a few chunks for each worker and some bytes for each key; --memory bounds queries.
    static let ignoredOptions = Set<CommonOption>.ofSummaries.union([.memory, .temporaryDirectory])

    @OptionGroup var common: CommonOptions<IngestCommand>

    @Argument(help: "CSV files, plain, .gz or .zst; Parquet files; - for standard input.", completion: .file())
    var files: [String]

    @Option(
        help: ArgumentHelp("claims, institutions, knowledge, deaths, or any other name: then types are inferred.", valueName: "name"),
        completion: WordCompletion.loadable)
    var table = "claims"

    @Option(help: ArgumentHelp("Rows that may be rejected before the whole file is refused: a number, or a share such as 0.1%.", valueName: "n|p%"))
    var maxRejects = "0.1%"

    @OptionGroup var reading: ReadingOptions

    @Flag(name: .customLong("sha256"), help: "Record each file's SHA-256 with its batch (takes about a fifth longer).")
    var recordsSHA256 = false

    func run() throws {
        let planner = try TableImport.planner(table: table, chosenTypes: reading.chosenTypes())
        var options = try ingestOptions(isCanonical: CanonicalTable.named(planner.table) != nil)
        try InputFiles.check(files)
        options.willLoad(files)
        let database = try common.database()
        let names = shownNames
        for (index, file) in files.enumerated() {
            let line = !common.quiet && StandardError.isTerminal ? ProgressLine(file: file, language: common.lang) : nil
            if let line { options.progress = { line.show(read: $0, rows: $1) } }
            defer { line?.clear() }
            let summary: IngestSummary
            do { summary = try database.ingest(file, planner: planner, options: options) } catch {
                line?.clear()
                if files.count > 1 { StandardError.write(InputFiles.account(files, failed: index)[common.lang] + "\n") }
                throw error
            }
            line?.clear()
            try acknowledge(summary, named: names[file])
        }
    }

    /// What files are called by that do not have a last component of their own: their paths.
    private var shownNames: [String: String] {
        let sameEnds = Dictionary(grouping: Set(files)) { $0.split(separator: "/").last ?? "" }.values.filter { $0.count > 1 }
        return Dictionary(uniqueKeysWithValues: sameEnds.flatMap { $0 }.map { ($0, $0) })
    }

    private func ingestOptions(isCanonical: Bool) throws -> IngestOptions {
        var options = IngestOptions()
        options.rejectLimit = try RejectLimitText.parse(maxRejects)
        options.recordsSHA256 = recordsSHA256
        options.csv = try reading.csvOptions(isCanonical: isCanonical)
        return options
    }

    /// One line on standard output once the batch is durable; the reconciliation on standard error.
    private func acknowledge(_ summary: IngestSummary, named shownName: String?) throws {
        let sink = try common.sink()
        let name = TerminalText.sanitized(shownName ?? summary.sourceName)
        guard !summary.isAlreadyLoaded else {
            let known = BilingualText("\(name): already loaded as batch \(summary.batchID)", "\(name)：已作为批次 \(summary.batchID) 载入")
            try sink.write(known[common.lang] + "\n")
            try sink.finish()
            return
        }
        let rows = CountText.text(summary.loaded)
        let counted = CountedWord.text(summary.loaded, "row")
        let done = BilingualText(
            "\(name): batch \(summary.batchID), \(counted) into \(summary.table)", "\(name)：批次 \(summary.batchID)，\(rows) 行载入 \(summary.table)")
        try sink.write(done[common.lang] + "\n")
        try sink.finish()
        common.note(IngestSummaryText(language: common.lang).render(summary))
    }
}

/// `--max-rejects`.
enum RejectLimitText {
    static func parse(_ text: String) throws -> RejectLimit {
        if let limit = RejectLimit(text) { return limit }
        throw Diagnostic(
            .usage, "--max-rejects \"\(text)\" is neither a number of rows nor a share",
            mend: "write 100 or 0.1% (at most 3 decimals, at most 100%)")
    }
}
