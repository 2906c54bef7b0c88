import Columns
import Execution
import Planning
import Testing

/// Rows that no hash can divide: very many of one key, of NULL, or of few values.
@Suite("Spilling of skewed keys")
struct SkewedKeyTests {
    private let left = Scan("l")
    private let right = Scan("r", base: 1000)

    /// Quantities of each side by row: a few of the left side find the one that half of the right side has; most others are NULL.
    private var tables: MemoryTables {
        MemoryTables(tables: [
            "l": MemoryTable.random(seed: 91, segmentSizes: [5000, 1, 2500]).with(.quantity) { row in
                row % 1000 == 3 ? 7 : row % 2 == 0 ? nil : 1000 + Int64(row)
            },
            "r": MemoryTable.random(seed: 92, segmentSizes: [9000, 4001]).with(.quantity) { row in
                row % 2 == 0 ? 7 : row % 16 == 1 ? 1000 + Int64(row) : nil
            },
        ])
    }

    private func rows(_ plan: LogicalPlan, _ tables: MemoryTables, workerCount: Int, memoryLimitBytes: Int) throws -> [[ScalarValue]] {
        let kept = try Executor.rows(
            plan: plan, output: plan.columns, source: tables,
            options: ExecutionOptions(
                workerCount: workerCount, memoryLimitBytes: memoryLimitBytes, temporaryDirectories: ["/tmp"],
                spillingByteCount: memoryLimitBytes / 32))
        var batches: [Batch] = []
        try kept.forEachBatch { batches.append($0) }
        return Run.rows(batches)
    }

    @Test("joins finish with the rows they have in memory", arguments: [false, true])
    func joins(hasResidual: Bool) throws {
        let kinds: [JoinNode.Kind] = [.inner, .left, .right, .full, .semi, .anti]
        for kind in kinds {
            for isNullSafe in [false, true] where !isNullSafe || kind == .semi || kind == .anti {
                let plan = LogicalPlan.join(
                    JoinNode(
                        kind: kind, left: left.plan(), right: right.plan(),
                        keys: [.init(left: left(.quantity), right: right(.quantity), isNullSafe: isNullSafe)],
                        residual: hasResidual ? .comparison(.less, left(.score), right(.score)) : nil))
                let expected = Run.rows(
                    try Executor.run(plan: plan, output: plan.columns, source: tables, options: ExecutionOptions(workerCount: 1)))
                #expect(!expected.isEmpty)
                for workerCount in [1, 2] {
                    let own = try rows(plan, tables, workerCount: workerCount, memoryLimitBytes: 1_500_000)
                    #expect(own == expected, "\(kind), null safe: \(isNullSafe), \(workerCount) workers")
                }
            }
        }
    }

    @Test("intersect and except of few values finish", arguments: [SetOperationNode.Kind.intersect, .except], [false, true])
    func sets(kind: SetOperationNode.Kind, isAll: Bool) throws {
        for field in [Field.flag, .note, .quantity] {
            func side(_ table: Scan, _ base: Int) -> LogicalPlan {
                .project(
                    table.plan(),
                    [
                        ProjectedColumn(
                            column: PlanColumn(id: ColumnID(base), name: "v", type: field.type), expression: table(field))
                    ])
            }
            for (first, second) in [(left, right), (right, left)] {
                let plan = LogicalPlan.setOperation(
                    SetOperationNode(
                        kind: kind, isAll: isAll, left: side(first, 8000), right: side(second, 8100),
                        columns: [PlanColumn(id: ColumnID(8200), name: "v", type: field.type)]))
                let expected = Run.rows(
                    try Executor.run(plan: plan, output: plan.columns, source: tables, options: ExecutionOptions(workerCount: 1)))
                for workerCount in [1, 2] {
                    let own = try rows(plan, tables, workerCount: workerCount, memoryLimitBytes: 200_000)
                    #expect(own == expected, "\(field), \(workerCount) workers")
                }
            }
        }
    }

    @Test("very many matches come in pieces that are not larger for that") func manyMatches() throws {
        let tables = MemoryTables(tables: [
            "l": MemoryTable.random(seed: 91, segmentSizes: [9000]).with(.quantity) { $0 % 150 == 3 ? 7 : 1000 + Int64($0) },
            "r": MemoryTable.random(seed: 92, segmentSizes: [9000]).with(.quantity) { $0 % 2 == 0 ? 7 : 100_000 + Int64($0) },
        ])
        let join = LogicalPlan.join(
            JoinNode(
                kind: .left, left: left.plan(), right: right.plan(),
                keys: [.init(left: left(.quantity), right: right(.quantity), isNullSafe: false)], residual: nil))
        let plan = LogicalPlan.project(join, [left.group(.score), right.group(.score)])
        let expected = Run.rows(
            try Executor.run(plan: plan, output: plan.columns, source: tables, options: ExecutionOptions(workerCount: 1)))
        let kept = try Executor.rows(
            plan: plan, output: plan.columns, source: tables,
            options: ExecutionOptions(workerCount: 2, temporaryDirectories: ["/tmp"], spillingByteCount: 100_000))
        var batches: [Batch] = []
        try kept.forEachBatch { batches.append($0) }
        #expect(Run.rows(batches) == expected)
        // All matches lie between two borders of the left side's places: 270,000 rows.
        #expect(batches.allSatisfy { $0.rowCount < 140_000 })
    }

    @Test("rows of a window are counted once") func windowOfShared() throws {
        let shared = LogicalPlan.shared(id: 1, plan: left.plan(), columns: left.plan().columns)
        func numbered(_ id: Int) -> LogicalPlan {
            .window(
                shared,
                [
                    WindowColumn(
                        column: PlanColumn(id: ColumnID(id), name: "w", type: .bigint),
                        call: AggregateCall(name: "row_number", arguments: [], type: .bigint), partitionBy: [left(.note)],
                        orderBy: [PlanSortKey(expression: left(.score))], frame: WindowFrame())
                ])
        }
        let columns = numbered(7000).columns.enumerated().map { PlanColumn(id: ColumnID(8000 + $0), name: $1.name, type: $1.type) }
        let plan = LogicalPlan.setOperation(
            SetOperationNode(kind: .union, isAll: true, left: numbered(7000), right: numbered(7001), columns: columns))
        let input = try Executor.run(
            plan: left.plan(), output: left.plan().columns, source: tables, options: ExecutionOptions(workerCount: 1))
        let byteCount = input.reduce(0) { $0 + $1.byteCount }
        let rowCount = input.reduce(0) { $0 + $1.rowCount }
        // The shared rows, what a window adds, and what the second of them works with; another copy of the rows has no room.
        let limit = byteCount * 3 / 2 + rowCount * 60
        let own = try Executor.rows(
            plan: plan, output: plan.columns, source: tables,
            options: ExecutionOptions(memoryLimitBytes: limit, temporaryDirectories: ["/tmp"], spillingByteCount: 1 << 30))
        #expect(own.rowCount == 2 * rowCount)
    }
}

extension MemoryTable {
    /// The same table with other numbers in a column, NULL for nil.
    fileprivate func with(_ field: Field, _ value: (Int) -> Int64?) -> MemoryTable {
        var result = self
        var first = 0
        for segment in segments.indices {
            let count = segments[segment][0].count
            let values = (0..<count).map { value(first + $0) }
            result.segments[segment][field.rawValue] = Vector(
                type: field.type, count: count, values: .int64(values.map { $0 ?? 0 }),
                validity: Validity(compacting: values.map { $0 == nil ? 0 : 1 }))
            first += count
        }
        return result
    }
}
