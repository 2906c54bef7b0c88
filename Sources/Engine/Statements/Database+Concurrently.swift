import Execution
import Synchronization

extension Database {
    /// Statements that `concurrently` runs at a time: two hide each other's steps that one thread takes alone, and a third would
    /// hold more memory than it saves time.
    private static let statementsAtATime = 2

    /// Does pieces of work that do not depend on each other, two at a time, each with a session of its own and its share of the
    /// threads.
    ///
    /// One after the other, each with all threads, if there is one thread only, and under a memory limit, which is meant for one
    /// statement at a time. What a statement gives does not depend on its threads, so neither do the results.
    /// - Returns: What each piece gave, in order.
    /// - Throws: The error of the first piece, in order, that failed; pieces behind it may not have been begun.
    package func concurrently<Outcome: Sendable>(_ pieces: [@Sendable (Database) throws -> Outcome]) throws -> [Outcome] {
        let workerCount = options.effectiveWorkerCount
        let sessionCount = options.memoryLimit == nil ? min(Database.statementsAtATime, workerCount, pieces.count) : 1
        if sessionCount <= 1 { return try pieces.map { try $0(self) } }
        var own = options
        own.usualMemoryLimit = options.usualMemoryLimit.map { $0 / sessionCount }
        own.workerCount = (workerCount + sessionCount - 1) / sessionCount
        let sessionOptions = own
        let hasFailed = Atomic<Bool>(false)
        let results = WorkerThreads.map(count: pieces.count, workerCount: sessionCount) { index -> Result<Outcome, any Error>? in
            // Pieces are begun in order: one that is not begun comes behind the one that failed.
            if hasFailed.load(ordering: .relaxed) { return nil }
            let session = Database(sharing: self, options: sessionOptions)
            let result = Result { try pieces[index](session) }
            if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
            return result
        }
        return try results.compactMap { $0 }.map { try $0.get() }
    }
}
