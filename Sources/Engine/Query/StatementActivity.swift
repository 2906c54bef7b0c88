import Execution
import Synchronization

/// What the statement in hand has done so far; any thread may ask while it runs.
package final class StatementActivity: Sendable {
    private let profiles = Mutex<[QueryProfile]>([])

    func begin() { profiles.withLock { $0 = [] } }

    func add(_ profile: QueryProfile) { profiles.withLock { $0.append(profile) } }

    /// Bytes of the blocks that scans of stored tables have read; 0 unless `EngineOptions.countsBytesRead`.
    package var bytesRead: Int {
        profiles.withLock { $0.flatMap(\.entries).reduce(0) { $0 + $1.bytesRead } }
    }
}
