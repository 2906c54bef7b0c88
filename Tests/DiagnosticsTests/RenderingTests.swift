import Diagnostics
import Testing

/// Testing has a type of the same name.
typealias Place = Diagnostics.SourceLocation

@Suite("Rendering of diagnostics")
struct RenderingTests {
    @Test(
        "a location is written as far as it is known",
        arguments: [
            (Place(), ""), (Place(file: "a.csv"), "a.csv"),
            (Place(file: "a.csv", line: 3), "a.csv:3"),
            (Place(file: "a.csv", line: 3, column: 7), "a.csv:3:7"), (Place(line: 3, column: 7), "3:7"),
            (Place(file: "a.csv", column: 7), "a.csv"), (Place(file: "a.csv", byteOffset: 9), "a.csv"),
        ])
    func locations(location: Place, expected: String) {
        #expect(location.description == expected)
    }

    @Test(
        "lines and columns are counted from the byte offset",
        arguments: [
            (0, 1, 1), (1, 1, 2), (3, 1, 4), (4, 2, 1), (7, 2, 4), (8, 3, 1),
        ])
    func counting(offset: Int, line: Int, column: Int) {
        // "中" takes three bytes.
        let location = Place(file: "q.sql", byteOffset: offset, in: "abc\n中\nx")
        #expect(location.line == line)
        #expect(location.column == column)
        #expect(location.byteOffset == offset)
        #expect(location.file == "q.sql")
    }

    @Test("one line holds place, message and mend")
    func oneLine() {
        let place = Place(file: "claims.csv", line: 1042, column: 7)
        let diagnostic = Diagnostic(.badData, "amount \"12,50\" is not a decimal", at: place, mend: "write \"12.50\"")
        #expect(
            DiagnosticRenderer.oneLine(diagnostic)
                == "claims.csv:1042:7: amount \"12,50\" is not a decimal; write \"12.50\"")
        #expect(DiagnosticRenderer.oneLine(Diagnostic(.usage, "no verb")) == "no verb")
        #expect(diagnostic.diagnostic == diagnostic)
    }

    @Test(
        "the caret stands under the byte, also after wide characters and on later lines",
        arguments: [
            ("select x", 7, "  select x\n         ^"), ("select\n  '中文' + y", 20, "    '中文' + y\n             ^"),
            ("abc", 3, "  abc\n     ^"), ("abc", 99, "  abc\n     ^"),
        ])
    func carets(statement: String, offset: Int, expected: String) {
        let diagnostic = Diagnostic(
            .query, "no column", at: Place(byteOffset: offset), statement: statement)
        #expect(DiagnosticRenderer.withCaret(diagnostic) == "no column\n" + expected)
    }

    @Test("without a statement or an offset there is no caret")
    func noCaret() {
        #expect(DiagnosticRenderer.withCaret(Diagnostic(.query, "x")) == "x")
        #expect(DiagnosticRenderer.withCaret(Diagnostic(.query, "x", statement: "select")) == "x")
        let negative = Diagnostic(.query, "x", at: Place(byteOffset: -1), statement: "select")
        #expect(DiagnosticRenderer.withCaret(negative) == "x")
    }

    @Test("a very long statement is shown around the caret only")
    func longStatement() {
        let statement = String(repeating: "a", count: 1000)
        let text = DiagnosticRenderer.withCaret(
            Diagnostic(.query, "x", at: Place(byteOffset: 500), statement: statement))
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].count == 2 + 240)
        #expect(lines[2].count == 2 + 120 + 1)
    }

    @Test("control characters in messages are made visible")
    func sanitizedMessages() {
        let diagnostic = Diagnostic(.badData, "value \u{1B}[31m\nred\u{202E}")
        #expect(DiagnosticRenderer.oneLine(diagnostic) == "value \\u{1b}[31m\\nred\\u{202e}")
    }
}
