import Columns
import Storage
import Testing

@Suite("Widened columns")
struct WideningTests {
    private static let old = Schema([
        Field(name: "a", type: .bigint), Field(name: "b", type: .numeric(precision: 4, scale: 2)),
        Field(name: "c", type: .date), Field(name: "d", type: .integer), Field(name: "same", type: .bigint),
    ])
    private static let new: [LogicalType] = [
        .numeric(precision: 10, scale: 3), .numeric(precision: 8, scale: 4), .timestamp, .bigint, .bigint,
    ]

    /// Rows in runs, NULLs, and, with `isConstant`, the same value on every row.
    private static func columns(rowCount: Int, isConstant: Bool) -> [EncodableColumn] {
        func value(_ row: Int) -> Int64 { isConstant ? 42 : Int64(row / 7 * 31 % 1000 - 300) }
        let mask: Validity = isConstant ? .allPresent : Validity(compacting: (0..<rowCount).map { $0 % 5 == 0 ? 0 : 1 })
        let longs = (0..<rowCount).map { value($0) }
        return [
            EncodableColumn(.int64(longs), validity: mask), EncodableColumn(.int64(longs), validity: mask),
            EncodableColumn(.int32(longs.map { Int32($0) }), validity: mask), EncodableColumn(.int64(longs), validity: mask),
            EncodableColumn(.int64(longs), validity: .allPresent),
        ]
    }

    @Test("stored values become the wider type as they are read, and bounds still prune", arguments: [false, true])
    func widened(isConstant: Bool) throws {
        let fileSystem = MemoryFileSystem()
        let rowCount = 500
        let writer = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        try writer.createTable("t", schema: Self.old)
        let columns = Self.columns(rowCount: rowCount, isConstant: isConstant)
        let segment = try SegmentEncoder.encode(schema: Self.old, columns: columns, rowCount: rowCount, groupKeyColumn: 4)
        try writer.add(segment, to: "t", order: 0)
        let before = try #require(try writer.commit(batch: nil, time: 0).table("t"))
        let narrow = try before.readSegment(0, columns: [0, 1, 2, 3, 4]).map { $0.flattened() }

        let widener = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        for (column, type) in Self.new.enumerated() { try widener.widenColumn(column, of: "t", to: type) }
        try widener.commit(batch: nil, time: 0)
        let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
        let table = try #require(snapshot.table("t"))
        #expect(table.schema.fields.map(\.type) == Self.new)
        let wide = try table.readSegment(0, columns: [0, 1, 2, 3, 4])
        #expect(wide.map(\.type) == Self.new)
        for row in 0..<rowCount {
            for column in 0..<5 {
                let expected = Self.expected(narrow[column].scalar(at: row), column)
                #expect(wide[column].flattened().scalar(at: row) == expected)
            }
        }
        let segmentSnapshot = table.segments[0]
        #expect(try segmentSnapshot.mightContain(0, minimum: .numeric(unscaled: 42_000, scale: 3), maximum: nil))
        #expect(try !segmentSnapshot.mightContain(0, minimum: .numeric(unscaled: 900_000, scale: 3), maximum: nil))
        #expect(try !segmentSnapshot.mightContain(2, minimum: .timestamp(2000 * 86_400_000_000), maximum: nil))
        #expect(try Store.open("/store", fileSystem: fileSystem).verify(deep: true).problems == [])
    }

    private static func expected(_ scalar: ScalarValue, _ column: Int) -> ScalarValue {
        switch (scalar, column) {
        case (.integer(let value), 0): .numeric(unscaled: Int128(value) * 1000, scale: 3)
        case (.numeric(let value, _), 1): .numeric(unscaled: value * 100, scale: 4)
        case (.date(let day), 2): .timestamp(Int64(day) * 86_400_000_000)
        default: scalar
        }
    }

    @Test("a type that is not wider is refused") func refused() throws {
        let writer = try StoreTransaction.begin("/store", fileSystem: MemoryFileSystem())
        try writer.createTable("t", schema: Self.old)
        for (column, type) in [
            (0, LogicalType.double), (0, .text), (1, .numeric(precision: 5, scale: 1)), (1, .numeric(precision: 30, scale: 2)),
            (2, .text),
        ] as [(Int, LogicalType)] {
            #expect(throws: StorageError.self) { try writer.widenColumn(column, of: "t", to: type) }
        }
    }
}
