/// Turns diagnostics into the text a person reads.
package enum DiagnosticRenderer {
    /// `file:line:column: message; mend` on one line, control characters made visible.
    package static func oneLine(_ diagnostic: Diagnostic) -> String {
        var text = diagnostic.location.description
        if !text.isEmpty { text += ": " }
        text += diagnostic.message
        if let mend = diagnostic.mend { text += "; " + mend }
        return TerminalText.sanitized(text)
    }

    /// The one-line form, then the statement's line and a caret under the byte the location names.
    ///
    /// Wide characters before the caret take two cells, so that it stands under the right one.
    package static func withCaret(_ diagnostic: Diagnostic) -> String {
        guard let statement = diagnostic.statement, let offset = diagnostic.location.byteOffset, offset >= 0 else {
            return oneLine(diagnostic)
        }
        let bytes = Array(statement.utf8)
        let target = min(offset, bytes.count)
        var lineStart = target
        while lineStart > 0, bytes[lineStart - 1] != 0x0A { lineStart -= 1 }
        var lineEnd = target
        while lineEnd < bytes.count, bytes[lineEnd] != 0x0A { lineEnd += 1 }
        // A very long line is shown around the caret only.
        let windowStart = max(lineStart, target - 120)
        let windowEnd = min(lineEnd, target + 120)
        let before = TerminalText.sanitized(String(decoding: bytes[windowStart..<target], as: UTF8.self))
        let after = TerminalText.sanitized(String(decoding: bytes[target..<windowEnd], as: UTF8.self))
        let caretIndent = String(repeating: " ", count: DisplayWidth.of(before))
        return oneLine(diagnostic) + "\n  " + before + after + "\n  " + caretIndent + "^"
    }
}
