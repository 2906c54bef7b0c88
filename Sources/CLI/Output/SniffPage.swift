import CSV
import Claims
import Columns
import Diagnostics
import Engine
import Indicators

/// A report of `sniff` for a person, in a language.
struct SniffPage {
    let language: DisplayLanguage

    private func say(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }

    /// - Parameters:
    ///   - isNamed: Whether the user named the table.
    ///   - options: Options to load the file with.
    func text(_ report: FileReport, isNamed: Bool, options: [String]) -> String {
        var text = facts(report, isNamed: isNamed, options: options) + "\n"
        // Only Parquet has types of its own.
        let fileTypes = report.rowGroupCount == nil ? [] : [say("in the file", "文件中的类型")]
        text += TextTable(
            names: [say("column", "列"), say("header", "表头")] + fileTypes + [
                say("type", "类型"), say("nulls", "空值"), say("minimum", "最小"), say("maximum", "最大"), say("example", "示例"),
            ],
            alignsRight: [false, false] + fileTypes.map { _ in false } + [false, true, true, true, false],
            rows: report.columns.map(SniffPage.row)
        ).rendered(withCount: false)
        if !report.firstRows.isEmpty {
            text += say("\nFirst rows\n", "\n前几行\n")
            text += TextTable(
                names: report.columns.map { TerminalText.sanitized($0.name) },
                alignsRight: report.columns.map { $0.type.isNumber }, rows: report.firstRows.map { $0.map { $0 ?? "" } }
            ).rendered(withCount: false)
        }
        return text + rejects(report)
    }

    /// How the file is written and what would become of it.
    func facts(_ report: FileReport, isNamed: Bool, options: [String]) -> String {
        var lines = [TerminalText.sanitized(report.path)]
        func add(_ title: String, _ text: String) {
            lines.append("  " + title + String(repeating: " ", count: max(1, 13 - DisplayWidth.of(title))) + TerminalText.sanitized(text))
        }
        let known = CanonicalTable.named(report.table)
        let isKnown = known != nil
        var table = report.table
        if let known {
            table += say(", a known table: columns by their names, types as it has them", "，已知的表：按名称对应各列，类型固定")
            if known.loading.replacesTable { table += say("; the file takes the place of its rows", "；文件将取代原有的行") }
        } else if !isNamed {
            table += say(" (the headers are of no known table; --table gives another name)", "（表头不属于任何已知的表；--table 可另取名称）")
        }
        add(say("table", "表"), table)
        if let groups = report.rowGroupCount {
            let count = CountText.text(groups)
            add(say("format", "格式"), say("Parquet, \(groups == 1 ? "1 row group" : "\(count) row groups")", "Parquet，\(count) 个行组"))
        } else {
            addDialect(of: report, add)
        }
        let (read, loaded, rejected) = (
            CountText.text(report.linesRead), CountText.text(report.loaded), CountText.text(report.rejected)
        )
        add(say("lines read", "读取行数"), say("\(read) = \(loaded) rows + \(rejected) rejected", "\(read) = \(loaded) 行 + 拒收 \(rejected)"))
        if !report.rejectCauses.isEmpty {
            add(say("rejected", "拒收原因"), RejectReasonText.text(report.rejectCauses, in: language))
        }
        let dates = Dictionary(grouping: report.columns.filter { $0.dateForm != nil }) { $0.dateForm?.example ?? "" }
        if !dates.isEmpty {
            let forms = dates.map { form, columns in columns.map(\.name).joined(separator: ", ") + say(" as ", " 形如 ") + form }
            add(say("dates", "日期"), forms.sorted().joined(separator: "; "))
        }
        for note in report.notes where note.title != "types" {
            let (title, text) = IngestSummaryText.said(note, in: language)
            add(title, text)
        }
        if isKnown, !report.missingColumns.isEmpty { add(say("not in file", "文件中没有"), report.missingColumns.joined(separator: ", ") + ": NULL") }
        if let batch = report.loadedBatch { add(say("already", "已载入"), say("loaded as batch \(batch)", "批次 \(batch)")) }
        if report.refusal == nil, report.loadedBatch == nil {
            let table = report.table == "claims" ? [] : ["--table", report.table]
            add(say("load it with", "载入命令"), (["fundwatch", "ingest", report.path] + table + options).map(SniffPage.shellWord).joined(separator: " "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// How a file of text is written.
    private func addDialect(of report: FileReport, _ add: (String, String) -> Void) {
        add(say("encoding", "编码"), report.encoding)
        let (delimiter, quote) = (name(report.dialect.delimiter), name(report.dialect.quote))
        let hasHeader = report.dialect.hasHeader
        add(
            say("written with", "写法"),
            say(
                "delimiter \(delimiter), quote \(quote), line ends \(report.lineEnds.rawValue), \(hasHeader ? "a" : "no") header row",
                "分隔符 \(delimiter)，引号 \(quote)，换行 \(report.lineEnds.rawValue)，\(hasHeader ? "有" : "无")表头行"))
    }

    /// The rejected rows, empty if there are none.
    func rejects(_ report: FileReport) -> String {
        guard !report.rejects.isEmpty else { return "" }
        let hasRaw = report.rejects.contains { $0.raw != nil }
        let shown = report.rejects.count < report.rejected
            ? say(
                " (the first \(report.rejects.count) of \(CountText.text(report.rejected)))",
                "（共 \(CountText.text(report.rejected)) 行，列出前 \(report.rejects.count) 行）") : ""
        return say("\nRejected rows", "\n被拒收的行") + shown + "\n"
            + TextTable(
                names: [say("line", "行"), say("column", "列"), say("reason", "原因"), say("message", "说明")]
                    + (hasRaw ? [say("raw", "原文")] : []),
                alignsRight: [true, false, false, false] + (hasRaw ? [false] : []),
                rows: report.rejects.map {
                    [String($0.line), $0.column ?? "", RejectReasonText.text($0.reason, in: language), say($0.message, ChineseMessages.text($0.message))] + (hasRaw ? [$0.raw ?? ""] : [])
                }
            ).rendered(withCount: false)
    }

    private static func row(_ column: FileReport.Column) -> [String] {
        func shown(_ scalar: ScalarValue?) -> String { scalar.flatMap { ResultText.string($0) } ?? "" }
        return [column.name, column.header ?? ""] + (column.fileType.map { [$0] } ?? []) + [
            column.type.name, CountText.text(column.nullCount), shown(column.minimum),
            shown(column.maximum), column.example ?? "",
        ]
    }

    /// A word as a shell takes it.
    private static func shellWord(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x7F || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_./:,=%+@".unicodeScalars.contains(scalar)
        }
        return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }

    private func name(_ byte: UInt8) -> String {
        switch byte {
        case 0x09: "tab"
        case CSVDialect.noQuote: "none"
        case 0..<0x10: "\\x0" + String(byte, radix: 16)
        case 0x10..<0x20: "\\x" + String(byte, radix: 16)
        default: String(UnicodeScalar(byte))
        }
    }
}
