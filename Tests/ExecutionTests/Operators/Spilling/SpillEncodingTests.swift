import Columns
import Testing

@testable import Execution

@Suite("Rows in spill files")
struct SpillEncodingTests {
    static let edges = [0, 1, 63, 64, 65, 300]

    /// Columns of every type and shape, with and without NULLs, narrow and as wide as can be.
    static func columns(_ count: Int, seed: UInt64) -> [Vector] {
        var random = SeededGenerator(seed: seed)
        func integers(_ range: ClosedRange<Int64>) -> [Int64] { (0..<count).map { _ in Int64.random(in: range, using: &random) } }
        let masks: [Validity] = [
            .allPresent, Validity(compacting: (0..<count).map { UInt8($0 % 3 == 0 ? 0 : 1) }),
            Validity(compacting: [UInt8](repeating: 0, count: count)),
        ]
        var strings = StringColumn()
        for row in 0..<count { strings.append(String(repeating: "价", count: row % 5) + "\(row)") }
        var entries = StringColumn()
        for entry in 0..<5 { entries.append("entry \(entry)") }
        let dictionary = TextDictionary(entries: entries)
        let domain = IdentifierDomain(formats: [.init(prefix: [65], digitCount: 9)], exceptions: TextDictionary(single: "odd"))
        var values: [(LogicalType, VectorValues)] = [
            (.boolean, .boolean(integers(0...1).map { UInt8($0) })),
            (.date, .int32(integers(Int64(Int32.min)...Int64(Int32.max)).map { Int32($0) })),
            (.double, .double(integers(.min ... .max).map { Double(bitPattern: UInt64(bitPattern: $0)) })),
            (
                .interval,
                .interval(integers(-40...40).map { IntervalValue(months: Int32($0), days: Int32($0) &* 3, microseconds: $0 &* 7) })
            ),
            (.text, .string(strings)), (.text, .dictionary(codes: integers(0...4).map { UInt32($0) }, dictionary)),
            (.text, .identifier(codes: integers(0...1).map { $0 == 0 ? 15 << 60 : UInt64(123_456_789) }, domain)),
            (.numeric(precision: 38, scale: 2), .int128(integers(-9...9).map { Int128($0) })),
            (.numeric(precision: 38, scale: 4), .int128(integers(.min ... .max).map { Int128($0) << 40 })),
        ]
        for range in [5...5, 0...200, -30_000...30_000, 0...4_000_000_000, .min ... .max] as [ClosedRange<Int64>] {
            values.append((.bigint, .int64(integers(range))))
        }
        return values.flatMap { type, values in
            masks.map { Vector(type: type, count: count, values: values, validity: $0) }
        }
    }

    static func cells(_ columns: [Vector], _ rows: Range<Int>) -> [[String]] {
        // Bits, so that NaNs and zeros of both signs are told apart.
        columns.map { column in
            rows.map { row in
                if case .double(let value) = column.scalar(at: row) { return "\(value.bitPattern)" }
                return "\(column.scalar(at: row))"
            }
        }
    }

    @Test("come back as they were", arguments: edges)
    func roundTrip(count: Int) throws {
        let encoding = SpillEncoding(domains: SpillDomains())
        let columns = SpillEncodingTests.columns(count, seed: UInt64(count))
        for rows in [0..<count, count / 3..<count, 0..<count / 2] {
            var bytes: [UInt8] = []
            encoding.append(columns, rows: rows, to: &bytes)
            let read = try #require(encoding.columns(bytes, columnCount: columns.count, rowCount: rows.count))
            #expect(read.map(\.type) == columns.map(\.type))
            #expect(SpillEncodingTests.cells(read, 0..<rows.count) == SpillEncodingTests.cells(columns, rows))
        }
    }

    @Test("are refused when any byte of them changes, or some are missing")
    func damage() {
        let encoding = SpillEncoding(domains: SpillDomains())
        let columns = SpillEncodingTests.columns(9, seed: 5)
        var bytes: [UInt8] = []
        encoding.append(columns, rows: 0..<9, to: &bytes)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x11
            #expect(encoding.columns(changed, columnCount: columns.count, rowCount: 9) == nil, "byte \(index)")
            #expect(encoding.columns(Array(bytes[..<index]), columnCount: columns.count, rowCount: 9) == nil, "\(index) bytes")
        }
    }

    @Test("strings of dictionaries beyond the first are written out")
    func manyDictionaries() throws {
        let encoding = SpillEncoding(domains: SpillDomains())
        for number in 0..<1100 {
            let vector = Vector(
                type: .text, count: 2, values: .dictionary(codes: [0, 0], TextDictionary(single: "text \(number)")))
            var bytes: [UInt8] = []
            encoding.append([vector], rows: 0..<2, to: &bytes)
            let read = try #require(encoding.columns(bytes, columnCount: 1, rowCount: 2))
            #expect(read[0].scalar(at: 1) == .text("text \(number)"))
        }
    }
}
