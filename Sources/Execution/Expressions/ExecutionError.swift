package import Diagnostics

/// What went wrong while a statement ran, and where in the statement.
package struct ExecutionError: DiagnosableError, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case divisionByZero
        /// `<type> out of range`: integer, bigint, date, timestamp, interval …
        case outOfRange(String)
        case numericFieldOverflow
        /// A numeric of a function for which 38 digits are not enough.
        case resultBeyondDigits(of: String)
        /// A double grew beyond, or shrank below, what the type holds.
        case doubleOverflow
        case doubleUnderflow
        /// Text that is no value of the type it is cast to.
        case invalidText(type: String, text: String)
        /// A date or time with a field such as month 13.
        case fieldOutOfRange(text: String)
        /// A function got an argument outside of what it is defined for; the message says which.
        case invalidArgument(String)
        /// Something that is refused by name.
        case unsupported(String)
        case moreThanOneRow
        /// A failure below this module (storage, memory, cancellation) that already knows how to say itself.
        case diagnosed(Diagnostic)
    }

    package var kind: Kind
    /// Byte offset into the statement, or -1 where there is none.
    package var position: Int

    package init(_ kind: Kind, position: Int = -1) {
        self.kind = kind
        self.position = position
    }

    package var diagnostic: Diagnostic {
        if case .diagnosed(let diagnostic) = kind { return diagnostic }
        let location = position >= 0 ? SourceLocation(byteOffset: position) : SourceLocation()
        return Diagnostic(.query, message, at: location, mend: mend)
    }

    /// The sentence PostgreSQL says for the same mistake.
    package var message: String {
        switch kind {
        case .divisionByZero: "division by zero"
        case .outOfRange(let type): "\(type) out of range"
        case .numericFieldOverflow: "numeric field overflow"
        case .resultBeyondDigits(let function):
            "\(function) of numerics is not supported where the result needs more than 38 digits"
        case .doubleOverflow: "value out of range: overflow"
        case .doubleUnderflow: "value out of range: underflow"
        case .invalidText(let type, let text): "invalid input syntax for type \(type): \"\(text.prefix(64))\""
        case .fieldOutOfRange(let text): "date/time field value out of range: \"\(text.prefix(64))\""
        case .invalidArgument(let message), .unsupported(let message): message
        case .moreThanOneRow: "more than one row returned by a subquery used as an expression"
        case .diagnosed(let diagnostic): diagnostic.message
        }
    }

    private var mend: String? {
        switch kind {
        case .divisionByZero: "guard the divisor, for example with nullif(divisor, 0)"
        case .numericFieldOverflow: "cast to a numeric with more digits before the point"
        case .resultBeyondDigits: "cast an argument to double precision"
        case .outOfRange("integer"): "cast an operand to bigint"
        case .outOfRange("bigint"): "cast an operand to numeric"
        case .moreThanOneRow: "limit the subquery to one row or aggregate it"
        case .diagnosed(let diagnostic): diagnostic.mend
        default: nil
        }
    }
}
