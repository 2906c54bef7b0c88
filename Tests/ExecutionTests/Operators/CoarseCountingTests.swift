import Columns
import Planning
import Testing

@testable import Execution

@Suite("Coarse counting")
struct CoarseCountingTests {
    private static let total = PlanColumn(id: ColumnID(900), name: "total", type: .numeric(precision: 38, scale: 2))
    private static let count = PlanColumn(id: ColumnID(901), name: "count", type: .bigint)

    /// Groups of rows that are in memory.
    private static func groups(_ scan: Scan, by keys: [Field], of value: Field = .quantity) -> AggregateNode {
        var total = total
        total.type = .numeric(precision: 38, scale: value.type.scale ?? 0)
        let columns = Field.allCases.map(scan.column)
        return AggregateNode(
            input: .shared(id: 1, plan: scan.plan(), columns: columns), groups: keys.map(scan.group),
            aggregates: [
                .init(column: total, call: AggregateCall(name: "sum", arguments: [scan(value)], type: total.type)),
                .init(column: count, call: AggregateCall(name: "count", arguments: [], type: .bigint)),
            ])
    }

    private static func constant(_ unscaled: Int128, _ scale: Int) -> BoundExpression {
        .constant(.numeric(unscaled: unscaled, scale: scale), .numeric(precision: 18, scale: scale))
    }

    private static let conditions: [(text: String, BoundExpression)] = [
        ("total > 30", .comparison(.greater, total.reference, constant(30, 0))),
        ("total > 29.999", .comparison(.greater, total.reference, constant(29_999, 3))),
        ("total >= 29.999", .comparison(.greaterOrEqual, total.reference, constant(29_999, 3))),
        ("25.50 <= total", .comparison(.lessOrEqual, constant(2550, 2), total.reference)),
        ("count > 3", .comparison(.greater, count.reference, .constant(.integer(3), .bigint))),
        ("count >= 3 and total > 20", .and([
            .comparison(.greaterOrEqual, count.reference, .constant(.integer(3), .bigint)),
            .comparison(.greater, total.reference, constant(20, 0)),
        ])),
    ]

    @Test(
        "groups that a condition keeps are those of counting each, in the same order",
        arguments: [[.claim], [.item, .day], [.note, .institution, .time], [.quantity]] as [[Field]])
    func sameGroups(keys: [Field]) throws {
        let scan = Scan("t")
        let table = MemoryTable.random(seed: UInt64(300 + keys.count), segmentSizes: [400, 250, 350])
        let all = try Run.rows(.aggregate(Self.groups(scan, by: keys)), ["t": table])
        for (text, condition) in Self.conditions {
            let kept = try Run.rows(.filter(.aggregate(Self.groups(scan, by: keys)), condition), ["t": table])
            let expected = all.filter { row in
                guard case .integer(let count) = row[keys.count + 1] else { return false }
                var total: Int128?
                if case .numeric(let unscaled, _) = row[keys.count] { total = unscaled }
                switch text {
                case "total > 30": return total.map { $0 > 3000 } ?? false
                case "total > 29.999", "total >= 29.999": return total.map { $0 >= 3000 } ?? false
                case "25.50 <= total": return total.map { $0 >= 2550 } ?? false
                case "count > 3": return count > 3
                default: return count >= 3 && (total.map { $0 > 2000 } ?? false)
                }
            }
            #expect(kept == expected, "\(text) by \(keys)")
        }
    }

    /// The input of a grouping as it is thinned, and rows left of it.
    private func thinned(_ node: AggregateNode, _ condition: BoundExpression, _ table: MemoryTable) throws -> (isThinned: Bool, rowCount: Int) {
        let context = ExecutionContext(
            tables: MemoryTables(tables: ["t": table]), options: ExecutionOptions(workerCount: 2, deferringGroupCount: 10),
            profile: QueryProfile())
        let whole = try PlanCompiler(context).pipeline(node.input)
        guard let counting = CoarseCounting(node, condition) else { return (false, table.rows.count) }
        let thinned = try counting.thinned(whole, context)
        return (thinned.operators.count > whole.operators.count, try thinned.materialized(context).rowCount)
    }

    @Test("few rows are left where few groups reach the limit, and none is looked at where that is not known")
    func thinning() throws {
        let scan = Scan("t")
        let table = MemoryTable.random(seed: 77, segmentSizes: [900, 900])
        let keys: [Field] = [.note, .institution, .time]
        let node = Self.groups(scan, by: keys)
        let (isThinned, rowCount) = try thinned(node, .comparison(.greater, Self.total.reference, Self.constant(35, 0)), table)
        #expect(isThinned)
        #expect(rowCount < 900)
        // No limit, one that every group may reach, and one on what is not added up.
        for condition in [
            BoundExpression.comparison(.less, Self.total.reference, Self.constant(35, 0)),
            .comparison(.greater, Self.total.reference, Self.constant(-1, 0)),
            .comparison(.greater, Self.count.reference, .constant(.integer(0), .bigint)),
            .comparison(.notEqual, Self.total.reference, Self.constant(35, 0)),
            .or([.comparison(.greater, Self.total.reference, Self.constant(35, 0)), .isNull(Self.total.reference, negated: false)]),
        ] {
            #expect(try !thinned(node, condition, table).isThinned, "\(condition)")
        }
        var filtered = node
        filtered.aggregates[0].call.filter = scan(.flag)
        #expect(try !thinned(filtered, .comparison(.greater, Self.total.reference, Self.constant(35, 0)), table).isThinned)
        var sets = node
        sets.groupingSets = [[0], [1]]
        #expect(try !thinned(sets, .comparison(.greater, Self.total.reference, Self.constant(35, 0)), table).isThinned)
    }
}
