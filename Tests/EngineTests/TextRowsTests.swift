import Columns
import Diagnostics
import Engine
import Glibc
import Synchronization
import Testing

/// Cells written as bytes are those of the plain functions on strings.
@Suite("Rows as text, and their delivery")
struct TextRowsTests {
    private static func text(_ column: Vector, _ row: Int) -> String? { ResultText.string(column, row: row) }

    private static func json(_ column: Vector, _ row: Int) -> String {
        guard let text = text(column, row) else { return "null" }
        return switch column.type {
        case .boolean, .integer, .bigint, .numeric: text
        case .double: text.contains { $0.isLetter && $0 != "e" } ? JSONString.quoted(text) : text
        default: JSONString.quoted(text)
        }
    }

    private static func markup(_ column: Vector, _ row: Int) -> String {
        guard let text = text(column, row) else { return "<td class=\"null\"></td>" }
        var escaped = ""
        for scalar in text.unicodeScalars {
            let names: [Unicode.Scalar: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;", "\n": "\n", "\t": "\t"]
            escaped += names[scalar] ?? TerminalText.sanitized(String(scalar))
        }
        return (column.type.isNumber ? "<td class=\"number\">" : "<td>") + escaped + "</td>"
    }

    private static func markdown(_ column: Vector, _ row: Int) -> String {
        TerminalText.sanitized(text(column, row) ?? "").replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }

    @Test("each cell is written as by itself, for any number of threads", arguments: [1, 2, 3]) func cells(workerCount: Int) throws {
        var random = SeededRandom(seed: 41)
        let batches = [5000, 1, 0, 2048].map { DelimitedRowsTests.batch($0, &random) }
        let fields = batches[0].columns.enumerated().map { Field(name: "c\($0)", type: $1.type, isNullable: true) }
        let result = QueryResult(schema: Schema(fields), batches: batches)
        var expected: [String] = []
        for batch in batches {
            let columns = batch.columns.map { $0.flattened() }
            for row in 0..<batch.rowCount {
                var line = "\(expected.count)"
                for column in columns {
                    line += " " + Self.json(column, row) + Self.markup(column, row) + Self.markdown(column, row)
                    line += Self.text(column, row).map { TerminalText.sanitized($0) } ?? "NULL"
                }
                expected.append(line + "\n")
            }
        }
        var bytes: [UInt8] = []
        try TextRows(workerCount: workerCount).write(result) { columns, row, number, text in
            text.append(Array("\(number)".utf8))
            for column in columns {
                text.append(" ")
                text.appendJSON(column, row: row)
                text.appendMarkup(column, row: row)
                text.appendMarkdown(column, row: row)
                text.appendVisible(column, row: row)
            }
            text.append("\n")
        } to: { bytes += $0 }
        #expect(bytes == Array(expected.joined().utf8))
    }

    @Test("reading a result stops when its statement is cancelled or out of time; at leisure there is no time limit") func delivery() throws {
        let isCancelled = Atomic(false)
        var options = EngineOptions()
        options.isCancelled = { isCancelled.load(ordering: .relaxed) }
        options.timeout = .seconds(3)
        let database = Database(path: "/nowhere", options: options)
        let start = ContinuousClock.now
        let result = try database.query("select g from generate_series(1, 10) g(g)")
        var rowCount = 0
        try result.forEachBatch { rowCount += $0.rowCount }
        #expect(rowCount == 10)
        #expect(database.activity.deliveredRows.map { [$0.done, $0.total] } == [10, 10])
        while ContinuousClock.now - start < .milliseconds(3100) { try? result.readAtLeisure().forEachBatch { _ in } }
        #expect(#expect(throws: Diagnostic.self) { try result.forEachBatch { _ in } }?.kind == .busy)
        try result.readAtLeisure().forEachBatch { rowCount += $0.rowCount }
        #expect(rowCount == 20)
        isCancelled.store(true, ordering: .relaxed)
        #expect(#expect(throws: Diagnostic.self) { try result.readAtLeisure().forEachBatch { _ in } }?.kind == .interrupted)
    }

    @Test("rows that lie in a file are read at leisure, too, and not out of time") func deliveryOfKeptRows() throws {
        var options = EngineOptions()
        options.memoryLimit = 1 << 20
        options.timeout = .seconds(6)
        let database = Database(path: "/nowhere", options: options)
        let start = ContinuousClock.now
        var kept: QueryResult?
        try database.run("select g, g || ' text' as t from generate_series(1, 100000) g(g)") { outcome in
            if case .rows(let result) = outcome.content { kept = result }
        }
        let result = try #require(kept)
        #expect(result.rowCount == 100_000)
        while ContinuousClock.now - start < .milliseconds(6100) { usleep(10_000) }
        #expect(#expect(throws: Diagnostic.self) { try result.forEachBatch { _ in } }?.kind == .busy)
        var rowCount = 0
        try result.readAtLeisure().forEachBatch { rowCount += $0.rowCount }
        #expect(rowCount == 100_000)
    }
}
