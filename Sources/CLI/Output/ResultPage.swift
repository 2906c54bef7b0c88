import Columns
import Diagnostics
import Engine

/// A result as a table of an HTML page: one page an output, a table each result.
enum ResultPage {
    static func write(_ result: QueryResult, to sink: OutputSink) throws {
        if sink.isEmpty { try sink.write(head) }
        try sink.write("<table>\n<thead><tr>")
        for field in result.schema.fields { try sink.write("<th>\(escaped(field.name))</th>") }
        try sink.write("</tr></thead>\n<tbody>\n")
        try result.forEachBatch { batch in
            let columns = batch.columns.map { $0.flattened() }
            for row in 0..<batch.rowCount {
                var line = "<tr>"
                for column in columns {
                    guard let text = ResultText.string(column, row: row) else {
                        line += "<td class=\"null\"></td>"
                        continue
                    }
                    line += (column.type.isNumber ? "<td class=\"number\">" : "<td>") + escaped(text) + "</td>"
                }
                try sink.write(line + "</tr>\n")
            }
        }
        try sink.write("</tbody>\n</table>\n")
    }

    private static let head = """
        <!doctype html>
        <meta charset="utf-8">
        <title>fundwatch</title>
        <style>
        table { border-collapse: collapse; margin: 1em 0; font: 14px sans-serif; }
        th, td { border: 1px solid #ccc; padding: 2px 8px; text-align: left; white-space: pre-wrap; }
        td.number { text-align: right; } td.null { background: #f4f4f4; }
        </style>

        """

    /// Markup in data is text; control characters but line breaks and tabs are shown.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default: result += TerminalText.sanitized(String(scalar))
            }
        }
        return result
    }
}
