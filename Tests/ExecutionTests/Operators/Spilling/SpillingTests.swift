import Columns
import Diagnostics
import Execution
import Planning
import Testing

/// What the suites of the operators check with few rows is checked here with more of them: that files were written at all, that
/// parts are divided again, and how spilling ends early.
@Suite("Spilling")
struct SpillingTests {
    let scan = Scan("t")
    let table = MemoryTable.random(seed: 77, segmentSizes: [1500, 1, 1300, 900])
    var source: MemoryTables { MemoryTables(tables: ["t": table, "other": MemoryTable.random(seed: 78, segmentSizes: [400, 200])]) }

    func count(by keys: [Field], sets: [[Int]]? = nil) -> LogicalPlan {
        let calls = [
            AggregateCall(name: "count", arguments: [], type: .bigint),
            AggregateCall(name: "sum", arguments: [scan(.quantity)], type: .numeric(precision: 38, scale: 2)),
            AggregateCall(name: "count", arguments: [scan(.item)], isDistinct: true, type: .bigint),
            AggregateCall(
                name: "count", arguments: [scan(.quantity)], isDistinct: true,
                filter: .comparison(.less, scan(.score), .constant(.double(4), .double)), type: .bigint),
            AggregateCall(name: "median", arguments: [scan(.score)], type: .double),
            AggregateCall(
                name: "count", arguments: [], filter: .comparison(.less, scan(.score), .constant(.double(0), .double)),
                type: .bigint),
        ]
        return .aggregate(
            AggregateNode(
                input: scan.plan(), groups: keys.map(scan.group), groupingSets: sets,
                aggregates: calls.enumerated().map { index, call in
                    .init(column: PlanColumn(id: ColumnID(900 + index), name: "a\(index)", type: call.type), call: call)
                }))
    }

    var plans: [(name: String, plan: LogicalPlan)] {
        let other = Scan("other", base: 1000)
        let keys = [
            PlanSortKey(expression: scan(.note), nullsFirst: true), PlanSortKey(expression: scan(.wide), descending: true),
        ]
        let window = WindowColumn(
            column: PlanColumn(id: ColumnID(7000), name: "w", type: .bigint),
            call: AggregateCall(name: "row_number", arguments: [], type: .bigint), partitionBy: [scan(.note), scan(.day)],
            orderBy: [PlanSortKey(expression: scan(.score))], frame: WindowFrame())
        return [
            ("numbers", count(by: [.quantity, .score])),
            ("texts, dates and wide numbers", count(by: [.note, .claim, .day, .wide])),
            ("grouping sets", count(by: [.note, .wide], sets: [[0, 1], [], [1]])),
            ("distinct values of all rows", count(by: [])),
            ("sort", .sort(scan.plan(), keys)),
            ("sort by one value", .sort(scan.plan(), [PlanSortKey(expression: scan(.flag))])),
            (
                "join",
                .join(
                    JoinNode(
                        kind: .left, left: scan.plan(), right: other.plan(),
                        keys: [.init(left: scan(.quantity), right: other(.quantity), isNullSafe: false)], residual: nil))
            ),
            ("window", .window(scan.plan(), [window])),
            ("distinct on", .distinctOn(scan.plan(), keys: [scan(.note), scan(.quantity)])),
            (
                "full join",
                .join(
                    JoinNode(
                        kind: .full, left: scan.plan(), right: other.plan(),
                        keys: [.init(left: scan(.note), right: other(.note), isNullSafe: false)],
                        residual: .comparison(.less, scan(.score), other(.score))))
            ),
            ("rows that both sides have", sides(.intersect, isAll: false)),
            ("rows that the right side has not", sides(.except, isAll: true)),
            ("first rows", .limit(scan.plan(), limit: 2900, offset: 700)),
            ("sort of groups", .sort(count(by: [.quantity, .score]), [PlanSortKey(expression: .column(ColumnID(904), .double))])),
        ]
    }

    /// Notes and quantities of both tables.
    private func sides(_ kind: SetOperationNode.Kind, isAll: Bool) -> LogicalPlan {
        func side(_ table: Scan, _ base: Int) -> LogicalPlan {
            .project(
                table.plan(),
                [table.column(.note), table.column(.flag)].enumerated().map { index, column in
                    ProjectedColumn(
                        column: PlanColumn(id: ColumnID(base + index), name: column.name, type: column.type), expression: column.reference)
                })
        }
        let (left, right) = (side(scan, 8000), side(Scan("other", base: 1000), 8100))
        return .setOperation(
            SetOperationNode(
                kind: kind, isAll: isAll, left: left, right: right,
                columns: left.columns.enumerated().map { PlanColumn(id: ColumnID(8200 + $0), name: $1.name, type: $1.type) }))
    }

    @Test("gives the same rows in the same order, whatever there is room for", arguments: [2000, 30_000])
    func agrees(spillingByteCount: Int) throws {
        for (name, plan) in plans {
            let expected = try Run.rows(
                Executor.run(plan: plan, output: plan.columns, source: source, options: ExecutionOptions(workerCount: 1)))
            for workerCount in [1, 2] {
                let spilled = try Run.spilledRows(
                    plan, source, workerCount: workerCount, spillingByteCount: spillingByteCount)
                #expect(spilled.rows == expected, "\(name), \(workerCount) workers")
                #expect(spilled.byteCount > 0, "\(name), \(workerCount) workers")
            }
        }
    }

    @Test("a row with very many matches is looked at in pieces") func manyMatches() throws {
        let many = MemoryTables(tables: [
            "t": MemoryTable.random(seed: 81, segmentSizes: [26_000]), "other": MemoryTable.random(seed: 82, segmentSizes: [5, 2]),
        ])
        let other = Scan("other", base: 1000)
        let mark = PlanColumn(id: ColumnID(7100), name: "m", type: .boolean)
        let kinds: [JoinNode.Kind] = [.inner, .left, .full, .semi, .anti, .mark(mark)]
        for least in [-100.0, 0, 100] {
            for kind in kinds {
                let plan = LogicalPlan.join(
                    JoinNode(
                        kind: kind, left: other.plan(), right: scan.plan(),
                        keys: [.init(left: other(.flag), right: scan(.flag), isNullSafe: false)],
                        residual: .comparison(.less, .constant(.double(least), .double), scan(.score))))
                func rows(_ options: ExecutionOptions) throws -> [[ScalarValue]] {
                    Run.rows(try Executor.run(plan: plan, output: plan.columns, source: many, options: options))
                }
                let expected = try rows(ExecutionOptions(workerCount: 1))
                let inPieces = try rows(ExecutionOptions(workerCount: 2, memoryLimitBytes: 64 << 20, temporaryDirectories: ["/tmp"]))
                #expect(inPieces == expected, "\(kind), \(least)")
            }
        }
    }

    @Test("writes nothing where there is room")
    func staysInMemory() throws {
        for (name, plan) in plans {
            let spilled = try Run.spilledRows(plan, source, workerCount: 2, spillingByteCount: 1 << 30)
            #expect(spilled.byteCount == 0, "\(name)")
        }
    }

    @Test("names the folder it cannot write to, with the mend")
    func missingFolder() throws {
        let plan = count(by: [.quantity, .score])
        do {
            _ = try Executor.rows(
                plan: plan, output: plan.columns, source: source,
                options: ExecutionOptions(temporaryDirectories: ["/nowhere/at/all"], spillingByteCount: 3000))
            Issue.record("no error")
        } catch {
            #expect(error.diagnostic.kind == .cannotCreate)
            #expect(error.diagnostic.message.contains("/nowhere/at/all"))
            #expect(error.diagnostic.mend?.contains("--temp-dir") == true)
        }
    }

    @Test("a value that cannot be worked out ends it as it ends the same in memory")
    func failsAlike() throws {
        let one = BoundExpression.constant(.integer(1), .bigint)
        let zero = BoundExpression.constant(.integer(0), .bigint)
        let call = AggregateCall(
            name: "sum",
            arguments: [
                .caseWhen(
                    [BoundBranch(condition: .comparison(.less, scan(.score), .constant(.double(-4.9), .double)), result: .arithmetic(.divide, one, zero, .bigint, position: 17))],
                    otherwise: one, .bigint)
            ], type: .numeric(precision: 38, scale: 0))
        let plan = LogicalPlan.aggregate(
            AggregateNode(
                input: scan.plan(), groups: [scan.group(.quantity), scan.group(.score)],
                aggregates: [.init(column: PlanColumn(id: ColumnID(900), name: "a", type: call.type), call: call)]))
        for spillingByteCount in [nil, 3000] as [Int?] {
            #expect(throws: ExecutionError(.divisionByZero, position: 17)) {
                try Executor.rows(
                    plan: plan, output: plan.columns, source: source,
                    options: ExecutionOptions(
                        workerCount: 2, temporaryDirectories: ["/tmp"], spillingByteCount: spillingByteCount))
            }
        }
    }

    @Test("stops when it is cancelled while parts are worked on")
    func cancellation() throws {
        for (name, plan) in plans {
            func run(_ poll: @escaping @Sendable () -> Bool) throws {
                let kept = try Executor.rows(
                    plan: plan, output: plan.columns, source: source,
                    options: ExecutionOptions(
                        cancellation: CancellationToken(polling: poll), temporaryDirectories: ["/tmp"], spillingByteCount: 3000))
                try kept.forEachBatch { _ in }
            }
            // Asked once a morsel: of the input's four, and of what lies in files after them.
            let asked = Counter()
            try run {
                _ = asked.next()
                return false
            }
            let count = asked.next() - 1
            #expect(count >= 8, "\(name)")
            // By the first of these, files are there; by the last, nearly all is done.
            for last in [count / 2, count - 1] {
                let asked = Counter()
                do {
                    try run { asked.next() > last }
                    Issue.record("no error: \(name)")
                } catch let error as ExecutionError {
                    #expect(error.diagnostic.kind == .interrupted)
                } catch let error as Diagnostic {
                    #expect(error.kind == .interrupted)
                }
                #expect(asked.next() == last + 2, "\(name): goes on")
            }
        }
    }
}
