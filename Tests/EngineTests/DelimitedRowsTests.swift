import Columns
import Execution
import Testing

@testable import Engine

/// Lines made many at a time are those of writing each value by itself.
@Suite("Delimited rows")
struct DelimitedRowsTests {
    static let texts = [
        "", "plain", "two words", " blank before", "blank behind ", "a,b", "a;b", "a\tb", "say \"yes\"", "line\nbreak", "return\r", "\\.", "\\N", "NA",
        "阿莫西林胶囊", "=1+1", "back\\slash", "00123", "12345678901234567890", "1e5", "\u{0B}", String(repeating: "long ", count: 9), "NULL",
        "<b>&'|", "a\u{200B}b", "，。", "\u{2028}", "\u{85}", "\u{7F}", "é",
    ]

    private static func strings(_ count: Int, _ random: inout SeededRandom) -> StringColumn {
        var column = StringColumn()
        for _ in 0..<count { column.append(texts.randomElement(using: &random)!) }
        return column
    }

    private static func validity(_ count: Int, _ random: inout SeededRandom) -> Validity {
        Validity(compacting: (0..<count).map { _ in UInt8.random(in: 0..<6, using: &random) == 0 ? 0 : 1 })
    }

    /// A batch with a column of every kind.
    static func batch(_ count: Int, _ random: inout SeededRandom) -> Batch {
        var entries = StringColumn()
        for text in texts { entries.append(text) }
        let dictionary = TextDictionary(entries: entries)
        let domain = IdentifierDomain(
            formats: [
                .init(prefix: Array("H".utf8), digitCount: 8), .init(prefix: [], digitCount: 12), .init(prefix: Array("a,b".utf8), digitCount: 3),
                .init(prefix: Array("\\".utf8), digitCount: 4),
            ],
            exceptions: dictionary)
        var codes: [UInt64] = []
        for _ in 0..<count {
            if let last = codes.last, Bool.random(using: &random) {
                codes.append(last)
            } else if Int.random(in: 0..<5, using: &random) == 0 {
                codes.append(15 << 60 | UInt64.random(in: 0..<UInt64(texts.count), using: &random))
            } else {
                codes.append(UInt64.random(in: 0..<4, using: &random) << 60 | UInt64.random(in: 0..<900, using: &random))
            }
        }
        var starts: [Int32] = [0]
        while Int(starts.last!) < count { starts.append(min(Int32(count), starts.last! + Int32.random(in: 1...7, using: &random))) }
        let map = RunMap(starts: starts)
        let times: [Int64] = (0..<count).map { _ in
            [Int64.min / 2, 0, -1, 1_735_689_600_000_000, 1_735_689_600_123_456, Int64.random(in: 0..<2_000_000_000_000_000, using: &random)]
                .randomElement(using: &random)!
        }
        func valid() -> Validity { validity(count, &random) }
        return Batch(
            columns: [
                Vector(
                    type: .text, count: count,
                    values: .dictionary(codes: (0..<count).map { _ in UInt32.random(in: 0..<UInt32(texts.count), using: &random) }, dictionary),
                    validity: valid()),
                Vector(type: .text, count: count, values: .identifier(codes: codes, domain), validity: valid()),
                Vector(type: .text, count: count, values: .string(strings(count, &random)), validity: valid()),
                Vector(
                    type: .numeric(precision: 16, scale: 2), count: count,
                    values: .int64((0..<count).map { _ in Int64.random(in: -100_000...100_000, using: &random) }), validity: valid()),
                Vector(
                    type: .bigint, count: count, values: .int64((0..<count).map { _ in Int64.random(in: .min ... .max, using: &random) })),
                Vector(
                    type: .numeric(precision: 38, scale: 3), count: count,
                    values: .int128((0..<count).map { _ in Int128(Int64.random(in: .min ... .max, using: &random)) * 1_000_000 }), validity: valid()),
                Vector(type: .timestamp, count: count, values: .int64(times), validity: valid()),
                Vector(
                    type: .date, count: count,
                    values: .int32((0..<count).map { _ in [Int32.min / 2, -800_000, 0, 20_000, 3_000_000].randomElement(using: &random)! }),
                    validity: valid()),
                Vector(
                    type: .double, count: count,
                    values: .double((0..<count).map { _ in [0.1, -0.0, .infinity, .nan, 1e20, 1.0 / 3].randomElement(using: &random)! })),
                Vector(type: .boolean, count: count, values: .boolean((0..<count).map { UInt8($0 % 2) }), validity: valid()),
                Vector(
                    type: .interval, count: count,
                    values: .interval((0..<count).map { IntervalValue(months: Int32($0 % 15), days: Int32($0 % 3), microseconds: Int64($0 * 7)) })),
                .runs(
                    Vector(
                        type: .text, count: map.runCount, values: .string(strings(map.runCount, &random)), validity: validity(map.runCount, &random)),
                    map: map),
                Vector(
                    type: .text, count: count,
                    values: .dictionary(codes: [UInt32](repeating: 7, count: count), TextDictionary(entries: StringColumn())),
                    validity: .mask([UInt8](repeating: 0, count: count))),
                .constant(.text("x,y"), type: .text, count: count), .constant(.null, type: .text, count: count),
            ], rowCount: count)
    }

    private static func expected(_ batch: Batch, _ style: DelimitedStyle) -> [UInt8] {
        var bytes: [UInt8] = []
        let columns = batch.columns.map { $0.flattened() }
        for row in 0..<batch.rowCount {
            for (index, column) in columns.enumerated() {
                if index > 0 { bytes.append(style.separator) }
                let value = column.scalar(at: row)
                if value.isNull {
                    bytes += Array(style.nullText.utf8)
                } else {
                    var text: [UInt8] = []
                    ValueText.append(value, to: &text)
                    if ResultText.needsNoQuotes(column.type) {
                        bytes += text
                    } else if column.type == .text {
                        style.append(text: text[...], to: &bytes)
                    } else {
                        style.append(text[...], to: &bytes)
                    }
                }
            }
            bytes.append(0x0A)
        }
        return bytes
    }

    private static let styles: [DelimitedStyle] = [
        .csv, .tsv, .excel, DelimitedStyle(separator: 0x3B, isQuoted: true, nullText: ""),
        DelimitedStyle(separator: 0x7C, isQuoted: false, nullText: "\\N"), DelimitedStyle(separator: 0x09, isQuoted: true, nullText: ""),
    ]

    @Test("each value as it is alone, in any number of batches and on any number of threads", arguments: [1, 3, 1023, 1024, 1025, 17_000])
    func lines(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        let batches = [Self.batch(count, &random), Self.batch(7, &random)]
        for style in count > 2000 ? [.csv] : Self.styles {
            for workerCount in [1, 3] {
                let rows = try #require(DelimitedRows(style, workerCount: workerCount))
                for batch in batches {
                    #expect(Array(rows.lines(of: batch).joined()) == Self.expected(batch, style))
                }
            }
        }
    }

    @Test("row by row until the entries of a dictionary are worth writing, as all at once") func rowByRow() throws {
        var random = SeededRandom(seed: 41)
        let batch = Self.batch(40, &random)
        for style in Self.styles {
            let rows = try #require(DelimitedRows(style, workerCount: 1))
            let lines = (0..<40).flatMap { Array(rows.lines(of: batch.selecting([Int32($0)])).joined()) }
            #expect(lines == Self.expected(batch, style))
        }
    }

    @Test("a separator or a text of NULL that may stand in a number is left to others") func otherStyles() {
        #expect(DelimitedRows(DelimitedStyle(separator: 0x2D, isQuoted: true, nullText: ""), workerCount: 1) == nil)
        #expect(DelimitedRows(DelimitedStyle(separator: 0x2C, isQuoted: true, nullText: "0"), workerCount: 1) == nil)
    }

    @Test("rows without columns are empty lines") func noColumns() throws {
        let rows = try #require(DelimitedRows(.csv, workerCount: 2))
        #expect(Array(rows.lines(of: Batch(columns: [], rowCount: 3)).joined()) == [0x0A, 0x0A, 0x0A])
    }
}
