import Columns
import Storage
import Testing

/// What is merged and what is left alone, seen from outside: by the segments before and after.
@Suite("Compaction plans")
struct CompactionPlanTests {
    private static let hour: Int64 = 3_600_000_000
    private static let schema = Schema([
        Field(name: "claim", type: .bigint), Field(name: "time", type: .timestamp), Field(name: "place", type: .bigint),
    ])

    /// One batch of one segment: claims of `lines` lines each at these hours.
    private func add(_ hours: [Int64?], lines: Int = 1, to fileSystem: MemoryFileSystem) throws {
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        if transaction.schema(of: "t") == nil { try transaction.createTable("t", schema: Self.schema) }
        let first = Int64(transaction.base.table("t")?.rowCount ?? 0)
        let rowCount = hours.count * lines
        let columns = [
            EncodableColumn(.int64((0..<rowCount).map { first + Int64($0 / lines) })),
            EncodableColumn(
                .int64((0..<rowCount).map { (hours[$0 / lines] ?? 0) * Self.hour + Int64($0 % lines) }),
                validity: Validity(compacting: (0..<rowCount).map { hours[$0 / lines] == nil ? 0 : 1 })),
            EncodableColumn(.int64((0..<rowCount).map { first + Int64($0) })),
        ]
        let segment = try SegmentEncoder.encode(
            schema: Self.schema, columns: columns, rowCount: rowCount, groupKeyColumn: 0, timeColumn: 1)
        try transaction.add(segment, to: "t", order: 0)
        try transaction.commit(
            batch: BatchSummary(
                id: transaction.batchID, table: "t", sourceName: "t.csv", sourceHash: "xxh3:\(first)", sourceSize: 1,
                rowsLoaded: rowCount), time: 1)
    }

    private func compact(_ fileSystem: MemoryFileSystem, target: Int) throws -> (CompactionReport, [String]) {
        let report = try compactTable("t", in: "/store", fileSystem: fileSystem, targetRowCount: target)
        let table = try #require(try Store.open("/store", fileSystem: fileSystem).snapshot().table("t"))
        return (report, try table.segments.indices.map { try hours(table, $0) })
    }

    /// The hours of a segment's rows, in their order, each once.
    private func hours(_ table: TableSnapshot, _ index: Int) throws -> String {
        let column = try table.readSegment(index, columns: [1])[0].flattened()
        var hours: [String] = []
        for row in 0..<column.count {
            var hour = "-"
            if case .timestamp(let time) = column.scalar(at: row) { hour = String(time / Self.hour) }
            if hours.last != hour { hours.append(hour) }
        }
        return hours.joined(separator: " ")
    }

    @Test("neighbours in time are merged up to the target, in their order") func merges() throws {
        let fileSystem = MemoryFileSystem()
        for hour in [1, 2, 3, 4, 5] as [Int64] { try add([hour, hour], to: fileSystem) }
        let (report, segments) = try compact(fileSystem, target: 5)
        #expect(report.segmentCountBefore == 5 && report.segmentCountAfter == 3)
        #expect(segments == ["1 2", "3 4", "5"])
        let (again, same) = try compact(fileSystem, target: 5)
        #expect(!again.hasChanged && same == segments)
    }

    @Test("full segments alone in their time stay; small ones between them are not moved over them") func settled() throws {
        let fileSystem = MemoryFileSystem()
        try add([1], to: fileSystem)
        try add([2, 2, 3, 3], to: fileSystem)
        try add([4], to: fileSystem)
        let before = try #require(try Store.open("/store", fileSystem: fileSystem).snapshot().table("t")).segments.map(\.fileName)
        let (report, segments) = try compact(fileSystem, target: 5)
        #expect(!report.hasChanged)
        #expect(segments == ["1", "2 3", "4"])
        try add([4, 5], to: fileSystem)
        let (_, merged) = try compact(fileSystem, target: 5)
        #expect(merged == ["1", "2 3", "4 5"])
        let after = try #require(try Store.open("/store", fileSystem: fileSystem).snapshot().table("t")).segments.map(\.fileName)
        #expect(after.prefix(2) == before.prefix(2))
    }

    @Test("late rows open the segments of their time, and no others") func late() throws {
        let fileSystem = MemoryFileSystem()
        for hour in [1, 3, 5] as [Int64] { try add([hour, hour, hour + 1, hour + 1], to: fileSystem) }
        try add([4], to: fileSystem)
        let (_, segments) = try compact(fileSystem, target: 5)
        #expect(segments == ["1 2", "3 4", "5 6"])
        let table = try #require(try Store.open("/store", fileSystem: fileSystem).snapshot().table("t"))
        #expect(table.segments.map(\.rowCount) == [4, 5, 4])
    }

    @Test("a segment that reaches over much time is taken apart") func scattered() throws {
        let fileSystem = MemoryFileSystem()
        for _ in 0..<3 { try add([9, 1, 5, 2, 7], to: fileSystem) }
        let (_, segments) = try compact(fileSystem, target: 6)
        #expect(segments == ["1 2 1 2 1 2", "5 7 5 7 5 7", "9"])
        let (again, _) = try compact(fileSystem, target: 6)
        #expect(!again.hasChanged)
    }

    @Test("an hour that is too full becomes several segments, cut between claims") func fullBucket() throws {
        let fileSystem = MemoryFileSystem()
        for _ in 0..<7 { try add([1], lines: 3, to: fileSystem) }
        let (_, segments) = try compact(fileSystem, target: 10)
        #expect(segments == ["1", "1", "1"])
        let table = try #require(try Store.open("/store", fileSystem: fileSystem).snapshot().table("t"))
        #expect(table.segments.map(\.rowCount) == [9, 9, 3])
        #expect(try allRows(table).map { $0[2] } == (0..<21).map { .integer(Int64($0)) })
        let (again, _) = try compact(fileSystem, target: 10)
        #expect(!again.hasChanged)
    }

    @Test("rows without a time come first") func withoutTime() throws {
        let fileSystem = MemoryFileSystem()
        try add([3, nil], to: fileSystem)
        try add([2, nil], to: fileSystem)
        let (_, segments) = try compact(fileSystem, target: 2)
        #expect(segments == ["-", "3 2"])
        let (again, _) = try compact(fileSystem, target: 2)
        #expect(!again.hasChanged)
    }
}
