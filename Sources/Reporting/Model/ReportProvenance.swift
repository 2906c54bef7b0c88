/// What a report was made from and with; no clock is read.
package struct ReportProvenance: Hashable, Sendable {
    /// SHA-256 of the newest commit of the store, in hexadecimal.
    package var storeHead: String?
    package var commit: Int64?
    package var toolVersion: String
    /// The text given by `--as-of`.
    package var asOf: String?

    package init(storeHead: String?, commit: Int64?, toolVersion: String, asOf: String?) {
        self.storeHead = storeHead
        self.commit = commit
        self.toolVersion = toolVersion
        self.asOf = asOf
    }
}
