package import Diagnostics

/// A statement that parses but cannot be planned: unknown names, types that do not fit, what is not supported.
package struct PlanningError: DiagnosableError, Hashable {
    /// What was found, in PostgreSQL's words where it has them.
    package var message: String
    /// UTF-8 byte offset into the statement's text, -1 if unknown.
    package var position: Int
    /// How to put it right, if we know.
    package var hint: String?
    package var kind: FailureKind
    /// The name that no column has, if that is the fault.
    package var missingColumn: String?
    /// Whether the fault is a numeric that no column holds: constants around it may still have a value.
    var isLongNumber = false

    package init(_ message: String, at position: Int, hint: String? = nil, kind: FailureKind = .query) {
        self.message = message
        self.position = position
        self.hint = hint
        self.kind = kind
    }

    /// The error without line and column, which need the text.
    package var diagnostic: Diagnostic {
        let location = position < 0 ? SourceLocation() : SourceLocation(byteOffset: position)
        return Diagnostic(kind, message, at: location, mend: hint)
    }

    /// The error as a message that points into `text`, the text that was parsed; `file` is where it came from.
    package func diagnostic(in text: String, file: String? = nil) -> Diagnostic {
        let location =
            position < 0 ? SourceLocation(file: file) : SourceLocation(file: file, byteOffset: position, in: text)
        return Diagnostic(kind, message, at: location, mend: hint ?? quotesHint(in: text), statement: text)
    }

    /// `sex = "male"` asks for a column: in double quotes stands a name.
    private func quotesHint(in text: String) -> String? {
        guard missingColumn != nil, position >= 0 else { return nil }
        return text.utf8.dropFirst(position).first == UInt8(ascii: "\"") ? "text stands in single quotes; double quotes are for names" : nil
    }
}

extension PlanningError {
    /// Something SQL has and this engine does not.
    static func unsupported(_ what: String, at position: Int, hint: String? = nil) -> PlanningError {
        PlanningError("\(what) is not supported", at: position, hint: hint)
    }

    /// `did you mean "x"?` for the nearest candidate.
    static func suggestion(for name: String, among candidates: [String]) -> String? {
        EditDistance.nearest(to: name, among: candidates).map { "did you mean \"\($0)\"?" }
    }
}
