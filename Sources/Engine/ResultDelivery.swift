import Execution

/// The way of a result's rows to whoever reads them: it may be cancelled, its time may run out, and it can be watched.
package struct ResultDelivery: Sendable {
    private var options: ExecutionOptions
    private let activity: StatementActivity

    init(_ options: ExecutionOptions, _ activity: StatementActivity) {
        self.options = options
        self.activity = activity
    }

    /// The same without a time limit: for a person who reads at leisure.
    package func withoutDeadline() -> ResultDelivery {
        var own = self
        own.options.deadline = nil
        return own
    }

    /// - Throws: `Diagnostic`: `busy` when the statement's time is up, `interrupted` when it was cancelled.
    package func checkRunning() throws {
        do throws(ExecutionError) { try options.checkRunning() } catch { throw error.diagnostic }
    }

    func begin(rowCount: Int) { activity.beginDelivery(rowCount: rowCount) }
    func passed(_ rowCount: Int) { activity.delivered(rowCount) }
}
