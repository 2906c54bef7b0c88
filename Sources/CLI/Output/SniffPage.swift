import CSV
import Claims
import Columns
import Diagnostics
import Engine

/// A report of `sniff` for a person.
enum SniffPage {
    /// - Parameters:
    ///   - isNamed: Whether the user named the table.
    ///   - options: Options to load the file with.
    static func text(_ report: FileReport, isNamed: Bool, options: [String]) -> String {
        var text = facts(report, isNamed: isNamed, options: options) + "\n"
        text += TextTable(
            names: ["column", "header", "type", "nulls", "minimum", "maximum", "example"],
            alignsRight: [false, false, false, true, true, true, false], rows: report.columns.map(row)
        ).rendered(withCount: false)
        if !report.firstRows.isEmpty {
            text += "\nFirst rows\n"
            text += TextTable(
                names: report.columns.map { TerminalText.sanitized($0.name) },
                alignsRight: report.columns.map { $0.type.isNumber }, rows: report.firstRows.map { $0.map { $0 ?? "" } }
            ).rendered(withCount: false)
        }
        return text + rejects(report)
    }

    /// How the file is written and what would become of it.
    static func facts(_ report: FileReport, isNamed: Bool, options: [String]) -> String {
        var lines = [TerminalText.sanitized(report.path)]
        func add(_ title: String, _ text: String) {
            lines.append("  " + title + String(repeating: " ", count: max(1, 13 - title.count)) + TerminalText.sanitized(text))
        }
        let known = CanonicalTable.named(report.table)
        let isKnown = known != nil
        add(
            "table",
            report.table
                + (isKnown ? ", a known table: columns by their names, types as it has them"
                    + (known?.loading.replacesTable == true ? "; the file takes the place of its rows" : "")
                    : isNamed ? "" : " (the headers are of no known table; --table gives another name)"))
        add("encoding", report.encoding)
        add("written with", "delimiter \(name(report.dialect.delimiter)), quote \(name(report.dialect.quote)), "
            + "line ends \(report.lineEnds.rawValue), \(report.dialect.hasHeader ? "a" : "no") header row")
        add("lines read", "\(CountText.text(report.linesRead)) = \(CountText.text(report.loaded)) rows + "
            + "\(CountText.text(report.rejected)) rejected")
        if !report.rejectCauses.isEmpty {
            add("rejected", report.rejectCauses.map { "\($0.reason) \(CountText.text($0.count))" }.joined(separator: ", "))
        }
        let dates = Dictionary(grouping: report.columns.filter { $0.dateForm != nil }) { $0.dateForm?.example ?? "" }
        if !dates.isEmpty {
            let forms = dates.map { form, columns in columns.map(\.name).joined(separator: ", ") + " as " + form }
            add("dates", forms.sorted().joined(separator: "; "))
        }
        for note in report.notes where note.title != "types" { add(note.title, note.text) }
        if isKnown, !report.missingColumns.isEmpty { add("not in file", report.missingColumns.joined(separator: ", ") + ": NULL") }
        if let batch = report.loadedBatch { add("already", "loaded as batch \(batch)") }
        if report.refusal == nil, report.loadedBatch == nil {
            let table = report.table == "claims" ? [] : ["--table", report.table]
            add("load it with", (["fundwatch", "ingest", report.path] + table + options).map(shellWord).joined(separator: " "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The rejected rows, empty if there are none.
    static func rejects(_ report: FileReport) -> String {
        guard !report.rejects.isEmpty else { return "" }
        let hasRaw = report.rejects.contains { $0.raw != nil }
        let shown = report.rejects.count < report.rejected
            ? " (the first \(report.rejects.count) of \(CountText.text(report.rejected)))" : ""
        return "\nRejected rows\(shown)\n"
            + TextTable(
                names: ["line", "column", "reason", "message"] + (hasRaw ? ["raw"] : []),
                alignsRight: [true, false, false, false] + (hasRaw ? [false] : []),
                rows: report.rejects.map {
                    [String($0.line), $0.column ?? "", $0.reason, $0.message] + (hasRaw ? [$0.raw ?? ""] : [])
                }
            ).rendered(withCount: false)
    }

    private static func row(_ column: FileReport.Column) -> [String] {
        func shown(_ scalar: ScalarValue?) -> String { scalar.flatMap { ResultText.string($0) } ?? "" }
        return [
            column.name, column.header ?? "", column.type.name, CountText.text(column.nullCount), shown(column.minimum),
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

    private static func name(_ byte: UInt8) -> String {
        switch byte {
        case 0x09: "tab"
        case CSVDialect.noQuote: "none"
        default: String(UnicodeScalar(byte))
        }
    }
}
