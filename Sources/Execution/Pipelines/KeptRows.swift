package import Columns

/// The rows a plan gave: in memory, or in a file that goes away with them.
package struct KeptRows: Sendable {
    package let rowCount: Int
    private let pipeline: Pipeline
    private let places: [Int]
    private let context: ExecutionContext

    /// - Parameter pipeline: One that is kept.
    init(_ pipeline: Pipeline, places: [Int], _ context: ExecutionContext) {
        self.pipeline = pipeline
        self.places = places
        // Whoever reads them looks at the time, if there is a limit: a person at a pager has none.
        self.context = context.withoutDeadline()
        rowCount = pipeline.source.estimatedRowCount
    }

    /// The batches if they are in memory, else nil.
    package var batchesInMemory: [Batch]? {
        (pipeline.source as? RelationSource)?.relation.batches.map { Executor.arranged($0, places) }
    }

    /// Hands over the batches in order.
    ///
    /// - Throws: what `body` throws, or that rows cannot be read back.
    package func forEachBatch(_ body: (Batch) throws -> Void) throws {
        var failure: (any Error)?
        do throws(ExecutionError) {
            try Executor.forEachBatch(of: pipeline, context) { batch throws(ExecutionError) in
                do { try body(Executor.arranged(batch, places)) } catch {
                    failure = error
                    throw ExecutionError(.unsupported("the reader stopped"))
                }
            }
        } catch {
            throw failure ?? error.diagnostic
        }
    }
}
