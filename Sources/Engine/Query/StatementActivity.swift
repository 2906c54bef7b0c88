import Execution
import Synchronization

/// What the statement in hand has done so far; any thread may ask while it runs.
package final class StatementActivity: Sendable {
    private let profiles = Mutex<[QueryProfile]>([])
    private let delivery = Mutex<Delivery?>(nil)

    /// Rows on their way to whoever reads them.
    package struct Delivery: Sendable {
        package let start: ContinuousClock.Instant
        package let total: Int
        package fileprivate(set) var done: Int
    }

    func begin() {
        profiles.withLock { $0 = [] }
        delivery.withLock { $0 = nil }
    }

    /// Rows of the result in hand that were handed over so far; nil before there is one.
    package var deliveredRows: Delivery? { delivery.withLock { $0 } }

    func beginDelivery(rowCount: Int) { delivery.withLock { $0 = Delivery(start: .now, total: rowCount, done: 0) } }
    func delivered(_ rowCount: Int) { delivery.withLock { $0?.done += rowCount } }

    func add(_ profile: QueryProfile) { profiles.withLock { $0.append(profile) } }

    /// Rows of stored tables that scans are through with, and those that scans begun so far have to go through.
    package var scannedRows: (done: Int, total: Int) {
        let entries = profiles.withLock { $0.flatMap(\.entries) }
        let total = entries.reduce(0) { $0 + $1.rowsToScan }
        // A scan that steps of a recursive query have in common may be gone through more than once.
        return (min(total, entries.reduce(0) { $0 + $1.rowsScanned }), total)
    }

    /// Bytes of the blocks that scans have read of stored tables and Parquet files; 0 unless `EngineOptions.countsBytesRead`. Those
    /// of copies are no part of them.
    package var bytesRead: Int {
        profiles.withLock { $0.flatMap(\.entries).reduce(0) { $0 + $1.bytesRead - $1.bytesReadOfCopies } }
    }
}
