import Columns
import Planning

/// Repeats each row for the values that calls give for it, and adds these as columns.
struct ExpandOperator: PipelineOperator {
    private let names: [String]
    private let programs: [[ExpressionProgram]]
    private let types: [LogicalType]
    private let positions: [Int]
    private let hasOrdinality: Bool
    private let keepsEmptyRows: Bool
    private let counters: OperatorCounters
    private let options: ExecutionOptions

    init(
        _ node: ExpandNode, columns: [ColumnID: Int], counters: OperatorCounters, options: ExecutionOptions
    ) throws(ExecutionError) {
        var programs: [[ExpressionProgram]] = []
        for call in node.calls {
            var own: [ExpressionProgram] = []
            for argument in call.arguments { own.append(try ExpressionProgram(argument, columns: columns)) }
            programs.append(own)
        }
        self.programs = programs
        names = node.calls.map(\.name)
        types = node.calls.map(\.column.type)
        positions = node.calls.map(\.position)
        hasOrdinality = node.ordinality != nil
        keepsEmptyRows = node.keepsEmptyRows
        self.counters = counters
        self.options = options
    }

    func makeConsumer(_ next: any BatchConsumer) -> any BatchConsumer { Consumer(self, next) }

    private final class Consumer: BatchConsumer {
        private let expand: ExpandOperator
        private let next: any BatchConsumer
        private var state = ExpressionState()
        private var rows: [Int32] = []
        private var numbers: [Int64] = []
        private var columns: [ScalarColumn] = []

        init(_ expand: ExpandOperator, _ next: any BatchConsumer) {
            self.expand = expand
            self.next = next
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            if batch.rowCount == 0 { return }
            clear()
            var inputs: [[Vector]] = []
            for programs in expand.programs {
                var vectors: [Vector] = []
                for program in programs { vectors.append(try program.evaluate(batch, &state).flattened()) }
                inputs.append(vectors)
            }
            for row in 0..<batch.rowCount {
                var values: [SetValues] = []
                for call in inputs.indices {
                    do throws(RowFailure) {
                        values.append(
                            try SetValues(
                                expand.names[call], inputs[call].map { $0.scalar(at: row) }, expand.types[call],
                                &state.rows))
                    } catch {
                        throw ExecutionError(error.kind, position: expand.positions[call])
                    }
                }
                try add(batch, row, &values)
            }
            try pass(batch)
        }

        private func add(_ batch: Batch, _ row: Int, _ values: inout [SetValues]) throws(ExecutionError) {
            var number: Int64 = 0
            while true {
                var found: [ScalarValue?] = []
                for call in values.indices {
                    do throws(RowFailure) {
                        found.append(try values[call].next())
                    } catch {
                        throw ExecutionError(error.kind, position: expand.positions[call])
                    }
                }
                let isDone = found.allSatisfy { $0 == nil }
                if isDone, !(number == 0 && expand.keepsEmptyRows) { return }
                number += 1
                rows.append(Int32(truncatingIfNeeded: row))
                numbers.append(isDone ? -1 : number)
                for call in found.indices { columns[call].append(found[call] ?? .null) }
                if rows.count >= Relation.batchRowCount { try pass(batch) }
                if isDone { return }
            }
        }

        private func clear() {
            rows.removeAll(keepingCapacity: true)
            numbers.removeAll(keepingCapacity: true)
            columns = expand.types.map { ScalarColumn(type: $0) }
        }

        private func pass(_ batch: Batch) throws(ExecutionError) {
            guard !rows.isEmpty else { return }
            try expand.options.checkRunning()
            var output = Batch(
                columns: batch.columns.map { $0.gathered(rows) }, rowCount: rows.count, morsel: batch.morsel,
                firstRow: batch.firstRow)
            output.columns += columns.map { $0.vector() }
            if expand.hasOrdinality {
                output.columns.append(
                    Vector(
                        type: .bigint, count: rows.count, values: .int64(numbers),
                        validity: Validity(compacting: numbers.map { $0 < 0 ? 0 : 1 })))
            }
            expand.counters.count(rows: output.rowCount)
            clear()
            try next.consume(output)
        }
    }
}
