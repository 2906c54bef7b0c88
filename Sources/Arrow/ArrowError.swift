package import Diagnostics

/// Why rows cannot be written as Arrow.
package struct ArrowError: DiagnosableError, Hashable {
    package var column: String
    package var what: String
    package var mend: String?

    package var diagnostic: Diagnostic { Diagnostic(.query, "column \"\(column)\": \(what)", mend: mend) }
}
