import ArgumentParser
import Claims
import Diagnostics
import Engine

struct ExportCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a table, or what a query gives, into files of a folder: one file, or one for each part.",
        discussion: """
            Examples:
              fundwatch export --partition-by 'region,month(settled_at)' --format parquet --out claims/
              fundwatch export --table institutions --format jsonl --out out/
              fundwatch export --query "select * from settlements where amount > 10000" --format xlsx --out out/
            """)

    static let ignoredOptions: Set<CommonOption> = [.output, .timing, .color]

    @OptionGroup var common: CommonOptions<ExportCommand>

    @Option(help: ArgumentHelp("The table or view (default: claims).", valueName: "name"), completion: WordCompletion.relations)
    var table: String?

    @Option(help: ArgumentHelp("A query instead of a table.", valueName: "sql"))
    var query: String?

    @Option(
        help: ArgumentHelp(
            "A folder region=…/month=… for each part: columns, or year(column), quarter(column), month(column), day(column).", valueName: "a,b"))
    var partitionBy: String?

    @Flag(help: "Leave the columns of --partition-by in the files, too: else only the folders' names have them.")
    var keepPartitionColumns = false

    @Option(help: ArgumentHelp("Folder to write into; it is made if there is none. A file appears whole or not at all.", valueName: "dir"))
    var out: String

    func run() throws {
        if table != nil, query != nil {
            throw Diagnostic(.usage, "what to export is named twice", mend: "name a --table or a --query")
        }
        if keepPartitionColumns, partitionBy == nil {
            throw Diagnostic(.usage, "--keep-partition-columns goes with --partition-by")
        }
        if common.output != nil { throw Diagnostic(.usage, "-o does not go with export", mend: "name a folder with --out") }
        let format = try exportFormat()
        let database = try common.database()
        _ = try database.requiredSnapshot()
        let relation = try ExportRelation(table: query == nil ? table ?? CanonicalTable.claims.name : nil, query: query, database: database)
        let keys = try partitionBy.map { try PartitionKey.parse($0, relation) } ?? []
        let parts = try ExportPart.all(of: relation, by: keys, keepingKeys: keepPartitionColumns, database: database)
        var fileCount = 0
        var rowCount = 0
        for part in parts {
            if Interruption.isRequested { throw Diagnostic(.interrupted, "interrupted") }
            let folder = ([out] + part.folders).joined(separator: "/")
            try OutputFolder.make(folder)
            let sink = try OutputSink(path: folder + "/" + relation.fileName + "." + format.ending)
            if format == .xlsx { _ = sink.openedWorkbook() }
            var writer = ResultWriter(format: format, sink: sink)
            if common.excel { writer.delimited = .excel }
            writer.workerCount = try common.engineOptions().workerCount
            let result = try database.query(part.query)
            try writer.write(result)
            try sink.finish()
            fileCount += 1
            rowCount += result.rowCount
        }
        let (rows, files, folder) = (CountText.text(rowCount), CountText.text(fileCount), TerminalText.sanitized(out))
        common.note(
            "\(rows) rows in \(fileCount == 1 ? "1 file" : "\(files) files") below \(folder)", "\(rows) 行写入 \(folder) 下的 \(files) 个文件")
    }

    private func exportFormat() throws -> OutputFormat {
        let format = common.format ?? .csv
        guard format != .table, format != .vertical else {
            throw Diagnostic(.usage, "--format \(format.rawValue) is for the screen", mend: "choose csv, tsv, json, jsonl, markdown, html, xlsx, parquet, arrow or feather")
        }
        if common.excel, format != .csv { throw Diagnostic(.usage, "--excel goes with CSV, not with \(format.rawValue)") }
        return format
    }
}
