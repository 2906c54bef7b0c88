import Arrow
import Columns
import Testing

/// The frame of a stream, and the bytes of its buffers; what the metadata says is read by Arrow's own library
/// (`Tests/Oracle/parquet_roundtrip.py`).
@Suite("Arrow streams")
struct ArrowStreamTests {
    private struct Message {
        var metadata: [UInt8]
        var body: ArraySlice<UInt8>
    }

    /// Cuts a message with a body of the given size off the front.
    private static func take(_ bytes: inout ArraySlice<UInt8>, bodySize: Int) throws -> Message {
        let first = bytes.startIndex
        try #require(Array(bytes.prefix(4)) == [0xFF, 0xFF, 0xFF, 0xFF])
        let size = (4..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[first + $1]) }
        #expect(size % 8 == 0 && bytes.count >= 8 + size + bodySize)
        let message = Message(
            metadata: Array(bytes[(first + 8)..<(first + 8 + size)]),
            body: bytes[(first + 8 + size)..<(first + 8 + size + bodySize)])
        bytes = bytes[(first + 8 + size + bodySize)...]
        return message
    }

    @Test("schema, batches and the end stand one behind the other; buffers begin at multiples of 64") func frame() throws {
        let fields = [Field(name: "n", type: .bigint), Field(name: "t", type: .text), Field(name: "f", type: .boolean)]
        var strings = StringColumn()
        for text in ["a", "", "费"] { strings.append(text) }
        let columns = [
            Vector(type: .bigint, count: 3, values: .int64([1, -2, 3]), validity: .mask([1, 0, 1])),
            Vector(type: .text, count: 3, values: .string(strings)), Vector(type: .boolean, count: 3, values: .boolean([1, 0, 1])),
        ]
        let writer = ArrowStreamWriter(fields: fields)
        var rest = (writer.schema() + (try writer.batch(columns, rowCount: 3)) + writer.end())[...]
        let schema = try Self.take(&rest, bodySize: 0)
        #expect(schema.metadata.count > 0)
        // Validity, numbers, offsets, text and truth values: five buffers that are not empty.
        let batch = try Self.take(&rest, bodySize: 5 * 64)
        #expect(Array(rest) == writer.end())
        let body = Array(batch.body)
        #expect(body[0] == 0b101)
        #expect(Array(body[64..<72]) == [1, 0, 0, 0, 0, 0, 0, 0] && Array(body[72..<74]) == [0xFE, 0xFF])
        #expect(Array(body[128..<144]) == [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0])
        #expect(Array(body[192..<197]) == Array("a费".utf8) + [0])
        #expect(body[256] == 0b101)
    }

    @Test("a number that does not fit its column's type is said by name") func refusals() {
        let column = Vector(type: .integer, count: 1, values: .int64([1 << 40]))
        let writer = ArrowStreamWriter(fields: [Field(name: "n", type: .integer)])
        #expect {
            try writer.batch([column], rowCount: 1)
        } throws: { ($0 as? ArrowError)?.column == "n" }
    }
}
