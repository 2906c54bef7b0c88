/// What a nightly run did.
package struct NightlyOutcome: Sendable {
    /// Names of files with the batch that holds them.
    package var loaded: [(name: String, batch: Int)] = []
    package var known: [(name: String, batch: Int)] = []
    /// Names of refused files as they are called in `failed/`.
    package var refused: [String] = []
    /// Files left for the next run.
    package var waiting: [String] = []
    /// The report readers see now.
    package var reportName = ""
    /// Whether this run made it, rather than finding that nothing has changed.
    package var isReportNew = false
}
