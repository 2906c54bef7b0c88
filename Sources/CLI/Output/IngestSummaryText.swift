import Columns
import Diagnostics
import Engine
import Indicators

/// The reconciling summary of a load.
struct IngestSummaryText {
    let language: DisplayLanguage
    /// Cells of the titles' column.
    private static let titleWidth = 13

    func render(_ summary: IngestSummary) -> String {
        let (read, loaded, rejected) = (
            CountText.text(summary.linesRead), CountText.text(summary.loaded), CountText.text(summary.rejected)
        )
        var lines = [
            line(say("lines read", "读取行数"), say("\(read) = \(loaded) loaded + \(rejected) rejected", "\(read) = 载入 \(loaded) + 拒收 \(rejected)"))
        ]
        if !summary.rejectCauses.isEmpty {
            let causes = RejectReasonText.text(summary.rejectCauses, in: language)
            let file = "rejects/\(summary.batchID).csv"
            lines.append(line(say("rejected", "拒收原因"), say("\(causes); see \(file) in the store", "\(causes)；见数据仓中的 \(file)")))
        }
        for sum in summary.sums {
            if case .numeric(let unscaled, let scale) = sum.value {
                lines.append(line(sum.column, DecimalText.string(unscaled: unscaled, scale: scale)))
            }
        }
        if let column = summary.timeColumn, case .timestamp(let first) = summary.firstTime,
            case .timestamp(let last) = summary.lastTime
        {
            let (first, last) = (ResultText.timestamp(first), ResultText.timestamp(last))
            lines.append(line(column, say("\(first) to \(last)", "\(first) 至 \(last)")))
        }
        let (source, stored) = (ByteSize.text(summary.sourceSize), ByteSize.text(summary.storedSize))
        lines.append(
            line(
                say("bytes", "字节"),
                say("\(source) read (\(summary.encoding)), \(stored) stored", "读取 \(source)（\(summary.encoding)），存储 \(stored)")))
        if !summary.dateForms.isEmpty {
            let forms = Dictionary(grouping: summary.dateForms, by: \.form).map { form, columns in
                "\(columns.map(\.column).joined(separator: ", ")) \(say("as", "形如")) \(form)"
            }
            lines.append(line(say("dates", "日期"), forms.sorted().joined(separator: "; ")))
        }
        if !summary.extraColumns.isEmpty {
            let names = TerminalText.sanitized(summary.extraColumns.prefix(8).joined(separator: ", "))
                + (summary.extraColumns.count > 8 ? ", …" : "")
            let count = summary.extraColumns.count
            lines.append(line(say("extra", "其他列"), say("\(count) columns kept as text: \(names)", "\(count) 列按文本保留：\(names)")))
        }
        for note in summary.notes {
            let (title, text) = IngestSummaryText.said(note, in: language)
            lines.append(line(title, TerminalText.sanitized(text)))
        }
        return lines.joined(separator: "\n")
    }

    /// A note of a load in a language.
    static func said(_ note: (title: String, text: String), in language: DisplayLanguage) -> (title: String, text: String) {
        switch note.title {
        case "types": (BilingualText("types", "类型")[language], note.text)
        case "folders": (BilingualText("folders", "文件夹")[language], BilingualText(note.text, ChineseMessages.text(note.text))[language])
        default: note
        }
    }

    private func say(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }

    private func line(_ title: String, _ text: String) -> String {
        "  " + title + String(repeating: " ", count: max(1, Self.titleWidth - DisplayWidth.of(title))) + text
    }
}
