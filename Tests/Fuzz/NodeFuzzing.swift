import Encodings

/// Any bytes are a node of a block: it decodes to as many values as asked for, or throws.
enum NodeFuzzing {
    /// Two columns and runs of three rows, for what is predicted from others.
    struct Neighbours: ReferenceSource {
        let count: Int

        func values(ofColumn column: Int) throws(EncodingError) -> [Int64] {
            guard column < 2 else { throw EncodingError("no column \(column)") }
            return (0..<count).map { column == 0 ? Int64($0 % 7) : Int64($0) * 10_000 - 50_000 }
        }

        func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64] {
            (0..<count).map { Int64($0 % 3) &+ first }
        }
    }

    static func run(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return }
        decode(Array(bytes[2...]), count: Int(bytes[0]) | Int(bytes[1] & 15) << 8)
    }

    static func decode(_ bytes: [UInt8], count: Int) {
        var reader = BlockReader(bytes: bytes)
        let context = DecodingContext(references: Neighbours(count: count))
        guard let values = try? EncodingChooser.decode(&reader, count: count, context: context) else { return }
        precondition(values.count == count)
    }
}
