import Columns
import Diagnostics
import Parquet
import Testing

/// Files whose bytes lie: each gives an error that names the file, or rows, and never a crash.
@Suite("Parquet, damaged")
struct DamageTests {
    /// A small file in which every encoding that is written occurs.
    private static func sample(_ compression: PageCompression) throws -> [UInt8] {
        let columns = RandomColumn.all.filter { $0.presence == .most }
        let fields = columns.enumerated().map { Field(name: "c\($0)", type: $1.type) }
        let groups = [17, 3].map { count in columns.map { $0.vector(count: count, seed: 3) } }
        return try ParquetWriter.file(fields, groups, compression: compression)
    }

    /// Some rows, for which other pages are read than for all.
    private static func readParts(of file: ParquetFile, group: Int, column: Int) throws(ParquetError) {
        let count = file.rowCount(rowGroup: group)
        let chunk = try file.chunk(rowGroup: group, column: column, atOnce: false)
        let rows = count / 3..<count - count / 4
        let places = stride(from: 0, to: rows.count, by: 3).map { Int32($0) }
        _ = chunk.pageBounds(rows)
        #expect(try chunk.read(rows).count == rows.count)
        #expect(try chunk.read(rows, at: places).count == places.count)
    }

    /// Reads all there is; true if it was read to the end.
    private static func isRead(_ bytes: [UInt8]) throws -> Bool {
        do {
            let file = try ParquetFile(bytes, path: "damaged.parquet")
            for group in 0..<file.rowGroupCount {
                for column in file.columns.indices {
                    _ = file.bounds(rowGroup: group, column: column)
                    try readParts(of: file, group: group, column: column)
                    let vector = try file.read(rowGroup: group, column: column)
                    #expect(vector.count == file.rowCount(rowGroup: group))
                    _ = vector.scalars
                }
            }
            return true
        } catch {
            #expect(error.diagnostic.location.file == "damaged.parquet" && !error.diagnostic.message.isEmpty)
            return false
        }
    }

    @Test("a file cut off anywhere is refused") func truncations() throws {
        let bytes = try Self.sample(.none)
        #expect(try Self.isRead(bytes))
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(try !Self.isRead(Array(bytes[..<length])), "\(length) of \(bytes.count) bytes")
        }
        for length in max(0, bytes.count - 64)..<bytes.count {
            #expect(try !Self.isRead(Array(bytes[..<length])), "\(length) of \(bytes.count) bytes")
        }
    }

    @Test("a changed byte of a page is found by its checksum", arguments: PageCompression.allCases)
    func pages(compression: PageCompression) throws {
        let vector = RandomColumn(type: .text, presence: .all, isRepeating: false).vector(count: 40, seed: 1)
        let bytes = try ParquetWriter.file([Field(name: "x", type: .text)], [[vector]], compression: compression)
        // The page's body ends where the footer begins.
        let footer = Int(bytes[bytes.count - 8]) | Int(bytes[bytes.count - 7]) << 8
        let end = bytes.count - 8 - footer
        for offset in end - 100..<end {
            var changed = bytes
            changed[offset] ^= 0x10
            let file = try ParquetFile(changed, path: "changed.parquet")
            #expect {
                try file.read(rowGroup: 0, column: 0)
            } throws: { error in
                (error as? ParquetError)?.diagnostic.message.contains("column \"x\", row group 0, page 0: checksum 0x") ?? false
            }
        }
    }

    @Test("changed bytes never crash", arguments: [PageCompression.none, .snappy])
    func flips(compression: PageCompression) throws {
        let bytes = try Self.sample(compression)
        var random = SeededRandom(seed: 11)
        for offset in stride(from: Int.random(in: 0..<29, using: &random), to: bytes.count, by: 29) {
            var changed = bytes
            changed[offset] ^= UInt8.random(in: 1...255, using: &random)
            _ = try Self.isRead(changed)
        }
    }

    @Test("each byte of a small file changed: an error, or rows", arguments: [PageCompression.none, .snappy])
    func eachByte(compression: PageCompression) throws {
        let columns = RandomColumn.all.filter { $0.presence == .most && $0.isRepeating }
        let fields = columns.enumerated().map { Field(name: "c\($0)", type: $1.type) }
        let bytes = try ParquetWriter.file(fields, [columns.map { $0.vector(count: 9, seed: 3) }], compression: compression)
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 1 << UInt8(offset % 8)
            _ = try Self.isRead(changed)
        }
    }

    @Test("each byte of a small file without checksums changed: an error, or rows", arguments: [
        "arrow-nested.parquet", "duckdb-v2.parquet", "polars-snappy.parquet",
    ])
    func eachByteUnchecked(name: String) throws {
        let golden = try #require(try GoldenFile.all().first { $0.file == name })
        let bytes = try GoldenFile.bytes(golden.path)
        for offset in bytes.indices {
            for bit in [offset % 8, (offset + 5) % 8] {
                var changed = bytes
                changed[offset] ^= 1 << UInt8(bit)
                _ = try Self.isRead(changed)
            }
        }
    }

    @Test("changed bytes never crash where no checksum tells of them") func flipsWithoutChecksums() throws {
        var random = SeededRandom(seed: 12)
        for name in try GoldenFile.all().map(\.path) {
            let bytes = try GoldenFile.bytes(name)
            for _ in 0..<60 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    changed[Int.random(in: 4..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                _ = try Self.isRead(changed)
            }
        }
    }

    @Test("what is no Parquet file is said to be none") func others() throws {
        for text in ["", "PAR1", "id,name\n1,a\n2,b\n", "PAR1aaaaaaaaPARX", "PARE00000000PARE"] {
            #expect(try !Self.isRead(Array(text.utf8)), "\(text)")
        }
        #expect {
            try ParquetFile(path: ScratchFile().path)
        } throws: { ($0 as? ParquetError)?.kind == .noInput }
    }
}
