/// What a client says once its session has begun.
package enum FrontendMessage: Hashable, Sendable {
    /// `Q`: statements as text.
    case query(String)
    /// `P`; an object id of 0 leaves a parameter's type open.
    case parse(name: String, query: String, parameterTypes: [UInt32])
    /// `B`; a nil value is NULL.
    case bind(portal: String, statement: String, formats: [ValueFormat], values: [[UInt8]?], resultFormats: [ValueFormat])
    /// `D`.
    case describeStatement(String)
    case describePortal(String)
    /// `E`; 0 for all rows.
    case execute(portal: String, rowLimit: Int)
    /// `C`.
    case closeStatement(String)
    case closePortal(String)
    /// `H`.
    case flush
    /// `S`.
    case sync
    /// `X`.
    case terminate
    /// `p`: a password or a step of SASL, depending on what was asked.
    case authentication([UInt8])
    /// `d`, `c`, `f`: parts of COPY FROM, which is never asked for; they are passed over.
    case copyRemainder
}

/// What a client says first.
package enum StartupMessage: Hashable, Sendable {
    case start(version: UInt32, parameters: [String: String])
    case requestTLS
    case requestGSS
    case cancel(processID: Int32, secret: Int32)
}
