/// Decimals without their common factor: `value = base + factor · part`.
///
/// Layout: factor (varint, at least 2), base (zigzag varint), part.
package enum ScaledEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 3
    package static let name = "scaled"
    package static let appliesScaling = true

    /// Factors worth trying: decimal places, and whole seconds, minutes, hours and days of microseconds.
    private static let factors: [Int64] = [
        86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 100_000_000, 10_000_000, 100_000, 10_000, 1000, 100, 10,
    ]

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 4, statistics.width >= 4, statistics.width < 63 else { return nil }
        let base = statistics.minimum
        for factor in factors where statistics.sample.allSatisfy({ ($0 &- base) % factor == 0 }) {
            guard let parts = quotients(input.values, base: base, factor: factor) else { continue }
            let choice = EncodingChooser.choose(input.derived(parts))
            let weight = 15 + choice.candidate.decodeWeight
            return EncodingCandidate(size: 8 + choice.candidate.size, decodeWeight: weight, endsSearch: true) {
                writer in
                writer.appendVarint(UInt64(factor))
                writer.appendSigned(base)
                choice.write(&writer)
            }
        }
        return nil
    }

    private static func quotients(_ values: [Int64], base: Int64, factor: Int64) -> [Int64]? {
        var parts = [Int64](repeating: 0, count: values.count)
        for row in 0..<values.count {
            let (quotient, remainder) = (values[row] &- base).quotientAndRemainder(dividingBy: factor)
            if remainder != 0 { return nil }
            parts[row] = quotient
        }
        return parts
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let factor = Int64(bitPattern: try reader.readVarint())
        let base = try reader.readSigned()
        let inner = context.forRows(Scaling(base: base, factor: factor))
        return try EncodingChooser.decode(&reader, count: count, context: inner)
    }
}
