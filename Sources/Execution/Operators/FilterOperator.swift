import Columns
import Planning

/// Keeps the rows for which a condition is true.
struct FilterOperator: PipelineOperator {
    private let predicate: PredicateProgram
    private let counters: OperatorCounters
    var canRaise: Bool { predicate.canRaise }

    init(_ condition: BoundExpression, columns: [ColumnID: Int], counters: OperatorCounters) throws(ExecutionError) {
        let parts = if case .and(let parts) = condition { parts } else { [condition] }
        predicate = try PredicateProgram(predicates: parts, columns: columns)
        self.counters = counters
    }

    func makeConsumer(_ next: any BatchConsumer) -> any BatchConsumer { Consumer(filter: self, next: next) }

    private final class Consumer: BatchConsumer {
        let filter: FilterOperator
        let next: any BatchConsumer
        var state = ExpressionState()

        init(filter: FilterOperator, next: any BatchConsumer) {
            self.filter = filter
            self.next = next
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            let start = ContinuousClock.now
            let selection = try filter.predicate.select(batch, &state)
            let kept: Batch? =
                switch selection {
                case .all: batch
                case .none: nil
                case .rows(let rows): rows.isEmpty ? nil : batch.selecting(rows)
                }
            filter.counters.add(ContinuousClock.now - start)
            guard let kept else { return }
            filter.counters.count(rows: kept.rowCount)
            try next.consume(kept)
        }
    }
}
