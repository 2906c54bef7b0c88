import Diagnostics

/// Why a call failed: where, what was found, and how to put it right.
///
/// Every throwing function of this library throws this type and no other, apart from errors that a closure of yours throws.
/// A call that fails has changed nothing.
public struct FundError: Error, Hashable, Sendable {
    /// What kind of failure it is, for a program that reacts to it.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A statement cannot be parsed or bound, or it failed on a value.
        case query
        /// A call that makes no sense: an unknown indicator, an option out of its range, a column read as what it is not.
        case usage
        /// Bad rows in a file, or a damaged store.
        case badData
        /// There is no such file or store.
        case noInput
        /// A fault of the library itself.
        case internalFault
        /// A file cannot be created, or the disk is full.
        case cannotCreate
        /// Reading or writing failed.
        case inputOutput
        /// Another writer holds the store, a limit of memory or rows is reached, or time is up.
        case busy
        /// The operating system refused access.
        case permission
        /// A profile or another settings file is wrong.
        case configuration
        /// The call was cancelled.
        case cancelled
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// What was found and, where it is not plain, what was expected. One sentence without a final stop.
    public let message: String
    /// How to put it right; nil where nothing helps. Options of the program (`--max-rejects`) stand for settings of the same
    /// meaning here (``IngestSettings/rejectLimit``).
    public let mend: String?
    /// The file or folder the failure is about; nil for a statement.
    public let file: String?
    /// 1-based line in the file or the statement; nil if unknown.
    public let line: Int?
    /// 1-based column in the line, in bytes of UTF-8; nil if unknown.
    public let column: Int?
    /// 0-based offset in ``statement``, in bytes of UTF-8; nil if unknown.
    public let byteOffset: Int?
    /// The text of the statement the place is in; nil for a failure that is about none.
    public let statement: String?

    private let diagnostic: Diagnostic

    init(_ diagnostic: Diagnostic) {
        self.diagnostic = diagnostic
        kind = Kind(diagnostic.kind)
        message = diagnostic.message
        mend = diagnostic.mend
        file = diagnostic.location.file
        line = diagnostic.location.line
        column = diagnostic.location.column
        byteOffset = diagnostic.location.byteOffset
        statement = diagnostic.statement
    }

    /// The error of a call by this module's own words.
    init(_ kind: FailureKind, _ message: String, file: String? = nil, mend: String? = nil) {
        self.init(Diagnostic(kind, message, at: SourceLocation(file: file), mend: mend))
    }

    /// Whatever a module below threw.
    init(_ error: any Error) {
        if let error = error as? FundError {
            self = error
        } else if let error = error as? any DiagnosableError {
            self.init(error.diagnostic)
        } else {
            self.init(.internalError, "an error of no known kind: \(error)")
        }
    }

    /// Runs `work` and says what it throws as an error of this type.
    static func saying<Value>(_ work: () throws -> Value) throws(FundError) -> Value {
        do { return try work() } catch { throw FundError(error) }
    }
}

extension FundError: CustomStringConvertible {
    /// `file:line:column: message; mend` on one line, control characters made visible.
    public var description: String { DiagnosticRenderer.oneLine(diagnostic) }

    /// The same, followed by the line of the statement and a caret under the place, if there is one.
    public var explanation: String { DiagnosticRenderer.withCaret(diagnostic) }
}

extension FundError.Kind {
    init(_ kind: FailureKind) {
        switch kind {
        case .query: self = .query
        case .usage: self = .usage
        case .badData: self = .badData
        case .noInput: self = .noInput
        case .internalError: self = .internalFault
        case .cannotCreate: self = .cannotCreate
        case .inputOutput: self = .inputOutput
        case .busy: self = .busy
        case .permission: self = .permission
        case .configuration: self = .configuration
        case .interrupted: self = .cancelled
        }
    }
}
