import Diagnostics
import Synchronization

/// How a plan is run.
package struct ExecutionOptions: Sendable {
    /// Threads that work on one plan, the caller's among them; results do not depend on it.
    package var workerCount: Int
    /// Bytes that intermediate results may take together; nil for no limit.
    package var memoryLimitBytes: Int?
    /// Whether nobody asked for the limit: it is there for what would take all of the machine's memory.
    package var isUsualLimit = false
    /// Bytes of the limit that are taken by answers of other plans.
    package var heldByteCount = 0
    /// When the plan must be done; nil for never.
    package var deadline: ContinuousClock.Instant?
    /// The time that the deadline leaves, for what is said when it is up.
    package var timeLimit: Duration?
    package var cancellation: CancellationToken?
    /// Groups above which a worker may put rows aside and group them with all others at the end, in pieces that fit a
    /// cache. Results do not depend on it.
    package var deferringGroupCount: Int
    /// Runs of a key that a batch must have for its groups to be sought within them. Results do not depend on it.
    package var leastRunCount: Int
    /// Folders to try, in this order, for files of rows that memory has no room for.
    package var temporaryDirectories: [String]
    /// Bytes one operator may hold before it spills; nil for a part of the memory limit. Results do not depend on it.
    package var spillingByteCount: Int?
    /// What statements before have found out about joins of stored tables; nil to find out everything anew. Results do not
    /// depend on it.
    package var filterMemory: FilterMemory?

    package init(
        workerCount: Int = 1, memoryLimitBytes: Int? = nil, deadline: ContinuousClock.Instant? = nil,
        timeLimit: Duration? = nil, cancellation: CancellationToken? = nil, deferringGroupCount: Int = 65_536, leastRunCount: Int = 64,
        temporaryDirectories: [String] = ["/var/tmp", "/tmp"], spillingByteCount: Int? = nil
    ) {
        self.workerCount = max(1, workerCount)
        self.memoryLimitBytes = memoryLimitBytes
        self.deadline = deadline
        self.timeLimit = timeLimit
        self.cancellation = cancellation
        self.deferringGroupCount = deferringGroupCount
        self.leastRunCount = leastRunCount
        self.temporaryDirectories = temporaryDirectories
        self.spillingByteCount = spillingByteCount
    }

    /// - Throws: `busy` when time is up, `interrupted` when the token was cancelled.
    package func checkRunning() throws(ExecutionError) {
        if let cancellation, cancellation.isCancelled {
            throw ExecutionError(.diagnosed(Diagnostic(.interrupted, "the statement was cancelled")))
        }
        if let deadline, ContinuousClock.now >= deadline {
            let mend = "allow it more time or narrow the query"
            guard let timeLimit else { throw ExecutionError(.diagnosed(Diagnostic(.busy, "the statement ran out of time", mend: mend))) }
            throw ExecutionError(
                .diagnosed(Diagnostic(.busy, "the statement ran out of time after \(LimitText.duration(timeLimit))", mend: mend)))
        }
    }
}

/// Stops a running plan from another thread.
package final class CancellationToken: Sendable {
    private let flag = Atomic<Bool>(false)
    private let poll: @Sendable () -> Bool

    /// - Parameter poll: Asked once a morsel; true cancels too.
    package init(polling poll: @escaping @Sendable () -> Bool = { false }) { self.poll = poll }

    package var isCancelled: Bool { flag.load(ordering: .relaxed) || poll() }
    package func cancel() { flag.store(true, ordering: .relaxed) }
}
