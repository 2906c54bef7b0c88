import Columns
import Execution
import Planning
import Synchronization
import Testing

/// Tables of numbers in pairs, `a` and `b`, that count how often their rows are read.
private final class CountedTables: TableSource {
    private struct Table: ScannableTable {
        let tables: CountedTables
        let rows: [Vector]

        var segmentCount: Int { 1 }
        func rowCount(segment: Int) -> Int { rows[0].count }
        func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool { true }
        func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector] {
            tables.reads.withLock { $0 += 1 }
            return fields.map { rows[$0] }
        }
    }

    let reads = Mutex(0)
    private let pairs: [(Int64, Int64)]

    init(_ pairs: [(Int64, Int64)]) { self.pairs = pairs }

    func table(named name: String) throws(ExecutionError) -> any ScannableTable {
        func column(_ values: [Int64]) -> Vector { Vector(type: .bigint, count: values.count, values: .int64(values)) }
        return Table(tables: self, rows: [column(pairs.map(\.0)), column(pairs.map(\.1))])
    }
}

@Suite("Recursive queries")
struct RecursionTests {
    /// The number of a row, and what the row before had.
    private let working = [PlanColumn(id: ColumnID(1), name: "n", type: .bigint)]
    private let links = [
        PlanColumn(id: ColumnID(2), name: "a", type: .bigint), PlanColumn(id: ColumnID(3), name: "b", type: .bigint),
    ]

    private var scan: LogicalPlan {
        .scan(
            TableScanNode(
                table: "links", columns: links.enumerated().map { .init(column: $1, fieldIndex: $0) }))
    }

    /// `select 0 union all select b from working join fixed on n = a`, or what else the step is.
    private func recursive(_ step: LogicalPlan, isAll: Bool = true) -> LogicalPlan {
        let base = LogicalPlan.values(columns: working, rows: [[.constant(.integer(0), .bigint)]])
        return .recursive(
            RecursiveNode(
                id: 7, name: "t", base: base, step: step, isAll: isAll,
                columns: [PlanColumn(id: ColumnID(9), name: "n", type: .bigint)], position: 0))
    }

    private func joined(_ fixed: LogicalPlan, isFixedLeft: Bool, kind: JoinNode.Kind = .inner) -> LogicalPlan {
        let rows = LogicalPlan.working(id: 7, columns: working)
        let (n, a) = (working[0].reference, fixed.columns[0].reference)
        let join = LogicalPlan.join(
            JoinNode(
                kind: kind, left: isFixedLeft ? fixed : rows, right: isFixedLeft ? rows : fixed,
                keys: [isFixedLeft ? .init(left: a, right: n) : .init(left: n, right: a)]))
        return join
    }

    private func next(_ input: LogicalPlan, _ value: BoundExpression) -> LogicalPlan {
        .project(input, [ProjectedColumn(column: PlanColumn(id: ColumnID(20), name: "n", type: .bigint), expression: value)])
    }

    private func run(_ plan: LogicalPlan, _ tables: CountedTables, options: ExecutionOptions = .init()) throws -> [Int64] {
        let batches = try Executor.run(plan: plan, output: plan.columns, source: tables, options: options)
        return batches.flatMap { batch -> [Int64] in
            (0..<batch.rowCount).compactMap { row in
                if case .integer(let value) = batch.columns[0].scalar(at: row) { value } else { nil }
            }
        }
    }

    private static let stepCount = 40
    /// 0 → 1 → 2 → … and rows that nothing leads to.
    private var chain: CountedTables {
        CountedTables((0..<Int64(RecursionTests.stepCount)).map { ($0, $0 + 1) } + (1000..<1500).map { ($0, $0) })
    }

    @Test("read what is the same at every step a few times, not at each", arguments: [false, true])
    func fixedScan(isFixedLeft: Bool) throws {
        let tables = chain
        let rows = try run(recursive(next(joined(scan, isFixedLeft: isFixedLeft), links[1].reference)), tables)
        #expect(rows == Array(0...Int64(RecursionTests.stepCount)))
        // A scan that is asked for keys reads their columns first.
        #expect(tables.reads.withLock { $0 } <= 6)
    }

    @Test("compute an aggregation that does not read the step before once")
    func fixedAggregate() throws {
        let tables = chain
        let grouped = LogicalPlan.aggregate(
            AggregateNode(
                input: scan, groups: [ProjectedColumn(column: PlanColumn(id: ColumnID(30), name: "a", type: .bigint), expression: links[0].reference)],
                aggregates: [
                    .init(
                        column: PlanColumn(id: ColumnID(31), name: "b", type: .bigint),
                        call: AggregateCall(name: "max", arguments: [links[1].reference], type: .bigint))
                ]))
        let rows = try run(
            recursive(next(joined(grouped, isFixedLeft: false), .column(ColumnID(31), .bigint))), tables)
        #expect(rows == Array(0...Int64(RecursionTests.stepCount)))
        #expect(tables.reads.withLock { $0 } == 1)
    }

    @Test("compute a shared plan anew where it reads the step before, and once where it does not")
    func sharedPlans() throws {
        let tables = chain
        let own = [PlanColumn(id: ColumnID(40), name: "a", type: .bigint), PlanColumn(id: ColumnID(41), name: "b", type: .bigint)]
        let fixed = LogicalPlan.shared(id: 11, plan: scan, columns: own)
        let inner = joined(fixed, isFixedLeft: false)
        let step = next(inner, own[1].reference)
        let twice = [PlanColumn(id: ColumnID(50), name: "n", type: .bigint), PlanColumn(id: ColumnID(51), name: "n", type: .bigint)]
        let moving = twice.map { LogicalPlan.shared(id: 12, plan: step, columns: [$0]) }
        let both = LogicalPlan.join(
            JoinNode(kind: .inner, left: moving[0], right: moving[1], keys: [.init(left: twice[0].reference, right: twice[1].reference)]))
        let rows = try run(recursive(next(both, twice[0].reference)), tables)
        #expect(rows == Array(0...Int64(RecursionTests.stepCount)))
        #expect(tables.reads.withLock { $0 } == 1)
    }

    @Test("give the same rows where a kept side has no room in memory")
    func spilled() throws {
        for isFixedLeft in [false, true] {
            let plan = recursive(next(joined(scan, isFixedLeft: isFixedLeft), links[1].reference))
            let rows = try run(plan, chain, options: ExecutionOptions(spillingByteCount: 1))
            #expect(rows == Array(0...Int64(RecursionTests.stepCount)))
        }
    }

    @Test("keep the right side of a join that only filters", arguments: [JoinNode.Kind.semi, .anti])
    func filtering(kind: JoinNode.Kind) throws {
        // More rows than are looked up straight away: what a step alone would do is to stream them.
        let pairs = (0..<Int64(70_000)).map { ($0 + (kind == .semi ? 0 : 30), $0) }
        let tables = CountedTables(pairs)
        let following = BoundExpression.arithmetic(
            .add, working[0].reference, .constant(.integer(1), .bigint), .bigint, position: 0)
        let below = LogicalPlan.filter(
            .working(id: 7, columns: working), .comparison(.less, working[0].reference, .constant(.integer(30), .bigint)))
        let step = LogicalPlan.join(
            JoinNode(kind: kind, left: below, right: scan, keys: [.init(left: working[0].reference, right: links[0].reference)]))
        let rows = try run(recursive(next(step, following)), tables)
        #expect(rows == Array(0...30))
        #expect(tables.reads.withLock { $0 } <= 6)
    }

    @Test("see a common table in the forms that its readers left of it")
    func formsOfOnePlan() throws {
        let tables = chain
        let narrow = PlanColumn(id: ColumnID(60), name: "b", type: .bigint)
        let items = [ProjectedColumn(column: PlanColumn(id: ColumnID(61), name: "b", type: .bigint), expression: links[1].reference)]
        let base = LogicalPlan.limit(
            .shared(id: 11, plan: .project(scan, items), columns: [narrow]), limit: 1, offset: 0)
        let own = [PlanColumn(id: ColumnID(40), name: "a", type: .bigint), PlanColumn(id: ColumnID(41), name: "b", type: .bigint)]
        let step = next(joined(.shared(id: 11, plan: scan, columns: own), isFixedLeft: false), own[1].reference)
        let plan = LogicalPlan.recursive(
            RecursiveNode(
                id: 7, name: "t", base: base, step: step, isAll: true,
                columns: [PlanColumn(id: ColumnID(9), name: "n", type: .bigint)], position: 0))
        #expect(try run(plan, tables) == Array(1...Int64(RecursionTests.stepCount)))
    }
}
