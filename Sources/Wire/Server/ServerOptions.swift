package import Engine

/// How a server serves.
package struct ServerOptions: Sendable {
    package var host = "127.0.0.1"
    package var port = 5433
    /// What every session begins with; its limits can be lowered by a client, not raised.
    package var engine = EngineOptions()
    /// Sessions at a time.
    package var clientLimit = 100
    /// Connections at a time that have not said who they are; they take no place of a session.
    package var strangerLimit = 64
    /// Statements that run at a time; the others wait for their turn.
    package var statementLimit = 4
    /// Bytes of rows that a session may keep for later in cursors, and as many in portals; one result may have more.
    package var keptByteLimit = 512 << 20
    /// Seconds a session may be silent outside a statement; nil for as long as it likes.
    package var idleSeconds: Double? = 3600
    /// Seconds a connection may take to say who it is.
    package var authenticationSeconds: Double = 10
    /// Seconds a client may take nothing of what it asked for.
    package var patienceSeconds: Double = 30
    /// Seconds that running statements have when the server is asked to end.
    package var graceSeconds: Double = 10
    /// Who may connect, asked at each login; nil for everybody, which is for loopback only.
    package var credentials: (@Sendable () throws -> Credentials)?
    /// Files of the certificate chain and the private key; nil for no TLS.
    package var tlsFiles: (certificate: String, key: String)?
    /// Whether a client must speak TLS.
    package var requiresTLS = false
    /// Told what happens, and to which user from where: never the text of a statement, nor a value.
    package var log: @Sendable (String) -> Void = { _ in }

    package init() {}
}
