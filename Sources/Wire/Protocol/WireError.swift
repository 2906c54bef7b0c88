/// A failure that a client is told: its SQLSTATE, what was found, and the mend.
package struct WireError: Error, Hashable, Sendable {
    package var state: SQLState
    package var message: String
    package var hint: String?
    /// The place in the query's text in characters, from 1; nil where there is none.
    package var position: Int?
    /// Whether the session ends with it.
    package var isFatal = false

    package init(_ state: SQLState, _ message: String, hint: String? = nil, position: Int? = nil, isFatal: Bool = false) {
        self.state = state
        self.message = message
        self.hint = hint
        self.position = position
        self.isFatal = isFatal
    }
}

extension WireError {
    /// Any error as a client is told it.
    init(describing error: any Error) {
        self = (error as? WireError) ?? WireError(.internalError, "an internal error")
    }
}
