import Columns
import Encodings
import Testing

@Suite("String encoding")
struct StringEncodingTests {
    @Test("gives back texts of any length", arguments: [0, 1, 64, 1500])
    func roundTrips(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        var strings = StringColumn()
        for index in 0..<count {
            strings.append(index % 5 == 0 ? "" : "费用 \(UInt64.random(in: 0...9999, using: &random))")
        }
        var writer = ByteWriter()
        StringEncoding.encode(strings, into: &writer)
        var reader = BlockReader(bytes: writer.bytes)
        #expect(try StringEncoding.decode(&reader, count: count) == strings)
        for length in 0..<min(writer.bytes.count, 200) {
            var cut = BlockReader(bytes: Array(writer.bytes[0..<length]))
            #expect(throws: EncodingError.self) { try StringEncoding.decode(&cut, count: count) }
        }
    }
}
