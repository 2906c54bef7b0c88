package import Diagnostics

/// What became of a file of the inbox.
package enum FileOutcome: Sendable {
    /// A batch of the store now.
    case loaded(batch: Int, members: [RunEvent.Member])
    /// Its bytes are in the store since that batch.
    case known(batch: Int)
    /// It cannot be loaded, whatever is tried: it goes to `failed/`.
    case refused(Diagnostic)
    /// It was written to while it was read, or is gone: nothing of it is in the store.
    case changed
}

/// A report that is whole.
package struct MadeReport: Sendable {
    package var name: String
    /// Counts and measures for the log.
    package var members: [RunEvent.Member]

    package init(name: String, members: [RunEvent.Member] = []) {
        self.name = name
        self.members = members
    }
}

/// The steps of a nightly run as they touch the world, so that a test can stop the run at any of them.
///
/// Each step is done wholly or not at all, and doing a step again after it was done changes nothing.
package protocol NightlyWorld {
    /// Removes what an earlier run left unfinished.
    func prepare() throws
    func scan() throws -> InboxScan
    func load(_ file: InboxFile) throws -> FileOutcome
    /// Moves a file that is in the store out of the way; returns the name it has there.
    func keep(_ file: InboxFile) throws -> String
    /// Moves a refused file out of the way, beside the reason.
    func setAside(_ file: InboxFile, because reason: Diagnostic) throws -> String
    /// The report that the store's data ask for.
    func requestedReport() throws -> ReportRequest
    /// The report that readers see.
    func latestReport() throws -> ArchivedReport?
    /// Makes the report, set beside an earlier one, whole under its own name; readers do not see it yet.
    ///
    /// - Returns: Its name, and what the log tells of it.
    func makeReport(_ request: ReportRequest, comparedWith earlier: ArchivedReport?) throws -> MadeReport
    /// Shows readers the report of this name.
    func publish(_ name: String) throws
    /// Removes reports that are too old.
    func prune() throws -> [String]
    func log(_ event: RunEvent) throws
}
