import Columns
import Diagnostics
import Planning
import Testing

@testable import Execution

@Suite("Grouping within runs")
struct RunGroupingTests {
    enum Order: Sendable {
        case ascending
        /// Within segments only: each has claims of its own, and later ones the smaller.
        case bySegment
        /// The last segment is in no order.
        case broken
        /// The last segment has claims of the first.
        case repeated
    }

    /// Claims that ascend, some of them divided between two or three segments; a claim has up to `longestClaim` lines.
    static func table(seed: UInt64, longestClaim: Int, order: Order = .ascending) -> MemoryTable {
        var random = SeededGenerator(seed: seed)
        let base = MemoryTable.random(seed: seed &+ 1, segmentSizes: [140, 3, 90, 200, 1, 75])
        var claim: UInt64 = 100
        let last = base.segments.count - 1
        let segments = base.segments.enumerated().map { number, columns in
            let size = columns[0].count
            var starts: [Int32] = [0]
            var codes: [UInt64] = []
            while Int(starts[starts.count - 1]) < size {
                // Every other segment goes on with the claim that the one before it ended with.
                if !(codes.isEmpty && number % 2 == 1) { claim += UInt64.random(in: 1...3, using: &random) }
                switch order {
                case .ascending: codes.append(claim)
                case .bySegment: codes.append(claim + UInt64(last - number) * 5000)
                case .broken: codes.append(number == last ? 50 + claim % 7 : claim)
                case .repeated: codes.append(number == last ? 100 + UInt64(codes.count) : claim)
                }
                let length = Int32.random(in: 1...Int32(longestClaim), using: &random)
                starts.append(min(Int32(size), starts[starts.count - 1] + length))
            }
            let map = RunMap(starts: starts)
            let hospitals = TextDictionary(single: "H1")
            var columns = columns
            columns[Field.claim.rawValue] = .runs(
                Vector(type: .text, count: codes.count, values: .identifier(codes: codes, domain)), map: map)
            columns[Field.institution.rawValue] = .runs(
                Vector(
                    type: .text, count: codes.count, values: .dictionary(codes: codes.map { _ in 0 }, hospitals),
                    // The lines of a claim in the next segment may say otherwise.
                    validity: Validity(compacting: codes.map { ($0 + UInt64(number / 2)) % 4 == 0 ? 0 : 1 })), map: map)
            columns[Field.day.rawValue] = .runs(
                Vector(type: .date, count: codes.count, values: .int32(codes.map { Int32(19_000 + $0 % 5) })), map: map)
            // Some segments are not stored by runs, or only in part.
            if number % 3 == 2 { columns[Field.institution.rawValue] = columns[Field.institution.rawValue].flattened() }
            if number % 4 == 3 { columns = columns.map { $0.flattened() } }
            return columns
        }
        return MemoryTable(types: Field.allCases.map(\.type), segments: segments)
    }

    /// Table-wide: all segments share it.
    private static let domain = IdentifierDomain(
        formats: [.init(prefix: Array("C".utf8), digitCount: 6)], exceptions: TextDictionary(single: "odd"))

    static let keys: [[Field]] = [
        [.claim], [.claim, .item], [.item, .claim], [.institution, .claim, .item, .quantity], [.claim, .wide, .flag, .note],
        [.institution, .day, .claim], [.claim, .time, .item],
    ]

    @Test(
        "gives what grouping by a table of all groups gives, in the same order, for any workers", arguments: keys, [1, 3, 70])
    func agrees(keys: [Field], longestClaim: Int) throws {
        let table = Self.table(seed: UInt64(keys.count * 7 + longestClaim), longestClaim: longestClaim)
        let scan = Scan("t")
        let plan = AggregationTests().plan(scan, keys, Reference.all.map { $0.call(scan) })
        let expected = try rows(plan, table, ExecutionOptions(workerCount: 1, leastRunCount: .max))
        #expect(!expected.isEmpty)
        for workerCount in [1, 3] {
            #expect(try rows(plan, table, ExecutionOptions(workerCount: workerCount, leastRunCount: 1)) == expected)
        }
        #expect(expected.map { Array($0[..<keys.count]) } == grouped(table.rows, by: keys).map(\.key))
    }

    @Test(
        "runs that are out of order, or not whole, make the operator start again, with the same rows",
        arguments: [Order.bySegment, .broken, .repeated], [[Field.claim, .item], [.claim]])
    func disorder(order: Order, keys: [Field]) throws {
        let table = Self.table(seed: 3, longestClaim: 9, order: order)
        let scan = Scan("t")
        let plan = AggregationTests().plan(scan, keys, Reference.all.map { $0.call(scan) })
        let expected = try rows(plan, table, ExecutionOptions(workerCount: 1, leastRunCount: .max))
        for workerCount in [1, 3] {
            #expect(try rows(plan, table, ExecutionOptions(workerCount: workerCount, leastRunCount: 1)) == expected)
        }
    }

    @Test(
        "groups that a condition keeps are those of grouping first, within runs and in partitions, divided runs included",
        arguments: keys, [Order.ascending, .bySegment, .broken, .repeated])
    func keptGroups(keys: [Field], order: Order) throws {
        let scan = Scan("t")
        let total = PlanColumn(id: ColumnID(900), name: "total", type: .numeric(precision: 38, scale: Field.quantity.type.scale ?? 0))
        let count = PlanColumn(id: ColumnID(901), name: "count", type: .bigint)
        let groups = LogicalPlan.aggregate(
            AggregateNode(
                input: scan.plan(), groups: keys.map(scan.group),
                aggregates: [
                    .init(column: total, call: AggregateCall(name: "sum", arguments: [scan(.quantity)], type: total.type)),
                    .init(column: count, call: AggregateCall(name: "count", arguments: [], type: .bigint)),
                ]))
        for longestClaim in [1, 4, 40] {
            let table = Self.table(seed: UInt64(31 + longestClaim), longestClaim: longestClaim, order: order)
            let all = try rows(groups, table, ExecutionOptions(workerCount: 1, leastRunCount: .max))
            for least in [2, 3, 12] as [Int64] {
                let condition = BoundExpression.comparison(.greaterOrEqual, count.reference, .constant(.integer(least), .bigint))
                let expected = all.filter { row in
                    guard case .integer(let count) = row[keys.count + 1] else { return false }
                    return count >= least
                }
                for options in [
                    ExecutionOptions(workerCount: 1, leastRunCount: 1), ExecutionOptions(workerCount: 3, leastRunCount: 1),
                    ExecutionOptions(workerCount: 2, deferringGroupCount: 3, leastRunCount: .max),
                ] {
                    #expect(try rows(.filter(groups, condition), table, options) == expected, "\(least) of \(longestClaim)")
                }
            }
            let condition = BoundExpression.isNull(total.reference, negated: false)
            let withoutTotal = all.filter { $0[keys.count] == .null }
            #expect(
                try rows(.filter(groups, condition), table, ExecutionOptions(workerCount: 2, deferringGroupCount: 3, leastRunCount: .max))
                    == withoutTotal)
        }
    }

    @Test("a key that is constant in one segment may vary in the rows of a claim that goes on in the next") func constantBefore() throws {
        var table = Self.table(seed: 9, longestClaim: 5)
        let (claim, note) = (Field.claim.rawValue, Field.note.rawValue)
        let size = table.segments[0][claim].count
        table.segments[0][note] = .constant(.text("a"), type: .text, count: size)
        // The next segment goes on with the same claim, whose lines say different things there.
        var codes = [UInt64](repeating: 0, count: table.segments[1][claim].count)
        guard case .runs(let child, _) = table.segments[0][claim].values, case .identifier(let known, let domain) = child.values else {
            Issue.record("claims are stored by runs")
            return
        }
        for row in codes.indices { codes[row] = known[known.count - 1] }
        table.segments[1][claim] = Vector(type: .text, count: codes.count, values: .identifier(codes: codes, domain))
        var notes = StringColumn()
        for row in codes.indices { notes.append(["a", "b", "c"][row % 3]) }
        table.segments[1][note] = Vector(type: .text, count: codes.count, values: .string(notes))
        let scan = Scan("t")
        let plan = AggregationTests().plan(scan, [.claim, .note], Reference.all.map { $0.call(scan) })
        let expected = try rows(plan, table, ExecutionOptions(workerCount: 1, leastRunCount: .max))
        for workerCount in [1, 3] {
            #expect(try rows(plan, table, ExecutionOptions(workerCount: workerCount, leastRunCount: 1)) == expected)
        }
    }

    @Test("follows a key whose runs ascend, and only such a key") func choice() throws {
        let ascending = Self.table(seed: 4, longestClaim: 4).segments[0]
        let (claim, item) = (ascending[Field.claim.rawValue], ascending[Field.item.rawValue])
        func runs(_ keys: [Vector], least: Int = 2) throws -> LeadingRuns? {
            try RunKeyChoice(isAllowed: true, leastRunCount: least).runs(keys, rowCount: claim.count)
        }
        let found = try #require(try runs([item, claim]))
        #expect(found.source === claim && found.codes == found.codes.sorted() && found.map.rowCount == claim.count)
        #expect(try runs([item]) == nil)
        #expect(try runs([item, claim], least: 1000) == nil)
        #expect(try runs([claim, ascending[Field.score.rawValue]]) == nil)
        // Flat rows in order have runs too.
        let flat = try #require(try runs([item, claim.flattened()]))
        #expect(flat.codes == found.codes && flat.map.starts == found.map.starts)
        let choice = RunKeyChoice(isAllowed: true, leastRunCount: 2)
        _ = try choice.runs([claim], rowCount: claim.count)
        #expect(throws: ExecutionError.self) { try choice.runs([item], rowCount: item.count) }
        #expect(choice.hasDisorder)
    }

    private func rows(_ plan: LogicalPlan, _ table: MemoryTable, _ options: ExecutionOptions) throws -> [[ScalarValue]] {
        Run.rows(
            try Executor.run(plan: plan, output: plan.columns, source: MemoryTables(tables: ["t": table]), options: options))
    }
}
