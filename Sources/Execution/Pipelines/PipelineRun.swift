import Columns
import Synchronization

/// Drives a pipeline's morsels into sinks, one for each worker.
enum PipelineRun {
    /// - Parameters:
    ///   - morsels: Which morsels to run; nil for all.
    ///   - cursor: For sinks that want to stop early.
    /// - Returns: the sinks, in no meaningful order beyond that of `makeSink`'s numbers.
    /// - Throws: the error of the first morsel that failed.
    static func drive<Sink: BatchConsumer & Sendable>(
        _ pipeline: Pipeline, _ context: ExecutionContext, morsels: Range<Int>? = nil,
        makeSink: @Sendable (Int, MorselCursor) -> Sink
    ) throws(ExecutionError) -> [Sink] {
        let range = morsels ?? 0..<pipeline.source.morselCount
        let cursor = MorselCursor(range)
        let workerCount = max(1, min(context.workerCount, range.count))
        let sinks = (0..<workerCount).map { makeSink($0, cursor) }
        let failure = Mutex<(morsel: Int, error: ExecutionError)?>(nil)
        WorkerThreads.run(count: workerCount) { worker in
            let reader = pipeline.makeReader(sinks[worker])
            while let morsel = cursor.take() {
                do throws(ExecutionError) {
                    try context.options.checkRunning()
                    try reader.read(morsel: morsel)
                } catch {
                    cursor.stop()
                    failure.withLock { known in
                        if let earlier = known, earlier.morsel < morsel { return }
                        known = (morsel, error)
                    }
                    return
                }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure.error }
        return sinks
    }
}
