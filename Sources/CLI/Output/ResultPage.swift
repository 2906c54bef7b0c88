import Columns
import Diagnostics
import Engine

/// A result as a table of an HTML page: one page an output, a table each result.
enum ResultPage {
    static func write(_ result: QueryResult, workerCount: Int?, to sink: OutputSink) throws {
        if sink.isEmpty { try sink.write(head) }
        try sink.write("<table>\n<thead><tr>")
        for field in result.schema.fields { try sink.write("<th>\(CellText.markup(field.name))</th>") }
        try sink.write("</tr></thead>\n<tbody>\n")
        try TextRows(workerCount: workerCount).write(result) { columns, row, _, text in
            text.append("<tr>")
            for column in columns { text.appendMarkup(column, row: row) }
            text.append("</tr>\n")
        } to: { try sink.write($0) }
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
}
