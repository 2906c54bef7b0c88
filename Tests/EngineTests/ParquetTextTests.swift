import CSV
import Columns
import Engine
import Execution
import Parquet
import Testing

/// A Parquet file as lines of text, beside its values written one by one.
@Suite("Parquet as text")
struct ParquetTextTests {
    /// Fields with their types, and rows with what is rare: NULLs, empty and quoted texts, times of other millennia.
    private static let fields = [
        Field(name: "id", type: .bigint), Field(name: "a,b", type: .text), Field(name: "day", type: .date),
        Field(name: "time", type: .timestamp), Field(name: "fee", type: .numeric(precision: 12, scale: 2)),
        Field(name: "large", type: .numeric(precision: 30, scale: 4)), Field(name: "share", type: .double),
        Field(name: "flag", type: .boolean), Field(name: "name", type: .text),
    ]

    private static func columns(_ count: Int) -> [Vector] {
        var (names, codes) = (StringColumn(), [UInt32]())
        let texts = ["", "plain", " blank", "with, comma", "say \"so\"", "line\nline", "中文 name", "0123456789abcdef0123456789abcdef"]
        for row in 0..<count {
            names.append(texts[row * 7 % texts.count] + (row % 3 == 0 ? "" : "\(row)"))
            codes.append(UInt32(row * 5 % texts.count))
        }
        var entries = StringColumn()
        for text in texts { entries.append(text) }
        func mask(_ step: Int) -> Validity { .mask((0..<count).map { $0 % step == 0 ? 0 : 1 }) }
        let rows = (0..<Int64(count)).map { $0 }
        return [
            Vector(type: .bigint, count: count, values: .int64(rows.map { $0 / 3 - 100 })),
            Vector(type: .text, count: count, values: .dictionary(codes: codes, TextDictionary(entries: entries)), validity: mask(5)),
            Vector(type: .date, count: count, values: .int32(rows.map { Int32($0 * 977) - 800_000 }), validity: mask(7)),
            Vector(type: .timestamp, count: count, values: .int64(rows.map { ($0 - 300) * 86_000_123_400_000 / ($0 % 4 + 1) })),
            Vector(type: .numeric(precision: 12, scale: 2), count: count, values: .int64(rows.map { $0 * $0 - 5000 }), validity: mask(2)),
            Vector(
                type: .numeric(precision: 30, scale: 4), count: count, values: .int128(rows.map { Int128($0 - 7) * 1_000_000_000_000_000_000_007 })),
            Vector(type: .double, count: count, values: .double(rows.map { Double($0) / 7 - 3 })),
            Vector(type: .boolean, count: count, values: .boolean(rows.map { UInt8($0 % 2) }), validity: mask(3)),
            Vector(type: .text, count: count, values: .string(names), validity: mask(4)),
        ]
    }

    private static func file(_ fields: [Field], groups: [[Vector]]) throws -> ParquetFile {
        var writer = try ParquetWriter(fields: fields, options: ParquetWriteOptions())
        var bytes: [UInt8] = []
        for columns in groups { bytes += writer.append(try writer.encode(columns, rowCount: columns[0].count)) }
        bytes += writer.finish()
        return try ParquetFile(bytes, path: "test.parquet")
    }

    /// All of the text, asked for in pieces of some size.
    private static func text(_ file: ParquetFile, pieceSize: Int) throws -> String {
        let source = ParquetText(file, size: 1000)
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let count = try unsafe piece.withUnsafeMutableBytes { unsafe try source.read(into: $0) }
            if count == 0 { return String(decoding: all, as: UTF8.self) }
            all += piece.prefix(count)
        }
    }

    private static func field(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.first != " " && text.last != " "
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x2C }
        return isPlain ? text : "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    private static func expected(_ fields: [Field], _ groups: [[Vector]], null: String) -> String {
        var lines = [fields.map { field($0.name) }.joined(separator: ",")]
        for columns in groups {
            for row in 0..<columns[0].count {
                lines.append(
                    columns.map { column in
                        guard column.validity.isPresent(row) else { return null }
                        var bytes: [UInt8] = []
                        ValueText.append(column, row: row, to: &bytes)
                        let text = String(decoding: bytes, as: UTF8.self)
                        return column.type == .text ? field(text) : text
                    }.joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test("all types, row groups of any size, read in pieces of any size", arguments: [1, 7, 1000, 65_536, 4 << 20])
    func lines(pieceSize: Int) throws {
        let groups = [1, 1024, 1025, 0, 2500].map { ParquetTextTests.columns($0) }
        let file = try ParquetTextTests.file(ParquetTextTests.fields, groups: groups)
        #expect(
            try ParquetTextTests.text(file, pieceSize: pieceSize) == ParquetTextTests.expected(ParquetTextTests.fields, groups, null: ""))
    }

    @Test("NULL in a file of one column is no empty line") func oneColumn() throws {
        for index in ParquetTextTests.fields.indices {
            let groups = [[ParquetTextTests.columns(1500)[index]]]
            let fields = [ParquetTextTests.fields[index]]
            let file = try ParquetTextTests.file(fields, groups: groups)
            #expect(try ParquetTextTests.text(file, pieceSize: 10_000) == ParquetTextTests.expected(fields, groups, null: "\u{1}"))
        }
    }
}
