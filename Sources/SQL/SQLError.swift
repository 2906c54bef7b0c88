package import Diagnostics

/// A mistake in a statement's text, or something in it that is not supported.
package struct SQLError: Error, Sendable, Equatable {
    /// What was found, in PostgreSQL's words where it has them.
    package var message: String
    /// UTF-8 byte offset into the parsed text, -1 if unknown.
    package var position: Int
    /// What to write instead, if we know.
    package var hint: String?

    package init(_ message: String, position: Int = -1, hint: String? = nil) {
        self.message = message
        self.position = position
        self.hint = hint
    }

    /// The error as a message that points into `text`, the text that was parsed; `file` is where it came from.
    package func diagnostic(in text: String, file: String? = nil) -> Diagnostic {
        let location =
            position < 0
            ? SourceLocation(file: file) : SourceLocation(file: file, byteOffset: position, in: text)
        return Diagnostic(.query, message, at: location, mend: hint, statement: text)
    }
}
