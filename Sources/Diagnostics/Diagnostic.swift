/// What kind of failure a diagnostic reports; the command line turns it into an exit code.
package enum FailureKind: String, Sendable, CaseIterable {
    /// The query or a check failed.
    case query
    /// The command was called wrongly.
    case usage
    /// Bad data in an input, or a damaged store.
    case badData
    /// There is no such input file or store.
    case noInput
    /// A bug of Fundwatch.
    case internalError
    /// A file cannot be created, or the disk is full.
    case cannotCreate
    /// Reading or writing failed.
    case inputOutput
    /// Another writer holds the store, a limit is reached, or time is up.
    case busy
    /// The operating system refused access.
    case permission
    /// A configuration file or value is wrong.
    case configuration
    /// A signal asked to stop.
    case interrupted
}

/// One message to a person: where, what was found, what was expected, and the mend.
package struct Diagnostic: Error, Hashable, Sendable {
    package var kind: FailureKind
    package var location: SourceLocation
    package var message: String
    /// How to put it right, a sentence without a final stop; nil where nothing helps.
    package var mend: String?
    /// The statement the location points into, for a caret.
    package var statement: String?

    package init(
        _ kind: FailureKind, _ message: String, at location: SourceLocation = SourceLocation(), mend: String? = nil,
        statement: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.location = location
        self.mend = mend
        self.statement = statement
    }
}

/// An error of a module that knows how to say itself to a person.
package protocol DiagnosableError: Error {
    var diagnostic: Diagnostic { get }
}

extension Diagnostic: DiagnosableError {
    package var diagnostic: Diagnostic { self }
}
