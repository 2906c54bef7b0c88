/// One value for all rows: zigzag varint.
package enum ConstantEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 1
    package static let name = "constant"
    package static let appliesScaling = true

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard input.statistics.minimum == input.statistics.maximum else { return nil }
        let value = input.statistics.minimum
        return EncodingCandidate(size: 1, decodeWeight: 0) { writer in writer.appendSigned(value) }
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        [Int64](repeating: context.scaling(try reader.readSigned()), count: count)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        try decode(&reader, count: rows.count, context: context)
    }
}
