import Columns
import Engine
import NIOCore
import Testing
import Wire

/// Values beside what PostgreSQL 15 sends for them.
@Suite("Encodings of values")
struct EncodingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var type: LogicalType
        var value: ScalarValue
        var oid: UInt32
        var modifier: Int32
        var text: String
        /// Hexadecimal.
        var binary: String

        init(_ type: LogicalType, _ value: ScalarValue, _ oid: UInt32, _ modifier: Int32, _ text: String, _ binary: String) {
            (self.type, self.value, self.oid, self.modifier, self.text, self.binary) = (type, value, oid, modifier, text, binary)
        }

        var testDescription: String { "\(type.name) \(text)" }
    }

    private static func numeric(
        _ precision: Int, _ scale: Int, _ unscaled: Int128, _ modifier: Int32, _ text: String, _ binary: String
    ) -> Case {
        Case(.numeric(precision: precision, scale: scale), .numeric(unscaled: unscaled, scale: scale), 1700, modifier, text, binary)
    }

    static let cases: [Case] = [
        Case(.boolean, .boolean(true), 16, -1, "t", "01"), Case(.boolean, .boolean(false), 16, -1, "f", "00"),
        Case(.integer, .integer(1), 23, -1, "1", "00000001"),
        Case(.integer, .integer(-2_147_483_648), 23, -1, "-2147483648", "80000000"),
        Case(.bigint, .integer(.max), 20, -1, "9223372036854775807", "7fffffffffffffff"),
        Case(.bigint, .integer(.min), 20, -1, "-9223372036854775808", "8000000000000000"),
        numeric(16, 2, 0, 1_048_582, "0.00", "0000000000000002"),
        numeric(16, 2, 1250, 1_048_582, "12.50", "0002000000000002000c1388"),
        numeric(16, 2, -1, 1_048_582, "-0.01", "0001ffff400000020064"),
        numeric(18, 2, 123_456_789_012_345_678, 1_179_654, "1234567890123456.78", "000500030000000204d2162e23340d801e78"),
        numeric(8, 0, 10_000, 524_292, "10000", "00010001000000000001"),
        numeric(8, 4, 1, 524_296, "0.0001", "0001ffff000000040001"),
        numeric(10, 5, 1, 655_369, "0.00001", "0001fffe0000000503e8"),
        numeric(16, 6, 123_456_789_000, 1_048_586, "123456.789000", "0003000100000006000c0d801ed2"),
        numeric(
            38, 0, DecimalText.powers128[38] - 1, 2_490_372, String(repeating: "9", count: 38),
            "000a0009000000000063270f270f270f270f270f270f270f270f270f"),
        numeric(38, 20, -1, 2_490_392, "-0.00000000000000000001", "0001fffb400000140001"),
        Case(.double, .double(1.5), 701, -1, "1.5", "3ff8000000000000"),
        Case(.double, .double(.nan), 701, -1, "NaN", "7ff8000000000000"),
        Case(.double, .double(-.infinity), 701, -1, "-Infinity", "fff0000000000000"),
        Case(.double, .double(1e-300), 701, -1, "1e-300", "01a56e1fc2f8f359"),
        Case(.date, .date(20_119), 1082, -1, "2025-01-31", "000023ca"),
        Case(.date, .date(0), 1082, -1, "1970-01-01", "ffffd533"),
        Case(.date, .date(-719_162), 1082, -1, "0001-01-01", "fff4dbf9"),
        Case(.date, .date(2_932_896), 1082, -1, "9999-12-31", "002c95d3"),
        Case(.timestamp, .timestamp(1_738_310_678_500_000), 1114, -1, "2025-01-31 08:04:38.5", "0002cffac34872a0"),
        Case(.timestamp, .timestamp(-1), 1114, -1, "1969-12-31 23:59:59.999999", "fffca2fec4c81fff"),
        Case(
            .interval, .interval(IntervalValue(months: 14, days: 3, microseconds: 14_706_500_000)), 1186, -1,
            "1 year 2 mons 3 days 04:05:06.5", "000000036c9361a0000000030000000e"),
        Case(.interval, .interval(IntervalValue(days: -1)), 1186, -1, "-1 days", "0000000000000000ffffffff00000000"),
        Case(.text, .text("医保"), 25, -1, "医保", "e58cbbe4bf9d"), Case(.text, .text(""), 25, -1, "", ""),
    ]

    private func sent(_ type: LogicalType, _ value: ScalarValue, _ format: ValueFormat) -> [UInt8]? {
        var rows = ResultRows(fields: [Field(name: "x", type: type)])
        rows.append([value])
        var buffer = ByteBuffer()
        ValueEncoder.write(rows.result().batches[0].columns[0], row: 0, format: format, to: &buffer)
        guard let length = buffer.readInteger(as: Int32.self), length >= 0 else { return nil }
        #expect(buffer.readableBytes == Int(length), "the length is that of the value")
        return Array(buffer.readableBytesView)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test("are PostgreSQL's, as text and binary", arguments: cases) func encodings(expected: Case) throws {
        let type = WireType(expected.type)
        #expect(type.oid == expected.oid && type.modifier == expected.modifier)
        #expect(String(decoding: try #require(sent(expected.type, expected.value, .text)), as: UTF8.self) == expected.text)
        #expect(hexadecimal(try #require(sent(expected.type, expected.value, .binary))) == expected.binary)
    }

    @Test("NULL has the length -1", arguments: cases) func null(expected: Case) {
        #expect(sent(expected.type, .null, .text) == nil)
        #expect(sent(expected.type, .null, .binary) == nil)
    }

    @Test("binary numerics read back", arguments: cases.filter { $0.oid == 1700 }) func numericsReadBack(expected: Case) throws {
        let read = try NumericDigits.read(try #require(sent(expected.type, expected.value, .binary)))
        #expect(ScalarValue.numeric(unscaled: read.unscaled, scale: read.scale) == expected.value)
    }

    @Test("chance numerics read back, at every scale", arguments: 0...38) func chanceNumerics(scale: Int) throws {
        var generator = SeededBytes(seed: UInt64(scale) + 1)
        for digits in 1...38 {
            let bound = DecimalText.powers128[digits]
            let unscaled = Int128.random(in: -(bound - 1)...(bound - 1), using: &generator)
            var buffer = ByteBuffer()
            NumericDigits.write(unscaled: unscaled, scale: scale, to: &buffer)
            let read = try NumericDigits.read(Array(buffer.readableBytesView))
            #expect(read.unscaled == unscaled && read.scale == scale)
        }
    }

    @Test("bytes that are no numeric are refused", arguments: [
        [], [0], [0, 1, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0x27, 0x10], [0xFF, 0xFF, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0xC0, 0, 0, 0], [0, 0, 0, 0, 0x12, 0, 0, 0], [0, 1, 0x7F, 0xFF, 0, 0, 0, 0, 0, 1],
        [0, 1, 0, 9, 0, 0, 0, 0, 0x27, 0x0F], [0, 0, 0, 0, 0, 0, 0x7F, 0xFF],
    ] as [[UInt8]])
    func malformedNumerics(bytes: [UInt8]) {
        #expect(throws: WireError.self) { try NumericDigits.read(bytes) }
    }
}
