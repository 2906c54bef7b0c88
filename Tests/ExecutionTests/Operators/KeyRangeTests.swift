import Columns
import Execution
import Planning
import Testing

/// Groups by numbers whose range the first rows do not show.
@Suite("Ranges of keys")
struct KeyRangeTests {
    /// Two columns, of 64 and of 128 bits, whose values lie in one of these ranges in each segment.
    private func table(seed: UInt64, _ ranges: [ClosedRange<Int64>], factors: [Int128]) -> MemoryTable {
        var random = SeededGenerator(seed: seed)
        let segments = zip(ranges, factors).map { range, factor in
            let count = 300
            let values = (0..<count).map { _ in Int64.random(in: range, using: &random) }
            let repeated = values.indices.map { values[$0 / 3] }
            return [
                Vector(type: .numeric(precision: 16, scale: 4), count: count, values: .int64(repeated)),
                Vector(
                    type: .numeric(precision: 38, scale: 6), count: count, values: .int128(values.map { Int128($0) * factor }),
                    validity: Validity(compacting: values.map { $0 % 7 == 0 ? 0 : 1 })),
            ]
        }
        return MemoryTable(types: segments[0].map(\.type), segments: segments)
    }

    @Test(
        "groups are those of a dictionary",
        arguments: [
            ([0...9, 0...9], [1, 1]), ([0...9, 5000...9000], [1, 1]), ([0...9, 0...4_000_000_000_000], [1, 1]),
            ([0...100_000, -900_000...900_000], [1, 1]), ([0...2_000_000, -90_000_000_000...90_000_000_000], [1, 1]),
            ([0...2_000_000, Int64.min...Int64.max], [1, 1]), ([0...9, 0...9], [1, 10_000_000_000_000_000_000_000]),
            ([-50...50, 1...2_000_000_000], [1, 1_000_000_000_000]),
        ] as [([ClosedRange<Int64>], [Int128])])
    func groups(ranges: [ClosedRange<Int64>], factors: [Int128]) throws {
        for (seed, keys) in [(1, [0]), (2, [1]), (3, [0, 1]), (4, [1, 0])] as [(UInt64, [Int])] {
            let table = table(seed: seed, ranges, factors: factors)
            let columns = table.types.enumerated().map { PlanColumn(id: ColumnID($0), name: "c\($0)", type: $1) }
            let scan = LogicalPlan.scan(
                TableScanNode(table: "t", columns: columns.enumerated().map { .init(column: $1, fieldIndex: $0) }))
            let plan = LogicalPlan.aggregate(
                AggregateNode(
                    input: scan,
                    groups: keys.map {
                        ProjectedColumn(
                            column: PlanColumn(id: ColumnID(100 + $0), name: "g", type: columns[$0].type),
                            expression: .column(columns[$0].id, columns[$0].type))
                    },
                    aggregates: [
                        .init(
                            column: PlanColumn(id: ColumnID(200), name: "n", type: .bigint),
                            call: AggregateCall(name: "count", arguments: [], type: .bigint))
                    ]))
            var counts: [[ScalarValue]: Int64] = [:]
            var order: [[ScalarValue]] = []
            for row in table.rows {
                let key = keys.map { row[$0] }
                if counts[key] == nil { order.append(key) }
                counts[key, default: 0] += 1
            }
            #expect(try Run.rows(plan, ["t": table]) == order.map { $0 + [.integer(counts[$0] ?? 0)] })
        }
    }

    @Test("the most frequent value, of many kinds, the first or last in order among several", arguments: [Field.day, .quantity, .time, .wide, .note, .score])
    func mostFrequent(field: Field) throws {
        for (seed, size) in [(1, [300, 200]), (2, [40]), (3, [2])] as [(UInt64, [Int])] {
            let table = MemoryTable.random(seed: seed, segmentSizes: size)
            let scan = Scan("t")
            for descending in [false, true] {
                let call = AggregateCall(
                    name: "mode", arguments: [], orderBy: [PlanSortKey(expression: scan(field), descending: descending, nullsFirst: descending)],
                    type: field.type)
                let plan = LogicalPlan.aggregate(
                    AggregateNode(
                        input: scan.plan(), groups: [scan.group(.flag)],
                        aggregates: [.init(column: PlanColumn(id: ColumnID(900), name: "m", type: field.type), call: call)]))
                let rows = try Run.rows(plan, ["t": table])
                let expected = grouped(table.rows, by: [.flag]).map { group -> [ScalarValue] in
                    var counts: [ScalarValue: Int] = [:]
                    for row in group.rows where !row[field.rawValue].isNull { counts[row[field.rawValue], default: 0] += 1 }
                    let most = counts.values.max() ?? 0
                    let values = counts.filter { $0.value == most }.keys.sorted(by: isOrdered)
                    return group.key + [(descending ? values.last : values.first) ?? .null]
                }
                #expect(rows == expected)
            }
        }
    }
}
