/// Chooses, writes and reads nodes: the one place where encodings meet.
package enum EncodingChooser {
    /// Nodes may be this deep in each other.
    package static let maximumDepth = 6
    /// Bits of size that a nanosecond of decoding a value is worth. A smaller number packs denser and reads slower.
    package static let bitsPerNanosecond = 1.1

    /// Writes the values in the encoding whose size, with its decode time as a surcharge, is smallest; equal ones by the
    /// catalog's order. The same values always give the same bytes.
    package static func encode(_ input: EncodingInput, into writer: inout ByteWriter) {
        var best: (encoding: any IntegerEncoding.Type, candidate: EncodingCandidate, cost: Int)?
        for encoding in EncodingCatalog.all {
            guard let candidate = encoding.candidate(for: input) else { continue }
            let surcharge = Double(candidate.decodeWeight * input.values.count) * bitsPerNanosecond / 100
            let cost = candidate.size * 8 + Int(surcharge)
            if best == nil || cost < best!.cost { best = (encoding, candidate, cost) }
        }
        guard let best else { preconditionFailure("The catalog holds an encoding for every input.") }
        writer.append(best.encoding.identifier)
        writer.trace.open(best.encoding.name)
        best.candidate.write(&writer)
        writer.trace.close()
    }

    /// A part of a node: encoded by itself, without references.
    package static func encodePart(_ values: [Int64], depth: Int, into writer: inout ByteWriter) {
        encode(EncodingInput(values: values, depth: depth + 1), into: &writer)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        guard context.depth <= maximumDepth else { throw EncodingError("encodings nested deeper than \(maximumDepth)") }
        let identifier = try reader.readByte()
        guard let encoding = EncodingCatalog.encoding(identifier) else {
            throw EncodingError("encoding \(identifier) before byte \(reader.position) is unknown")
        }
        let values = try encoding.decode(&reader, count: count, context: context)
        guard values.count == count else {
            throw EncodingError("encoding \(encoding.name) gave \(values.count) values, \(count) expected")
        }
        return values
    }

    package static func decodePart(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        try decode(&reader, count: count, context: context.forPart)
    }
}
