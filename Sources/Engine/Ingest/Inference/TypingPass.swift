import CSV
import Diagnostics
import Execution
import Synchronization

/// Reads a whole file for nothing but the types of its columns, on all workers.
enum TypingPass {
    /// What the values of each column have in common; the same for any number of workers.
    static func run(
        _ reader: CSVReader, workerCount: Int, options: IngestOptions, isCancelled: @escaping @Sendable () -> Bool
    ) throws -> TypeSummary {
        let pass = Pass(reader: reader, options: options, isCancelled: isCancelled)
        WorkerThreads.run(count: workerCount) { _ in pass.work() }
        if let failure = pass.failure.withLock({ $0 }) { throw failure }
        return pass.total.withLock { $0 }
    }

    private final class Pass: Sendable {
        let total: Mutex<TypeSummary>
        let failure = Mutex<(any Error)?>(nil)
        private let reader: CSVReader
        private let options: IngestOptions
        private let isCancelled: @Sendable () -> Bool

        init(reader: CSVReader, options: IngestOptions, isCancelled: @escaping @Sendable () -> Bool) {
            self.reader = reader
            self.options = options
            self.isCancelled = isCancelled
            total = Mutex(TypeSummary(columnCount: reader.columnCount))
        }

        func work() {
            do {
                while failure.withLock({ $0 == nil }), let chunk = try reader.nextChunk() {
                    if isCancelled() { throw Diagnostic(.interrupted, "interrupted") }
                    let found = chunk.summarizeTypes(knowing: total.withLock { $0 })
                    total.withLock { $0.merge(found) }
                    options.progress?(reader.diskByteCount, 0)
                }
            } catch {
                failure.withLock { if $0 == nil { $0 = error } }
            }
        }
    }
}
