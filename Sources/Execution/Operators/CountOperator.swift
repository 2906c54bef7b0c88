import Columns

/// Passes batches on and counts them, where no other step would.
struct CountOperator: PipelineOperator {
    private let counters: OperatorCounters

    init(_ counters: OperatorCounters) { self.counters = counters }

    func makeConsumer(_ next: any BatchConsumer) -> any BatchConsumer { Consumer(counters, next) }

    private final class Consumer: BatchConsumer {
        private let counters: OperatorCounters
        private let next: any BatchConsumer

        init(_ counters: OperatorCounters, _ next: any BatchConsumer) {
            self.counters = counters
            self.next = next
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            counters.count(rows: batch.rowCount)
            try next.consume(batch)
        }
    }
}
