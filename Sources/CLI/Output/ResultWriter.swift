import Columns
import Diagnostics
import Engine
import Indicators

/// Writes a result in one of the formats.
struct ResultWriter {
    var format: OutputFormat
    let sink: OutputSink
    /// How CSV and TSV are written where a statement says so; nil for the usual way.
    var delimited: DelimitedStyle?
    /// How Parquet is packed.
    var parquet = ParquetResult()
    /// Threads that encode; nil for one a core.
    var workerCount: Int?
    /// Rows a table on a terminal shows at most; nil for all.
    var tableRowLimit: Int?
    /// Whether the names of a table's columns are bold.
    var emphasizesHeader = false
    /// Whether a table's last line counts its rows.
    var tableCountsRows = true
    /// What a table shows for NULL.
    var tableNullText = ""
    /// Whether a table cuts long texts, with an ellipsis.
    var tableCutsCells = false
    /// What the rows are a part of, for a table's last line; nil for all there are.
    var part: ResultPart?
    /// Language of a table's last line.
    var language = DisplayLanguage.english

    func write(_ result: QueryResult) throws {
        guard sink.isEmpty || !format.holdsOneResult else {
            throw Diagnostic(.usage, "\(format.rawValue) holds the rows of one statement", mend: "write one select, or use `copy … to`")
        }
        switch format {
        case .csv: try writeDelimited(result, delimited ?? .csv)
        case .tsv: try writeDelimited(result, delimited ?? .tsv)
        case .json: try writeJSON(result)
        case .jsonl: try writeJSONLines(result)
        case .table:
            let table = try TextTable(result: result, rowLimit: tableRowLimit, nullText: tableNullText, cutsCells: tableCutsCells)
            try sink.write(table.rendered(withCount: tableCountsRows, emphasizesHeader: emphasizesHeader, language: language, part: part))
        case .markdown: try writeMarkdown(result)
        case .vertical: try writeVertical(result)
        case .html: try ResultPage.write(result, workerCount: workerCount, to: sink)
        case .xlsx: try ResultSheet.write(result, to: sink.openedWorkbook())
        case .parquet: try writeParquet(result)
        case .arrow: try ResultArrow.write(result, asFile: false, to: sink)
        case .feather: try ResultArrow.write(result, asFile: true, to: sink)
        }
    }

    private func writeParquet(_ result: QueryResult) throws {
        var parquet = parquet
        parquet.workerCount = workerCount
        parquet.toolVersion = Fundwatch.toolVersion
        try parquet.write(result) { try sink.write($0) }
    }

    private func writeDelimited(_ result: QueryResult, _ style: DelimitedStyle) throws {
        let separator = style.separator
        let null = Array(style.nullText.utf8)
        var bytes: [UInt8] = style.isForExcel && sink.isEmpty ? [0xEF, 0xBB, 0xBF] : []
        if style.hasHeader {
            for (index, field) in result.schema.fields.enumerated() {
                if index > 0 { bytes.append(separator) }
                style.append(Array(field.name.utf8)[...], to: &bytes)
            }
            bytes.append(0x0A)
        }
        if let rows = DelimitedRows(style, workerCount: workerCount ?? EngineOptions.processorCount) {
            try sink.write(bytes)
            return try result.forEachBatch { batch in
                for lines in rows.lines(of: batch) { try sink.write(lines) }
            }
        }
        var text: [UInt8] = []
        try result.forEachBatch { batch in
            let columns = batch.columns.map { $0.flattened() }
            for row in 0..<batch.rowCount {
                for (index, column) in columns.enumerated() {
                    if index > 0 { bytes.append(separator) }
                    guard column.validity.isPresent(row) else {
                        bytes.append(contentsOf: null)
                        continue
                    }
                    text.removeAll(keepingCapacity: true)
                    ResultText.append(column, row: row, to: &text)
                    if style.isPlain, ResultText.needsNoQuotes(column.type) {
                        bytes.append(contentsOf: text)
                    } else if column.type == .text {
                        style.append(text: text[...], to: &bytes)
                    } else {
                        style.append(text[...], to: &bytes)
                    }
                }
                bytes.append(0x0A)
                if bytes.count > 1 << 16 {
                    try sink.write(bytes)
                    bytes.removeAll(keepingCapacity: true)
                }
            }
        }
        try sink.write(bytes)
    }

    private var textRows: TextRows { TextRows(workerCount: workerCount) }

    private func writeJSON(_ result: QueryResult) throws {
        let names = memberNames(result)
        try sink.write("[")
        try textRows.write(result) { columns, row, number, text in
            text.append(number == 0 ? "\n  " : ",\n  ")
            ResultWriter.appendObject(names, columns, row, to: &text)
        } to: { try sink.write($0) }
        try sink.write(result.rowCount == 0 ? "]\n" : "\n]\n")
    }

    private func writeJSONLines(_ result: QueryResult) throws {
        let names = memberNames(result)
        try textRows.write(result) { columns, row, _, text in
            ResultWriter.appendObject(names, columns, row, to: &text)
            text.append("\n")
        } to: { try sink.write($0) }
    }

    /// What comes before each member's value.
    private func memberNames(_ result: QueryResult) -> [[UInt8]] {
        result.schema.fields.enumerated().map { Array((($0 > 0 ? ", " : "") + JSONString.quoted($1.name) + ": ").utf8) }
    }

    private static func appendObject(_ names: [[UInt8]], _ columns: [Vector], _ row: Int, to text: inout CellText) {
        text.append("{")
        for (name, column) in zip(names, columns) {
            text.append(name)
            text.appendJSON(column, row: row)
        }
        text.append("}")
    }

    private func writeMarkdown(_ result: QueryResult) throws {
        let names = result.schema.fields.map { CellText.markdown($0.name) }
        try sink.write("| " + names.joined(separator: " | ") + " |\n|")
        for field in result.schema.fields { try sink.write(field.type.isNumber ? " ---: |" : " --- |") }
        try sink.write("\n")
        try textRows.write(result) { columns, row, _, text in
            for (index, column) in columns.enumerated() {
                text.append(index == 0 ? "| " : " | ")
                text.appendMarkdown(column, row: row)
            }
            text.append(columns.isEmpty ? "|  |\n" : " |\n")
        } to: { try sink.write($0) }
    }

    private func writeVertical(_ result: QueryResult) throws {
        let names = result.schema.fields.map { TerminalText.sanitized($0.name) }
        let width = names.map(DisplayWidth.of).max() ?? 0
        let heads = names.map { Array(($0 + String(repeating: " ", count: width - DisplayWidth.of($0)) + " | ").utf8) }
        try textRows.write(result) { columns, row, number, text in
            text.append("-[ row ")
            text.append(Array(String(number + 1).utf8))
            text.append(" ]-\n")
            for (head, column) in zip(heads, columns) {
                text.append(head)
                text.appendVisible(column, row: row)
                text.append("\n")
            }
        } to: { try sink.write($0) }
    }
}
