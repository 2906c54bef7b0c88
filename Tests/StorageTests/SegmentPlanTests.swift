import Columns
import Testing

@testable import Storage

@Suite("Encodings that follow a plan")
struct SegmentPlanTests {
    private let schema = Schema([Field(name: "a", type: .bigint), Field(name: "b", type: .bigint)])

    private func encode(_ columns: [[Int64]], plan: SegmentPlan? = nil) throws -> EncodedSegment {
        try SegmentEncoder.encode(
            schema: schema, columns: columns.map { EncodableColumn(.int64($0)) }, rowCount: columns[0].count,
            groupKeyColumn: nil, plan: plan)
    }

    private func readBack(_ segment: EncodedSegment) throws -> [[ScalarValue]] {
        let transaction = try StoreTransaction.begin("/store", fileSystem: MemoryFileSystem())
        try transaction.createTable("t", schema: schema)
        try transaction.add(segment, to: "t", order: 0)
        return try allRows(try #require(try transaction.commit(batch: nil).table("t")))
    }

    private func rows(_ columns: [[Int64]]) -> [[ScalarValue]] {
        columns[0].indices.map { row in columns.map { .integer($0[row]) } }
    }

    @Test("values like those of the plan become the same bytes as without one") func alike() throws {
        var random = SeededRandom(seed: 3)
        func columns() -> [[Int64]] {
            [
                (0..<4000).map { Int64($0) * 1000 },
                (0..<4000).map { _ in Int64.random(in: 0...3, using: &random) * 65_536 },
            ]
        }
        let first = try encode(columns())
        let next = columns()
        let planned = try encode(next, plan: first.plan)
        #expect(planned.bytes.count <= (try encode(next)).bytes.count * 5 / 4 + 1024)
        #expect(try encode(next, plan: first.plan).bytes == planned.bytes)
        #expect(try readBack(planned) == rows(next))
    }

    @Test("what the first plan does not serve follows the second, and is searched for no more") func secondPlan() throws {
        var random = SeededRandom(seed: 9)
        // Multiples of a unit in the first segment alone.
        func columns(unit: Int64) -> [[Int64]] {
            [(0..<4000).map { _ in Int64.random(in: 0...3000, using: &random) * unit }, (0..<4000).map { Int64($0) * 1000 }]
        }
        let first = try encode(columns(unit: 10_000))
        let second = try encode(columns(unit: 1), plan: first.plan)
        let rows = columns(unit: 1)
        let both = first.plan.followed(by: second.plan)
        #expect(both.ways(ofColumn: 0).count == 2)
        #expect(both.ways(ofColumn: 1).count == 1)
        // A plan that was searched for would be another way; one that was followed adds nothing.
        #expect(first.plan.followed(by: try encode(rows, plan: first.plan).plan).ways(ofColumn: 0).count == 2)
        let third = try encode(rows, plan: both)
        #expect(both.followed(by: third.plan).ways(ofColumn: 0).count == 2)
        #expect(try readBack(third) == self.rows(rows))
    }

    @Test("the same way is kept once, and no more than four of a column") func fewWays() throws {
        var random = SeededRandom(seed: 10)
        let same = (0..<4000).map { Int64($0) * 1000 }
        func own(_ width: Int) throws -> SegmentPlan {
            let limit = Int64(1) << Int64(width)
            return try encode([(0..<4000).map { _ in Int64.random(in: 0..<limit, using: &random) }, same]).plan
        }
        var plan = try encode([(0..<4000).map { _ in 7 }, same]).plan
        let next = try own(12)
        plan = plan.followed(by: next)
        let count = plan.ways(ofColumn: 0).count
        #expect(plan.followed(by: next).followed(by: next).ways(ofColumn: 0).count == count)
        // Each needs more bytes than the one before.
        for width in 5..<20 { plan = plan.followed(by: try own(width * 3)) }
        #expect(plan.ways(ofColumn: 0).count == 4)
        #expect(plan.ways(ofColumn: 1).count == 1)
    }

    @Test("values unlike those of the plan are stored exactly, and no larger than they need be", arguments: 0..<12)
    func unlike(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        func column(_ shape: Int, _ count: Int) -> [Int64] {
            switch shape {
            case 0: (0..<count).map { _ in 7 }
            case 1: (0..<count).map { Int64($0) * -3 }
            case 2: (0..<count).map { _ in Int64.random(in: .min ... .max, using: &random) }
            case 3: (0..<count).map { _ in [5, 1 << 30, 1 << 50][Int.random(in: 0..<3, using: &random)] }
            case 4: (0..<count).map { Int64($0 / 10) * 77 }
            case 5: (0..<count).map { $0 % 100 == 0 ? Int64($0) : 0 }
            default: (0..<count).map { _ in Int64.random(in: -100...100, using: &random) * 10_000 }
            }
        }
        for shape in 0..<7 {
            let plan = try encode([column(seed % 7, 3000), column(6 - seed % 7, 3000)]).plan
            let other = [column(shape, 2500), column((shape + seed) % 7, 2500)]
            let planned = try encode(other, plan: plan)
            #expect(try readBack(planned) == rows(other), "shape \(shape)")
            #expect(planned.bytes.count <= (try encode(other)).bytes.count * 3 / 2 + 40_000, "shape \(shape)")
        }
    }
}
