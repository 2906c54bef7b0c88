/// What the server says it is. Drivers choose their queries by the version.
package enum ServerIdentity {
    /// PostgreSQL's dialect of the parser, then who it is really.
    static let version = "15.0 (Fundwatch)"
    static let versionNumber = "150000"
}
