import Encodings

/// Any numbers come back from the encoding chosen for them; with a byte changed they decode to something, or throw.
enum ValueFuzzing {
    private static let kinds: [ValueKind] = [.other, .second, .code, .number(scale: 2), .time]

    /// Byte 0: kind, bytes a number and how often all of them are repeated; bytes 1 and 2: the change; then the numbers.
    static func run(_ bytes: [UInt8]) {
        guard bytes.count >= 3 else { return }
        let size = 1 << Int(bytes[0] & 3)
        var values: [Int64] = []
        var position = 3
        while position + size <= bytes.count {
            var value: UInt64 = 0
            for byte in 0..<size { value |= UInt64(bytes[position + byte]) << UInt64(8 * byte) }
            // With its sign, so that few bytes give negative numbers too.
            let shift = Int64(64 - 8 * size)
            values.append((Int64(bitPattern: value) << shift) >> shift)
            position += size
        }
        values = (0...Int(bytes[0] >> 2 & 7)).flatMap { _ in values }
        let kind = kinds[Int(bytes[0] >> 5) % kinds.count]
        var encoded = check(values, kind: kind)
        guard !encoded.isEmpty else { return }
        encoded[(Int(bytes[1]) << 8 | Int(bytes[2])) % encoded.count] ^= bytes[1] | 1
        NodeFuzzing.decode(encoded, count: values.count)
    }

    private static func check(_ values: [Int64], kind: ValueKind) -> [UInt8] {
        let neighbours = NodeFuzzing.Neighbours(count: values.count)
        let references = (0..<2).compactMap { column in
            (try? neighbours.values(ofColumn: column)).map {
                EncodingInput.Reference(column: column, values: $0, kind: column == 0 ? .code : .number(scale: 4))
            }
        }
        let input = EncodingInput(
            values: values, kind: kind, references: references, rowsInRun: try? neighbours.rowsInRun(from: 0))
        let context = DecodingContext(references: neighbours)
        for encoding in EncodingCatalog.all {
            guard let candidate = encoding.candidate(for: input) else { continue }
            var writer = ByteWriter()
            candidate.write(&writer)
            var reader = BlockReader(bytes: writer.bytes)
            let decoded = try? encoding.decode(&reader, count: values.count, context: context)
            precondition(decoded == values, "\(encoding.name) gives other numbers back")
        }
        var writer = ByteWriter()
        EncodingChooser.encode(input, into: &writer)
        var reader = BlockReader(bytes: writer.bytes)
        let decoded = try? EncodingChooser.decode(&reader, count: values.count, context: context)
        precondition(decoded == values, "the chosen encoding gives other numbers back")
        return writer.bytes
    }
}
