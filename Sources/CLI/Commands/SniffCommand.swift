import ArgumentParser
import Claims
import Columns
import Diagnostics
import Engine

struct SniffCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "sniff",
        abstract: "Show what loading a file would do, and load nothing.",
        discussion: """
            Examples:
              fundwatch sniff export.csv
              fundwatch sniff claims-2025-01.csv.gz --rows 20
              fundwatch sniff prices.txt --table prices --delimiter ';' --null NA
              fundwatch sniff *.csv --format csv -o columns.csv
              fundwatch sniff claims.parquet
              zcat export.csv.gz | fundwatch sniff - --format json

            Show what loading a file would do, and load nothing: how it is written, the table it belongs into, the type
            of every column from all rows, the first rows, and the rows that would be rejected, with their lines and
            reasons.

            The whole file is read. Values that identify persons, and all of claims and deaths, are shown by their form
            alone (9 for a digit, a for a letter) unless --reveal. Exit code 65 if a file would be refused as a whole.
            """)

    @OptionGroup var common: CommonOptions<SniffCommand>

    @Argument(help: "CSV files, plain, .gz or .zst; Parquet files; - for standard input.", completion: .file())
    var files: [String]

    @Option(
        help: ArgumentHelp("The table it would go into, as for ingest (default: the known one that its headers fit).", valueName: "name"),
        completion: WordCompletion.tables)
    var table: String?

    @Option(help: ArgumentHelp("First rows that are shown.", valueName: "n"))
    var rows = 5

    @Option(help: ArgumentHelp("Rejected rows that are shown.", valueName: "n"))
    var rejects = 20

    @Option(help: ArgumentHelp("Rows that may be rejected before the whole file is refused: a number, or a share such as 0.1%.", valueName: "n|p%"))
    var maxRejects = usualRejects
    private static let usualRejects = "0.1%"

    @Flag(help: "Show values of persons as they are.")
    var reveal = false

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        guard rows >= 0, rejects >= 0 else { throw Diagnostic(.usage, "--rows and --rejects count from 0") }
        let options = try sniffOptions()
        let chosenTypes = try reading.chosenTypes()
        let planned = try table.map { try TableImport.planner(table: $0, chosenTypes: chosenTypes) }
        let database = try common.database()
        let writer = try SniffWriter(
            common: common, sink: try common.sink(), isNamed: table != nil,
            options: reading.arguments + (maxRejects == Self.usualRejects ? [] : ["--max-rejects", maxRejects])
                + (common.store.map { ["--store", $0] } ?? []))
        var failure: Diagnostic?
        for file in files {
            do {
                let report = try database.sniff(
                    file, planner: { try planned ?? guessedPlanner($0, file: file, chosenTypes: chosenTypes) },
                    isPrivate: TableGuess.isPrivate, options: options)
                try writer.write(report)
                failure = failure ?? report.refusal
            } catch let error as any DiagnosableError {
                if files.count == 1 || error.diagnostic.kind == .interrupted { throw error }
                try writer.write(error.diagnostic, file: file)
                failure = failure ?? error.diagnostic
            }
        }
        try writer.finish()
        if let failure { throw failure }
    }

    private func guessedPlanner(
        _ headers: [String], file: String, chosenTypes: [(column: String, type: LogicalType)]
    ) throws -> any IngestPlanning {
        if chosenTypes.isEmpty, let known = TableGuess.table(for: headers), let planner = ClaimImport(table: known.name) {
            return planner
        }
        return InferredImport(table: TableGuess.name(forFile: file), chosenTypes: chosenTypes)
    }

    private func sniffOptions() throws -> SniffOptions {
        var options = SniffOptions()
        options.ingest.rejectLimit = try RejectLimitText.parse(maxRejects)
        options.ingest.csv = try reading.csvOptions(isCanonical: table.map { CanonicalTable.named($0) != nil } ?? false)
        options.rowLimit = rows
        options.rejectLimit = rejects
        options.revealsValues = reveal
        return options
    }
}
