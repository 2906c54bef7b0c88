import Columns
import Parquet
import Testing

/// Rows of a column chunk read in pieces and one by one, beside the chunk read whole.
@Suite("Parquet, read in pieces")
struct PieceTests {
    private static func cells(_ vector: Vector) -> [String] { vector.flattened().scalars.map { "\($0)" } }

    /// Reads ranges of rows, cut anywhere, and single rows of them.
    private static func check(
        _ file: ParquetFile, group: Int, column: Int, seed: UInt64, rangeCount: Int = 12, _ what: String
    ) throws {
        var random = SeededRandom(seed: seed)
        let whole = cells(try file.read(rowGroup: group, column: column))
        let count = whole.count
        for atOnce in [true, false] {
            let chunk = try file.chunk(rowGroup: group, column: column, atOnce: atOnce)
            var ranges = [0..<count, 0..<0, count..<count, count / 2..<count]
            for _ in 0..<rangeCount {
                let ends = [Int.random(in: 0...count, using: &random), Int.random(in: 0...count, using: &random)].sorted()
                ranges.append(ends[0]..<ends[1])
            }
            for range in ranges {
                #expect(cells(try chunk.read(range)) == Array(whole[range]), "\(what), rows \(range)")
                for step in [1, 7, max(1, range.count / 2)] {
                    let places = (0..<range.count).filter { _ in Int.random(in: 0..<step, using: &random) == 0 }
                    let rows = try chunk.read(range, at: places.map { Int32($0) })
                    #expect(cells(rows) == places.map { whole[range.lowerBound + $0] }, "\(what), \(places.count) of rows \(range)")
                }
            }
        }
    }

    @Test("files of other programs", arguments: try GoldenFile.all()) func others(golden: GoldenFile) throws {
        let file = try ParquetFile(path: golden.path)
        for group in 0..<file.rowGroupCount {
            for (index, column) in file.columns.enumerated() where column.refusal == nil {
                try Self.check(file, group: group, column: index, seed: UInt64(index), "\(golden.file), \(column.name)")
            }
        }
    }

    @Test("pages of a mebibyte, in each way they are written", arguments: [PageCompression.none, .zstd]) func manyPages(
        compression: PageCompression
    ) throws {
        var random = SeededRandom(seed: 8)
        let count = 70_000
        var (strings, entries) = (StringColumn(), StringColumn())
        for row in 0..<count { strings.append(String(UInt64.random(in: 0 ... .max, using: &random), radix: 3) + "\(row)") }
        for entry in 0..<50 { entries.append("entry \(entry)") }
        let mask = Validity.mask((0..<count).map { UInt8($0 % 11 == 3 ? 0 : 1) })
        let codes = (0..<count).map { UInt32($0 * 7 % 50) }
        let vectors = [
            Vector(type: .text, count: count, values: .string(strings), validity: mask),
            Vector(type: .text, count: count, values: .dictionary(codes: codes, TextDictionary(entries: entries)), validity: mask),
            Vector(
                type: .numeric(precision: 38, scale: 2), count: count,
                values: .int128((0..<count).map { Int128($0) * 0x1234_5678_9ABC_DEF0_1234 }), validity: mask),
            Vector(type: .double, count: count, values: .double((0..<count).map { _ in Double.random(in: 0..<1, using: &random) })),
            Vector(type: .date, count: count, values: .int32((0..<count).map { Int32($0 % 900) }), validity: mask),
        ]
        let fields = vectors.enumerated().map { Field(name: "c\($0)", type: $1.type) }
        let file = try ParquetFile(try ParquetWriter.file(fields, [vectors], compression: compression), path: "pages.parquet")
        for column in fields.indices { try Self.check(file, group: 0, column: column, seed: 4, rangeCount: 2, "column \(column)") }
    }

    @Test("the pieces of a row group are its rows, cut at whole pages of the usual writers") func pieces() throws {
        for count in [1, 131_072, 179_999, 180_000, 1_048_576] {
            let vector = Vector.constant(.boolean(true), type: .boolean, count: count)
            let file = try ParquetFile(
                try ParquetWriter.file([Field(name: "x", type: .boolean)], [[vector]], compression: .none), path: "pieces.parquet")
            let pieces = file.pieces(rowGroup: 0)
            #expect(pieces.first?.lowerBound == 0 && pieces.last?.upperBound == count)
            for (piece, next) in zip(pieces, pieces.dropFirst()) {
                #expect(piece.upperBound == next.lowerBound && piece.upperBound % 20_000 == 0)
            }
            #expect(pieces.allSatisfy { $0.count < 180_000 } && (pieces.count == 1) == (count < 180_000), "\(count) rows")
        }
    }

    @Test("a page's bounds hold its rows", arguments: try GoldenFile.all()) func pageBounds(golden: GoldenFile) throws {
        let file = try ParquetFile(path: golden.path)
        for group in 0..<file.rowGroupCount {
            for (index, column) in file.columns.enumerated() where column.refusal == nil {
                let values = try file.read(rowGroup: group, column: index).flattened().scalars
                let chunk = try file.chunk(rowGroup: group, column: index, atOnce: false)
                for first in stride(from: 0, to: values.count, by: 5) {
                    let rows = first..<min(first + 5, values.count)
                    guard let bounds = chunk.pageBounds(rows) else { continue }
                    for value in values[rows] where !value.isNull {
                        #expect(
                            bounds.contains { Self.lies(value, $0.minimum, $0.maximum) },
                            "\(golden.file), \(column.name): \(value) within none of \(bounds)")
                    }
                }
            }
        }
    }

    private static func lies(_ value: ScalarValue, _ low: ScalarValue?, _ high: ScalarValue?) -> Bool {
        (low.map { !value.isBelow($0) } ?? true) && (high.map { !$0.isBelow(value) } ?? true)
    }
}
