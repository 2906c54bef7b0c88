import ArgumentParser
import CSV
import Claims
import Columns
import Diagnostics
import Engine
import Glibc

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: """
            Examples:
              fundwatch ingest claims-2025-01.csv claims-2025-02.csv.gz
              fundwatch ingest institutions.csv --table institutions
              zcat claims.csv.gz | fundwatch ingest -
              fundwatch ingest export.csv --encoding gb18030 --max-rejects 1%
              fundwatch ingest orders-*.csv --table orders
              fundwatch ingest prices.txt --table prices --delimiter ';' --null NA --types code:text,price:numeric(12,2)

            Load CSV or Parquet files into the store, each as one batch: all of a file or nothing of it. A table of another name than
            the four known ones takes any CSV: columns by the names in the header, types from all rows. docs/csv.md says how.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "CSV files, plain, .gz or .zst; Parquet files; - for CSV from standard input.")
    var files: [String]

    @Option(help: ArgumentHelp("claims, institutions, knowledge, deaths, or any other name: then types are inferred.", valueName: "name"))
    var table = "claims"

    @Option(help: ArgumentHelp("Rows that may be rejected before the whole file is refused: a number, or a share such as 0.1%.", valueName: "n|p%"))
    var maxRejects = "0.1%"

    @OptionGroup var reading: ReadingOptions

    @Flag(name: .customLong("sha256"), help: "Record each file's SHA-256 with its batch (takes about a fifth longer).")
    var recordsSHA256 = false

    func run() throws {
        let planner = try TableImport.planner(table: table, chosenTypes: reading.chosenTypes())
        var options = try ingestOptions(isCanonical: CanonicalTable.named(planner.table) != nil)
        let database = try common.database()
        for file in files {
            let line = !common.quiet && StandardError.isTerminal ? ProgressLine(file: file) : nil
            if let line { options.progress = { line.show(read: $0, rows: $1) } }
            defer { line?.clear() }
            let summary = try database.ingest(file, planner: planner, options: options)
            line?.clear()
            try acknowledge(summary)
        }
    }

    private func ingestOptions(isCanonical: Bool) throws -> IngestOptions {
        var options = IngestOptions()
        options.rejectLimit = try RejectLimitText.parse(maxRejects)
        options.recordsSHA256 = recordsSHA256
        options.csv = try reading.csvOptions(isCanonical: isCanonical)
        return options
    }

    /// One line on standard output once the batch is durable; the reconciliation on standard error.
    private func acknowledge(_ summary: IngestSummary) throws {
        let sink = try OutputSink(path: common.output)
        let name = TerminalText.sanitized(summary.sourceName)
        guard !summary.isAlreadyLoaded else {
            try sink.write("\(name): already loaded as batch \(summary.batchID)\n")
            try sink.finish()
            return
        }
        try sink.write("\(name): batch \(summary.batchID), \(CountText.text(summary.loaded)) rows into \(summary.table)\n")
        try sink.finish()
        common.note(IngestSummaryText.render(summary))
    }
}

/// `--max-rejects`.
enum RejectLimitText {
    static func parse(_ text: String) throws -> RejectLimit {
        if text.hasSuffix("%"), let value = DecimalText.parse(String(text.dropLast())), value.unscaled >= 0, value.scale <= 3 {
            let parts = value.unscaled * DecimalText.powers128[3 - value.scale]
            if parts <= 100_000 { return .partsPerHundredThousand(Int(parts)) }
        } else if let rows = Int(text), rows >= 0 {
            return .rows(rows)
        }
        throw Diagnostic(
            .usage, "--max-rejects \"\(text)\" is neither a number of rows nor a share",
            mend: "write 100 or 0.1% (at most 3 decimals, at most 100%)")
    }
}

/// The reconciling summary of a load.
enum IngestSummaryText {
    static func render(_ summary: IngestSummary) -> String {
        var lines = [
            "  lines read   \(CountText.text(summary.linesRead)) = \(CountText.text(summary.loaded)) loaded + "
                + "\(CountText.text(summary.rejected)) rejected"
        ]
        if !summary.rejectCauses.isEmpty {
            let causes = summary.rejectCauses.map { "\($0.reason) \(CountText.text($0.count))" }
            lines.append("  rejected     \(causes.joined(separator: ", ")); see rejects/\(summary.batchID).csv in the store")
        }
        for sum in summary.sums {
            if case .numeric(let unscaled, let scale) = sum.value {
                let padding = String(repeating: " ", count: max(1, 13 - sum.column.count))
                lines.append("  \(sum.column)\(padding)\(DecimalText.string(unscaled: unscaled, scale: scale))")
            }
        }
        if let column = summary.timeColumn, case .timestamp(let first) = summary.firstTime,
            case .timestamp(let last) = summary.lastTime
        {
            lines.append("  \(column)   \(ResultText.timestamp(first)) to \(ResultText.timestamp(last))")
        }
        lines.append(
            "  bytes        \(ByteSize.text(summary.sourceSize)) read (\(summary.encoding)), \(ByteSize.text(summary.storedSize)) stored")
        if !summary.dateForms.isEmpty {
            let forms = Dictionary(grouping: summary.dateForms, by: \.form).map { form, columns in
                "\(columns.map(\.column).joined(separator: ", ")) as \(form)"
            }
            lines.append("  dates        \(forms.sorted().joined(separator: "; "))")
        }
        if !summary.extraColumns.isEmpty {
            lines.append("  extra        \(summary.extraColumns.count) columns kept as text: "
                + TerminalText.sanitized(summary.extraColumns.prefix(8).joined(separator: ", "))
                + (summary.extraColumns.count > 8 ? ", …" : ""))
        }
        for note in summary.notes {
            let padding = String(repeating: " ", count: max(1, 13 - note.title.count))
            lines.append("  \(note.title)\(padding)\(TerminalText.sanitized(note.text))")
        }
        return lines.joined(separator: "\n")
    }
}
