import CSV
import Claims
import Columns
import Diagnostics
import Engine

/// Writes what `sniff` found out: a page for people, a document in JSON, or the columns alone in the other formats.
final class SniffWriter {
    private let common: CommonOptions<SniffCommand>
    private let sink: OutputSink
    private let format: OutputFormat
    private let isNamed: Bool
    private let options: [String]
    private var rows = ResultRows(fields: [
        Field(name: "file", type: .text), Field(name: "column", type: .text), Field(name: "header", type: .text),
        Field(name: "type", type: .text), Field(name: "nulls", type: .bigint), Field(name: "minimum", type: .text),
        Field(name: "maximum", type: .text), Field(name: "example", type: .text),
    ])
    private var documentCount = 0

    /// - Parameters:
    ///   - isNamed: Whether the user named the table.
    ///   - options: Options to load the files with.
    init(common: CommonOptions<SniffCommand>, sink: OutputSink, isNamed: Bool, options: [String]) throws {
        self.common = common
        self.isNamed = isNamed
        self.options = options
        self.sink = sink
        format = try common.resolvedFormat()
    }

    func write(_ report: FileReport) throws {
        switch format {
        case .table:
            try sink.write(
                (documentCount == 0 ? "" : "\n") + SniffPage(language: common.lang).text(report, isNamed: isNamed, options: options))
        case .json: try sink.write((documentCount == 0 ? "[\n" : ",\n") + SniffDocument.json(report))
        case .jsonl: try sink.write(SniffDocument.json(report) + "\n")
        default:
            let page = SniffPage(language: common.lang)
            common.note(page.facts(report, isNamed: isNamed, options: options) + page.rejects(report))
            append(report)
        }
        documentCount += 1
    }

    /// A file of several that cannot be read at all.
    func write(_ failure: Diagnostic, file: String) throws {
        let message = DiagnosticRenderer.oneLine(failure)
        switch format {
        case .json: try sink.write((documentCount == 0 ? "[\n" : ",\n") + SniffDocument.json(file: file, error: message))
        case .jsonl: try sink.write(SniffDocument.json(file: file, error: message) + "\n")
        default:
            StandardError.write("fundwatch: " + DiagnosticRenderer.oneLine(MessageLanguage.said(failure, in: common.lang)) + "\n")
        }
        documentCount += 1
    }

    func finish() throws {
        switch format {
        case .table, .jsonl: break
        case .json: try sink.write(documentCount == 0 ? "]\n" : "\n]\n")
        default:
            var writer = ResultWriter(format: format, sink: sink)
            if common.excel { writer.delimited = .excel }
            try writer.write(rows.result())
        }
        try sink.finish()
    }

    private func append(_ report: FileReport) {
        func text(_ value: String?) -> ScalarValue { value.map { .text($0) } ?? .null }
        for column in report.columns {
            rows.append([
                .text(report.path), .text(column.name), text(column.header), .text(column.type.name),
                .integer(Int64(column.nullCount)), text(column.minimum.flatMap { ResultText.string($0) }),
                text(column.maximum.flatMap { ResultText.string($0) }), text(column.example),
            ])
        }
    }
}

/// A report as JSON.
enum SniffDocument {
    static func json(_ report: FileReport) -> String {
        var members: [(String, String)] = [
            ("file", quoted(report.path)), ("table", quoted(report.table)),
            ("is_known_table", "\(CanonicalTable.named(report.table) != nil)"), ("encoding", quoted(report.encoding)),
        ]
        if let groups = report.rowGroupCount {
            members.append(("row_groups", "\(groups)"))
        } else {
            members += [
                ("delimiter", quoted(character(report.dialect.delimiter))), ("quote", quoted(character(report.dialect.quote))),
                ("header", "\(report.dialect.hasHeader)"), ("line_ends", quoted(report.lineEnds.rawValue)),
            ]
        }
        members += [
            ("lines", "\(report.linesRead)"), ("rows", "\(report.loaded)"), ("rejected", "\(report.rejected)"),
        ]
        members.append(("reject_causes", object(report.rejectCauses.map { ($0.reason, "\($0.count)") })))
        members.append(("would_load", "\(report.refusal == nil)"))
        members.append(("error", text(report.refusal.map { DiagnosticRenderer.oneLine($0) })))
        members.append(("loaded_as_batch", report.loadedBatch.map { "\($0)" } ?? "null"))
        members.append(("columns", array(report.columns.map(column))))
        members.append(("missing_columns", array(report.missingColumns.map(quoted))))
        members.append(("first_rows", array(report.firstRows.map { array($0.map(text)) })))
        members.append(
            (
                "rejects",
                array(
                    report.rejects.map {
                        object([
                            ("line", "\($0.line)"), ("column", text($0.column)), ("reason", quoted($0.reason)),
                            ("message", quoted($0.message)), ("raw", text($0.raw)),
                        ])
                    })
            ))
        return object(members)
    }

    static func json(file: String, error: String) -> String {
        object([("file", quoted(file)), ("would_load", "false"), ("error", quoted(error))])
    }

    private static func column(_ column: FileReport.Column) -> String {
        func value(_ scalar: ScalarValue?) -> String {
            guard let scalar, let shown = ResultText.string(scalar) else { return "null" }
            switch scalar {
            case .boolean, .integer, .numeric: return shown
            default: return quoted(shown)
            }
        }
        let fileType = column.fileType.map { [("file_type", quoted($0))] } ?? []
        return object([
            ("column", quoted(column.name)), ("header", text(column.header)),
        ] + fileType + [
            ("type", quoted(column.type.name)), ("nulls", "\(column.nullCount)"), ("minimum", value(column.minimum)), ("maximum", value(column.maximum)),
            ("example", text(column.example)), ("dates", text(column.dateForm?.example)), ("masked", "\(column.isMasked)"),
        ])
    }

    private static func character(_ byte: UInt8) -> String {
        byte == CSVDialect.noQuote ? "" : String(UnicodeScalar(byte))
    }
    private static func quoted(_ text: String) -> String { JSONString.quoted(text) }
    private static func text(_ value: String?) -> String { value.map(quoted) ?? "null" }
    private static func array(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { quoted($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}"
    }
}
