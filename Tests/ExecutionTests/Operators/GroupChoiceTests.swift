import Columns
import Planning
import Testing

@testable import Execution

/// Groups that the step above does not want are left out in partitions; the answers are those of making all groups first.
@Suite("Groups that are wanted")
struct GroupChoiceTests {
    private static let total = PlanColumn(id: ColumnID(900), name: "total", type: .numeric(precision: 38, scale: 2))
    private static let count = PlanColumn(id: ColumnID(901), name: "count", type: .bigint)

    private let scan = Scan("t")

    private func groups(_ keys: [Field]) -> LogicalPlan {
        .aggregate(
            AggregateNode(
                input: scan.plan(), groups: keys.map(scan.group),
                aggregates: [
                    .init(column: Self.total, call: AggregateCall(name: "sum", arguments: [scan(.quantity)], type: Self.total.type)),
                    .init(column: Self.count, call: AggregateCall(name: "count", arguments: [], type: .bigint)),
                ]))
    }

    private func rows(_ plan: LogicalPlan, _ table: MemoryTable, deferring: Bool, workerCount: Int = 2) throws -> [[ScalarValue]] {
        let options = ExecutionOptions(
            workerCount: workerCount, deferringGroupCount: deferring ? 3 : 1 << 20, leastRunCount: .max)
        return Run.rows(
            try Executor.run(plan: plan, output: plan.columns, source: MemoryTables(tables: ["t": table]), options: options))
    }

    private static let keys: [[Field]] = [
        [.claim, .item], [.day, .item, .claim], [.time, .note], [.institution, .day, .quantity], [.wide, .item, .flag, .claim],
    ]

    @Test("the first groups of an order, ties and NULLs included", arguments: keys)
    func first(keys: [Field]) throws {
        let table = MemoryTable.random(seed: 3, segmentSizes: [300, 3, 250, 400, 1, 175])
        let own = keys.map { scan.group($0).column.reference }
        let orders: [[PlanSortKey]] = [
            [PlanSortKey(expression: Self.count.reference, descending: true)],
            [PlanSortKey(expression: Self.total.reference, nullsFirst: true)] + own.map { PlanSortKey(expression: $0) },
            [PlanSortKey(expression: Self.total.reference, descending: true), PlanSortKey(expression: own[0], descending: true)],
            [PlanSortKey(expression: own[1]), PlanSortKey(expression: Self.count.reference, descending: true)],
            [PlanSortKey(expression: .negate(Self.count.reference, .bigint, position: -1))] + own.map { PlanSortKey(expression: $0, nullsFirst: true) },
        ]
        for order in orders {
            let sorted = try rows(.sort(groups(keys), order), table, deferring: false)
            #expect(sorted.count > 200)
            for (limit, offset) in [(1, 0), (20, 0), (7, 5), (0, 2)] {
                let expected = Array(sorted.dropFirst(offset).prefix(limit))
                let plan = LogicalPlan.limit(.sort(groups(keys), order), limit: limit, offset: offset)
                #expect(try rows(plan, table, deferring: true, workerCount: limit == 20 ? 1 : 3) == expected)
            }
        }
    }

    @Test("the first groups among those that a condition keeps, and of a projection", arguments: keys)
    func firstOfSome(keys: [Field]) throws {
        let table = MemoryTable.random(seed: 17, segmentSizes: [500, 420, 300])
        let condition = BoundExpression.comparison(.lessOrEqual, Self.count.reference, .constant(.integer(1), .bigint))
        let order = [PlanSortKey(expression: Self.total.reference, descending: true), PlanSortKey(expression: scan.group(keys[0]).column.reference)]
        let kept = LogicalPlan.filter(groups(keys), condition)
        let sorted = try rows(.sort(kept, order), table, deferring: false)
        #expect(try rows(.limit(.sort(kept, order), limit: 12, offset: 0), table, deferring: true) == Array(sorted.prefix(12)))
        // Another column may fail for a group that is none of the first.
        let quotient = PlanColumn(id: ColumnID(902), name: "quotient", type: .bigint)
        let divisor = BoundExpression.arithmetic(.subtract, Self.count.reference, .constant(.integer(1), .bigint), .bigint, position: -1)
        let projected = LogicalPlan.project(
            groups(keys),
            groups(keys).columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
                + [ProjectedColumn(column: quotient, expression: .arithmetic(.divide, Self.count.reference, divisor, .bigint, position: -1))])
        #expect(throws: (any Error).self) {
            try rows(.limit(.sort(projected, order), limit: 3, offset: 0), table, deferring: true)
        }
    }

    @Test("the first groups where a value outgrows its layout after some partitions are done", arguments: 0..<8)
    func outgrown(outlier: Int) throws {
        // Groups of one row, and some with ever more distinct values.
        var (keys, values): ([Int64], [Int64]) = ([], [])
        for group in 0..<40 as Range<Int64> {
            for value in 0...group {
                keys.append(group)
                values.append(value)
            }
        }
        for row in 0..<70_000 as Range<Int64> {
            // In no order: else they would be grouped as they come.
            keys.append(1000 + row * 48_271 % 70_001)
            values.append(row % 3)
        }
        // In the last rows, which both workers put aside unseen.
        values[values.count - 1 - outlier] = 1_000_000_000_000_000
        let size = keys.count / 10
        let segments = (0..<10).map { number in
            let range = (number * size)..<(number < 9 ? (number + 1) * size : keys.count)
            return [keys, values].map { Vector(type: .bigint, count: range.count, values: .int64(Array($0[range]))) }
        }
        let table = MemoryTable(types: [.bigint, .bigint], segments: segments)
        let (key, value) = (PlanColumn(id: ColumnID(1), name: "k", type: .bigint), PlanColumn(id: ColumnID(2), name: "x", type: .bigint))
        let group = PlanColumn(id: ColumnID(3), name: "k", type: .bigint)
        let groups = LogicalPlan.aggregate(
            AggregateNode(
                input: .scan(
                    TableScanNode(table: "t", columns: [.init(column: key, fieldIndex: 0), .init(column: value, fieldIndex: 1)])),
                groups: [ProjectedColumn(column: group, expression: key.reference)],
                aggregates: [
                    .init(
                        column: Self.count,
                        call: AggregateCall(name: "count", arguments: [value.reference], isDistinct: true, type: .bigint))
                ]))
        let order = [PlanSortKey(expression: Self.count.reference, descending: true)]
        let found = try rows(.limit(.sort(groups, order), limit: 20, offset: 0), table, deferring: true)
        #expect(found == (20..<40).reversed().map { [.integer(Int64($0)), .integer(Int64($0) + 1)] })
    }

    @Test("the first places of each part of a window", arguments: keys, [1, 3])
    func places(keys: [Field], limit: Int) throws {
        let table = MemoryTable.random(seed: 4, segmentSizes: [300, 3, 250, 400, 1, 175])
        let own = keys.map { scan.group($0).column.reference }
        for partitionBy in [[], [own[0]], [own[1]], own] {
            for orderBy in [[PlanSortKey(expression: Self.total.reference, descending: true)], own.map { PlanSortKey(expression: $0) }] {
                var items = ["row_number", "rank"].enumerated().map { index, name in
                    WindowColumn(
                        column: PlanColumn(id: ColumnID(910 + index), name: name, type: .bigint),
                        call: AggregateCall(name: name, arguments: [], type: .bigint), partitionBy: partitionBy, orderBy: orderBy,
                        frame: WindowFrame())
                }
                let condition = BoundExpression.comparison(
                    .lessOrEqual, items[0].column.reference, .constant(.integer(Int64(limit)), .bigint))
                let expected = try rows(.filter(.window(groups(keys), items), condition), table, deferring: false)
                for index in items.indices { items[index].placeLimit = limit }
                let plan = LogicalPlan.filter(.window(groups(keys), items), condition)
                #expect(try rows(plan, table, deferring: true, workerCount: limit) == expected)
            }
        }
    }

    @Test("keys and rows are put where their partition is", arguments: [1, 2, 3], [0, 3, 8])
    func arranged(stride: Int, bits: Int) throws {
        var random = SeededGenerator(seed: UInt64(stride * 10 + bits))
        let counts = [0, 700, 1, 2500]
        let lists = counts.enumerated().map { number, count in
            KeyList(
                words: (0..<(count * stride)).map { _ in UInt64.random(in: 0..<400, using: &random) }, count: count,
                positions: number == 1
                    ? .listed((0..<UInt64(count)).map { UInt64(number) << 32 | $0 * 2 }) : .from(UInt64(number) << 32))
        }
        for mask in [[], [UInt64](repeating: 0xFF, count: stride)] {
            let rule = PartitionRule(bits: bits, stride: stride, mask: mask)
            let places = PartitionedPlaces(lists, rule)
            #expect(places.starts.count == (1 << bits) + 1)
            #expect(places.places.sorted() == (0..<UInt32(counts.reduce(0, +))).map { $0 })
            let words = places.arranged(lists.map(\.words), stride: stride)
            let positions = places.arranged(lists)
            // Masked keys lie in one partition each, in the order of the input.
            var partitionOf: [[UInt64]: Int] = [:]
            for partition in 0..<(1 << bits) {
                let range = places.starts[partition]..<places.starts[partition + 1]
                #expect(Array(positions[range]) == positions[range].sorted())
                for place in range {
                    let key = (0..<stride).map { words[place * stride + $0] & (mask.isEmpty ? .max : mask[$0]) }
                    #expect(partitionOf[key, default: partition] == partition)
                    partitionOf[key] = partition
                }
            }
            var item = 0
            for list in lists {
                for key in 0..<list.count {
                    let place = Int(places.places[item])
                    #expect(Array(words[(place * stride)..<((place + 1) * stride)]) == Array(list.words[(key * stride)..<((key + 1) * stride)]))
                    item += 1
                }
            }
            // Rows of the keys: some have none, some several.
            var rowStarts: [Int32] = [0]
            for _ in 0..<item { rowStarts.append(rowStarts[rowStarts.count - 1] + Int32.random(in: 0...3, using: &random)) }
            let (rows, rowCounts) = places.ofRows(rowStarts)
            let values = (0..<Int64(rowStarts[item])).map { $0 }
            let arranged = rows.arranged([Vector(type: .bigint, count: values.count, values: .int64(values))])
            guard case .int64(let own) = arranged.values else {
                Issue.record("another kind of values")
                continue
            }
            var expected = [[Int64]](repeating: [], count: item)
            for key in 0..<item { expected[Int(places.places[key])] = (Int64(rowStarts[key])..<Int64(rowStarts[key + 1])).map { $0 } }
            #expect(own == expected.flatMap { $0 })
            #expect(rowCounts == expected.map { Int32($0.count) })
        }
    }
}
