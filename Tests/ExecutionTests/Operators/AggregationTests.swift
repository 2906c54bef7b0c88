import Columns
import Diagnostics
import Execution
import Planning
import Testing

@Suite("Aggregation")
struct AggregationTests {
    static let sizes: [[Int]] = [[1], [3, 1, 2], [160, 121, 1]]
    static let keys: [[Field]] = [
        [], [.institution], [.claim], [.institution, .claim, .day], [.item], [.institution, .item], [.note],
        [.wide, .flag], [.time, .score, .quantity, .note, .claim], [.day, .time],
    ]

    static let cases: [(sizes: [Int], keys: [Field])] = sizes.flatMap { size in keys.map { (size, $0) } }

    func plan(_ scan: Scan, _ keys: [Field], _ calls: [AggregateCall], sets: [[Int]]? = nil) -> LogicalPlan {
        .aggregate(
            AggregateNode(
                input: scan.plan(), groups: keys.map(scan.group), groupingSets: sets,
                aggregates: calls.enumerated().map { index, call in
                    .init(column: PlanColumn(id: ColumnID(900 + index), name: "a\(index)", type: call.type), call: call)
                }))
    }

    @Test("agrees with a row-by-row reference, in order of first appearance", arguments: cases)
    func matchesReference(sizes: [Int], keys: [Field]) throws {
        let table = MemoryTable.random(seed: UInt64(sizes.count * 31 + keys.count), segmentSizes: sizes)
        let scan = Scan("t")
        let calls = Reference.all.map { $0.call(scan) }
        let rows = try Run.rows(plan(scan, keys, calls), ["t": table])
        let groups = keys.isEmpty ? [(key: [], rows: table.rows)] : grouped(table.rows, by: keys)
        #expect(rows.count == groups.count)
        for (row, group) in zip(rows, groups) {
            #expect(Array(row[..<keys.count]) == group.key)
            for (index, reference) in Reference.all.enumerated() {
                let expected = reference.value(group.rows)
                #expect(
                    Reference.agree(row[keys.count + index], expected),
                    "\(reference) of \(keys): \(row[keys.count + index]), expected \(expected)")
            }
        }
    }

    /// Whether the aggregates agree with the reference over a table, in order of first appearance.
    private func check(_ references: [Reference], by keys: [Field], over table: MemoryTable) throws {
        let scan = Scan("t")
        let rows = try Run.rows(plan(scan, keys, references.map { $0.call(scan) }), ["t": table])
        let groups = grouped(table.rows, by: keys)
        #expect(rows.count == groups.count)
        for (row, group) in zip(rows, groups) {
            #expect(Array(row[..<keys.count]) == group.key)
            for (index, reference) in references.enumerated() {
                let expected = reference.value(group.rows)
                #expect(Reference.agree(row[keys.count + index], expected), "\(reference) of \(keys): \(row), expected \(expected)")
            }
        }
    }

    @Test(
        "sums what runs come to where nothing but sums is asked",
        arguments: [[.claim], [.institution, .claim, .day], [.claim, .time], [.institution]] as [[Field]], [Field.quantity, .wide])
    func sumsOfRuns(keys: [Field], summed: Field) throws {
        let type = LogicalType.numeric(precision: 38, scale: summed.type.scale ?? 0)
        let table = MemoryTable.random(seed: 41, segmentSizes: [700, 300, 500])
        try check([Reference(name: "sum", field: summed, type: type)], by: keys, over: table)
        try check(
            [Reference(name: "sum", field: summed, type: type), Reference(name: "avg", field: summed, type: .numeric(precision: 38, scale: 16))],
            by: keys, over: table)
    }

    @Test("reads lists of rows by themselves where their columns have nothing in common")
    func listsApart() throws {
        let tables = [MemoryTable.random(seed: 51, segmentSizes: [90, 80]), .random(seed: 52, segmentSizes: [70, 90], institutions: 9)]
        // Every other segment with dictionaries of its own, one with a column that is the same in all rows.
        var segments = [tables[0].segments[0], tables[1].segments[0], tables[0].segments[1], tables[1].segments[1]]
        segments[2][Field.quantity.rawValue] = .constant(
            segments[2][Field.quantity.rawValue].scalar(at: 1), type: Field.quantity.type, count: 80)
        let table = MemoryTable(types: Field.allCases.map(\.type), segments: segments)
        for keys in [[.note], [.time, .item], [.time, .note, .flag]] as [[Field]] { try check(Reference.all, by: keys, over: table) }
    }

    @Test("groups by columns of different runs", arguments: [[.institution, .item], [.item, .day, .claim, .time, .score], [.item, .claim]] as [[Field]])
    func differentRuns(keys: [Field]) throws {
        let table = MemoryTable.random(seed: 61, segmentSizes: [203, 150])
        let segments = table.segments.map { columns in
            var columns = columns
            let item = columns[Field.item.rawValue]
            let starts = Array(stride(from: Int32(0), to: Int32(item.count), by: 4))
            columns[Field.item.rawValue] = .runs(item.gathered(starts), map: RunMap(starts: starts + [Int32(item.count)]))
            return columns
        }
        try check(Reference.all, by: keys, over: MemoryTable(types: Field.allCases.map(\.type), segments: segments))
    }

    /// Rows of which the values that a sample takes, every so many rows, say nothing about the others.
    private func misleading(rowCount: Int, period: Int) -> MemoryTable {
        var table = MemoryTable.random(seed: 71, segmentSizes: [rowCount])
        let values = (0..<rowCount).map { row in Int128(row % period == 0 ? 1_000_000_000 + row : row % 1000) }
        table.segments[0][Field.wide.rawValue] = Vector(type: Field.wide.type, count: rowCount, values: .int128(values))
        return table
    }

    @Test("percentiles of many values, which one pass around a sample finds, and those it misses", arguments: [600, 4096, 8192])
    func largeGroups(rowCount: Int) throws {
        let percentiles = [0.0, 0.01, 0.5, 0.97, 1.0].map {
            Reference(name: "percentile_disc", field: .wide, fraction: $0, type: Field.wide.type)
        }
        let others = [
            Reference(name: "median", field: .wide, type: .double), Reference(name: "mad", field: .wide, type: .double),
            Reference(name: "median", field: .quantity, type: .double), Reference(name: "median", field: .score, type: .double),
            Reference(name: "percentile_cont", field: .score, fraction: 0.3, descending: true, type: .double),
        ]
        let half = rowCount / 2
        for table in [MemoryTable.random(seed: 70, segmentSizes: [half, rowCount - half])] + [8, 32, 64].map({ misleading(rowCount: rowCount, period: $0) }) {
            try check(percentiles + others, by: [], over: table)
            try check(others + percentiles, by: [.flag], over: table)
        }
    }

    @Test("gives one row for no rows without GROUP BY, none with it")
    func emptyInput() throws {
        let table = MemoryTable(types: Field.allCases.map(\.type), segments: [])
        let scan = Scan("t")
        let calls = Reference.all.map { $0.call(scan) }
        let rows = try Run.rows(plan(scan, [], calls), ["t": table])
        #expect(rows == [Reference.all.map { $0.value([]) }])
        #expect(try Run.rows(plan(scan, [.item], calls), ["t": table]).isEmpty)
    }

    @Test("computes every grouping set, with NULL for the groups outside it")
    func groupingSets() throws {
        let table = MemoryTable.random(seed: 5, segmentSizes: [100, 60])
        let scan = Scan("t")
        let count = AggregateCall(name: "count", arguments: [], type: .bigint)
        let rows = try Run.rows(
            plan(scan, [.institution, .item], [count], sets: [[0, 1], [1], []]), ["t": table])
        var expected: [[ScalarValue]] = grouped(table.rows, by: [.institution, .item]).map {
            $0.key + [.integer(Int64($0.rows.count))]
        }
        expected += grouped(table.rows, by: [.item]).map { [.null, $0.key[0], .integer(Int64($0.rows.count))] }
        expected.append([.null, .null, .integer(160)])
        #expect(rows == expected)
    }

    @Test("starts again with wider keys when later rows outgrow the first")
    func outgrownKeys() throws {
        func segment(_ values: [Int64]) -> [Vector] {
            let table = MemoryTable.random(seed: 1, segmentSizes: [values.count])
            var columns = table.segments[0]
            columns[Field.time.rawValue] = Vector(type: .timestamp, count: values.count, values: .int64(values))
            return columns
        }
        let values: [[Int64]] = [[0, 1, 2, 0], [.max, .min, 5, .max], [1 << 40, 7, 0, 86_400_000_000]]
        let table = MemoryTable(types: Field.allCases.map(\.type), segments: values.map(segment))
        let scan = Scan("t")
        let calls = [
            AggregateCall(name: "count", arguments: [], type: .bigint),
            AggregateCall(name: "count", arguments: [scan(.time)], isDistinct: true, type: .bigint),
        ]
        let rows = try Run.rows(plan(scan, [.time], calls), ["t": table])
        let expected = grouped(table.rows, by: [.time]).map { $0.key + [.integer(Int64($0.rows.count)), .integer(1)] }
        #expect(rows == expected)
    }

    @Test("numbers groups by first appearance when there are many")
    func manyGroups() throws {
        let table = MemoryTable.random(seed: 8, segmentSizes: [9000, 9000, 9000])
        let scan = Scan("t")
        let calls = [
            AggregateCall(name: "count", arguments: [], type: .bigint),
            AggregateCall(name: "count", arguments: [scan(.claim)], isDistinct: true, type: .bigint),
        ]
        let rows = try Run.rows(plan(scan, [.item, .quantity, .note], calls), ["t": table])
        let groups = grouped(table.rows, by: [.item, .quantity, .note])
        #expect(groups.count > 20_000)
        #expect(rows == groups.map { group in
            let claims = Set(group.rows.map { $0[Field.claim.rawValue] })
            return group.key + [.integer(Int64(group.rows.count)), .integer(Int64(claims.count))]
        })
    }

    @Test("refuses an aggregate it does not know, by name")
    func unknownAggregate() {
        let scan = Scan("t")
        let call = AggregateCall(name: "json_agg", arguments: [scan(.item)], type: .text, position: 7)
        #expect(throws: ExecutionError(.unsupported("aggregate json_agg(text) is not supported"), position: 7)) {
            try Run.rows(plan(scan, [], [call]), ["t": MemoryTable.random(seed: 1, segmentSizes: [4])])
        }
    }

    @Test("names the memory limit that one group exceeds")
    func memoryLimit() {
        let table = MemoryTable.random(seed: 3, segmentSizes: [3000])
        let scan = Scan("t")
        let call = AggregateCall(name: "median", arguments: [scan(.score)], type: .double)
        let plan = plan(scan, [], [call])
        do {
            _ = try Executor.run(
                plan: plan, output: plan.columns, source: MemoryTables(tables: ["t": table]),
                options: ExecutionOptions(memoryLimitBytes: 10_000))
            Issue.record("no error")
        } catch {
            #expect(error.diagnostic.kind == .busy)
            #expect(error.diagnostic.message.contains("10000"))
        }
    }

    @Test("stops when it is cancelled or out of time")
    func cancellation() {
        let scan = Scan("t")
        let source = MemoryTables(tables: ["t": MemoryTable.random(seed: 3, segmentSizes: [10])])
        let token = CancellationToken()
        token.cancel()
        let plan = scan.plan()
        do {
            _ = try Executor.run(
                plan: plan, output: [], source: source, options: ExecutionOptions(cancellation: token))
            Issue.record("no error")
        } catch { #expect(error.diagnostic.kind == .interrupted) }
        do {
            _ = try Executor.run(
                plan: plan, output: [], source: source, options: ExecutionOptions(deadline: .now))
            Issue.record("no error")
        } catch { #expect(error.diagnostic.kind == .busy) }
    }
}
