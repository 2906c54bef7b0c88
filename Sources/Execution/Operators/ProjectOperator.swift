import Columns
import Planning

/// Computes new columns from those of a batch.
struct ProjectOperator: PipelineOperator {
    private let programs: [ExpressionProgram]
    private let counters: OperatorCounters
    private let running: ExecutionOptions?
    let onlyArranges: Bool
    /// For each column put out, the input column it is; nil where it is computed.
    let sources: [Int?]
    var canRaise: Bool { programs.contains { $0.canRaise } }

    init(
        _ expressions: [BoundExpression], columns: [ColumnID: Int], counters: OperatorCounters, running: ExecutionOptions? = nil
    ) throws(ExecutionError) {
        var programs: [ExpressionProgram] = []
        for expression in expressions { programs.append(try ExpressionProgram(expression, columns: columns)) }
        self.programs = programs
        onlyArranges = expressions.allSatisfy { if case .column = $0 { true } else { false } }
        sources = expressions.map { if case .column(let id, _) = $0 { columns[id] } else { nil } }
        self.counters = counters
        self.running = running
    }

    func makeConsumer(_ next: any BatchConsumer) -> any BatchConsumer { Consumer(project: self, next: next) }

    private final class Consumer: BatchConsumer {
        let project: ProjectOperator
        let next: any BatchConsumer
        var state: ExpressionState

        init(project: ProjectOperator, next: any BatchConsumer) {
            state = ExpressionState(running: project.running)
            self.project = project
            self.next = next
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            let start = ContinuousClock.now
            var result = batch
            result.columns = []
            for program in project.programs { result.columns.append(try program.evaluate(batch, &state)) }
            project.counters.add(ContinuousClock.now - start)
            project.counters.count(rows: result.rowCount)
            try next.consume(result)
        }
    }
}
