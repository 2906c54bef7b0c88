import Columns
import Diagnostics
import Parquet
import Testing

@Suite("Parquet, there and back")
struct RoundTripTests {
    private static func readBack(
        _ fields: [Field], _ groups: [[Vector]], compression: PageCompression = .zstd
    ) throws -> (file: ParquetFile, columns: [[ScalarValue]]) {
        let scratch = ScratchFile()
        try scratch.write(try ParquetWriter.file(fields, groups, compression: compression))
        let file = try ParquetFile(path: scratch.path)
        let columns = try fields.indices.map { column in
            try (0..<file.rowGroupCount).flatMap { try file.read(rowGroup: $0, column: column).scalars }
        }
        return (file, columns)
    }

    @Test("columns of every type come back as they were", arguments: RandomColumn.all)
    func types(column: RandomColumn) throws {
        for count in [1, 7, 8, 9, 63, 64, 65, 129, 1000, 4097] {
            let vectors = [column.vector(count: count, seed: UInt64(count)), column.vector(count: 5, seed: 99)]
            let (file, columns) = try Self.readBack([Field(name: "x", type: column.type)], vectors.map { [$0] })
            #expect(file.columns[0].type == column.type, "\(column), \(count) rows")
            #expect(columns[0] == vectors.flatMap(\.scalars), "\(column), \(count) rows")
        }
    }

    @Test("every way of packing gives the same rows", arguments: PageCompression.allCases)
    func packings(compression: PageCompression) throws {
        let columns = RandomColumn.all.filter { $0.presence == .most }
        let fields = columns.enumerated().map { Field(name: "column \($0)", type: $1.type) }
        let vectors = columns.enumerated().map { $1.vector(count: 3000, seed: UInt64($0)) }
        let (_, back) = try Self.readBack(fields, [vectors], compression: compression)
        for index in columns.indices { #expect(back[index] == vectors[index].scalars, "\(columns[index])") }
    }

    @Test("a chunk of many pages comes back whole") func manyPages() throws {
        var random = SeededRandom(seed: 5)
        var strings = StringColumn()
        let texts = (0..<6000).map { _ in String(UInt64.random(in: 0 ... .max, using: &random), radix: 7) }
        for row in 0..<60_000 { strings.append(texts[row % 6000] + "-\(row)-" + texts[(row * 7) % 6000]) }
        let wide = (0..<150_000).map { Int128($0) * 0x1234_5678_9ABC_DEF0_1234 }
        let doubles = (0..<200_000).map { _ in Double.random(in: 0..<1, using: &random) }
        for (type, values, count) in [
            (.text, .string(strings), 60_000), (.numeric(precision: 38, scale: 2), .int128(wide), 150_000),
            (.double, .double(doubles), 200_000),
        ] as [(LogicalType, VectorValues, Int)] {
            let mask = (0..<count).map { UInt8($0 % 11 == 3 ? 0 : 1) }
            let vector = Vector(type: type, count: count, values: values, validity: .mask(mask))
            let (_, back) = try Self.readBack([Field(name: "x", type: type)], [[vector]])
            #expect(back[0] == vector.scalars, "\(type.name)")
        }
    }

    @Test("text in each of the engine's shapes is written") func shapes() throws {
        var entries = StringColumn()
        for text in ["a", "b", "费", ""] { entries.append(text) }
        let codes: [UInt32] = [3, 1, 1, 2, 0, 3]
        let domain = IdentifierDomain(
            formats: [.init(prefix: Array("P".utf8), digitCount: 4)], exceptions: TextDictionary(single: "odd"))
        let vectors = [
            Vector(
                type: .text, count: 6, values: .dictionary(codes: codes, TextDictionary(entries: entries)),
                validity: .mask([1, 1, 0, 1, 1, 1])),
            Vector(
                type: .text, count: 6,
                values: .identifier(codes: [7, 7, 9999, 0, IdentifierDomain.exceptionFormat << 60, 1], domain)),
            Vector.constant(.text("same"), type: .text, count: 6), Vector.constant(.null, type: .text, count: 6),
            Vector.runs(
                Vector(type: .bigint, count: 2, values: .int64([5, 6]), validity: .mask([1, 0])), map: RunMap(starts: [0, 4, 6])),
        ]
        let fields = vectors.enumerated().map { Field(name: "c\($0)", type: $1.type) }
        let (_, back) = try Self.readBack(fields, [vectors])
        for index in vectors.indices { #expect(back[index] == vectors[index].flattened().scalars) }
    }

    @Test("bounds tell what each row group holds, and never too little") func bounds() throws {
        let long = String(repeating: "界", count: 40)
        var strings = StringColumn()
        for text in [long, long + "x", "zz"] { strings.append(text) }
        let vectors = [
            Vector(type: .bigint, count: 3, values: .int64([5, -7, 0]), validity: .mask([1, 1, 0])),
            Vector(type: .double, count: 3, values: .double([.nan, 0, -0.0])),
            Vector(type: .text, count: 3, values: .string(strings)),
            Vector(type: .numeric(precision: 20, scale: 2), count: 3, values: .int128([-1, 256, 5])),
            Vector(type: .date, count: 3, values: .int32([10, -10, 3])),
            Vector(type: .boolean, count: 3, values: .boolean([0, 0, 0]), validity: .mask([0, 0, 0])),
        ]
        let fields = vectors.enumerated().map { Field(name: "c\($0)", type: $1.type) }
        let file = try Self.readBack(fields, [vectors]).file
        func expect(_ column: Int, _ nulls: Int, _ low: ScalarValue?, _ high: ScalarValue?) {
            let found = file.bounds(rowGroup: 0, column: column)
            #expect(found.nullCount == nulls && found.minimum == low && found.maximum == high, "\(column): \(found)")
        }
        expect(0, 1, .integer(-7), .integer(5))
        expect(1, 0, .double(-0.0), .double(0.0))
        expect(2, 0, .text("zz"), nil)
        expect(3, 0, .numeric(unscaled: -1, scale: 2), .numeric(unscaled: 256, scale: 2))
        expect(4, 0, .date(-10), .date(10))
        expect(5, 3, nil, nil)
        var cut = StringColumn()
        cut.append(long)
        let single = [Vector(type: .text, count: 1, values: .string(cut))]
        let bounds = try Self.readBack([Field(name: "x", type: .text)], [single]).file.bounds(rowGroup: 0, column: 0)
        guard case .text(let low)? = bounds.minimum else { Issue.record("no bound"); return }
        #expect(long.hasPrefix(low) && low.utf8.count <= 64 && low.utf8.count > 56 && bounds.maximum == nil)
    }

    @Test("no rows, no row group; the columns are there") func empty() throws {
        let (file, columns) = try Self.readBack([Field(name: "x", type: .text), Field(name: "日", type: .date)], [])
        #expect(file.rowCount == 0 && file.columns.map(\.name) == ["x", "日"] && columns == [[], []])
    }

    @Test("what has no place in a file is refused by name") func refusals() {
        #expect(throws: ParquetError.self) { try ParquetWriter.file([Field(name: "i", type: .interval)], []) }
        #expect(throws: ParquetError.self) { try ParquetWriter.file([], []) }
        let tooLarge = Vector(type: .numeric(precision: 4, scale: 2), count: 1, values: .int64([10_000]))
        #expect {
            try ParquetWriter.file([Field(name: "fee", type: .numeric(precision: 4, scale: 2))], [[tooLarge]])
        } throws: { error in
            (error as? ParquetError)?.diagnostic.message == "column \"fee\": 100.00 does not fit numeric(4,2)"
        }
    }
}
