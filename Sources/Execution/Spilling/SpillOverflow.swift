import Synchronization

/// The spill file that workers of one operator share, made when the first of them needs it.
final class SpillOverflow: Sendable {
    private let made = Mutex<SpillStore?>(nil)
    private let context: ExecutionContext
    private let counters: OperatorCounters

    init(_ context: ExecutionContext, counters: OperatorCounters) {
        self.context = context
        self.counters = counters
    }

    /// The file if any worker has asked for it.
    var used: SpillStore? { made.withLock { $0 } }

    func store() throws(ExecutionError) -> SpillStore {
        let result = made.withLock { made -> Result<SpillStore, ExecutionError> in
            if let made { return .success(made) }
            do throws(ExecutionError) {
                let new = try SpillStore(context, counters: counters)
                made = new
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
