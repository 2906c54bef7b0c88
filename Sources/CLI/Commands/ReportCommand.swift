import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators
import Ranking
import Reporting
import Storage

struct ReportCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Run all indicators, rank the institutions, and write the report.",
        discussion: """
            Examples:
              fundwatch report --out report/
              fundwatch report --out report-q1/ --from 2025-01-01 --to 2025-04-01 --lang zh
              fundwatch report --out hearings/ --dossier H33010000012 --dossier H33010000047

            Run all indicators, rank the institutions, and write ranking.csv, ranking.json, indicators.csv,
            small_extremes.csv, themes.csv, regions.csv, departments.csv, practitioners.csv, insured_persons.csv,
            new_institutions.csv, report.html, report.xlsx and run.json. The worst institutions are shown on standard
            output.
            """)

    @OptionGroup var common: CommonOptions<ReportCommand>
    @OptionGroup var indicatorOptions: IndicatorOptions

    @Option(help: ArgumentHelp("Folder to write into; it is made if there is none.", valueName: "dir"))
    var out: String

    @Option(help: ArgumentHelp("A date or time printed in the report; without it the report names none.", valueName: "text"))
    var asOf: String?

    @Flag(help: "Show patient ids in full.")
    var reveal = false

    @Option(
        help: ArgumentHelp(
            "Write the dossier of an institution for its hearing (page and workbook, patient ids in full) instead of the report; may be repeated.",
            valueName: "id"),
        completion: WordCompletion.institutions)
    var dossier: [String] = []

    @Option(help: ArgumentHelp("Institutions shown on standard output.", valueName: "n"))
    var top = 20

    func run() throws {
        let database = try common.soundDatabase()
        let snapshot = try database.requiredSnapshot()
        var options = ReportOptions()
        options.language = common.lang
        options.revealsPatients = reveal
        options.hasFeedback = snapshot.table(IndicatorFeedback.table) != nil
        let report = try ReportBuilder.build(
            indicators: try indicatorOptions.reported(in: database),
            period: try indicatorOptions.period(),
            provenance: ReportProvenance(
                storeHead: snapshot.headHash, commit: Int64(snapshot.commitNumber), toolVersion: Fundwatch.toolVersion,
                asOf: asOf),
            notes: ReportCommand.notes(snapshot), options: options, runner: database)
        if !dossier.isEmpty {
            guard common.output == nil else {
                throw Diagnostic(.usage, "-o goes with the ranking, not with --dossier", mend: "--out names the folder of the dossiers")
            }
            var seen: Set<String> = []
            let dossiers = try dossier.filter { seen.insert($0).inserted }.map { try DossierBuilder.build(institutionID: $0, report: report, runner: database) }
            try DossierBuilder.write(dossiers, to: out)
            for written in dossiers { common.note("dossier: \(out.hasSuffix("/") ? out : out + "/")\(written.fileStem).html") }
            return
        }
        try ReportBuilder.write(report, to: out, runner: database)
        var writer = try common.writer()
        let rows = shown(report)
        let count = ShownCount(shown: rows.rowCount, total: report.ranking.institutions.count, unit: .institutions)
        let rest = BilingualText("ranking.csv has all, --top shows more", "全部见 ranking.csv，--top 可多显示")
        writer.part = ResultPart(total: count.total, unit: .institutions, whole: rest)
        try writer.write(rows)
        try writer.sink.finish()
        // Other forms have no room for it.
        if count.isCut, writer.format != .table { common.note("\(count.text(in: common.lang))\(BilingualText("; ", "；")[common.lang])\(rest[common.lang])") }
        let path = out.hasSuffix("/") ? out + "report.html" : out + "/report.html"
        common.note("report: \(path)", "报告：\(path)")
        if report.ranking.institutions.isEmpty {
            common.note("no line counts in the period: nothing is ranked", "期间内没有有效明细：没有机构参与排名")
        }
    }

    /// What the reader of a report must know of the data: lines that could not be loaded.
    static func notes(_ snapshot: StoreSnapshot) -> [BilingualText] {
        let rejected = snapshot.batches.reduce(0) { $0 + $1.rowsRejected }
        let loaded = snapshot.batches.reduce(0) { $0 + $1.rowsLoaded }
        return [
            BilingualText(
                "\(CountText.text(loaded)) rows loaded in \(snapshot.batches.count) batches, \(CountText.text(rejected)) rejected.",
                "共 \(snapshot.batches.count) 个批次, 载入 \(CountText.text(loaded)) 行, 拒收 \(CountText.text(rejected)) 行。")
        ]
    }

    private func shown(_ report: Report) -> QueryResult {
        let types: [LogicalType] = [
            .bigint, .text, .text, .text, .text, .text, .bigint, .numeric(precision: 38, scale: 2),
            .numeric(precision: 18, scale: 1), .text, .numeric(precision: 38, scale: 2), .text, .text, .text,
        ]
        // A terminal has no room for everything: the full rows are in ranking.csv.
        let places = [0, 1, 2, 4, 5, 6, 8, 9, 10, 11]
        var rows = ResultRows(fields: places.map { Field(name: RankingRow.columns[$0], type: types[$0]) })
        for row in RankingRow.rows(of: report).prefix(max(0, top)) {
            let values = row.values
            rows.append(places.map { values[$0] })
        }
        return rows.result()
    }
}
