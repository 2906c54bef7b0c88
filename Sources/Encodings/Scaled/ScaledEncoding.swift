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
        for factor in factors where statistics.sample.allSatisfy({ ($0 &- statistics.minimum) % factor == 0 }) {
            // What all values leave over: the parts stay whole seconds, cents and so on, which says more about them.
            // Below zero they count from the smallest.
            let base = statistics.minimum < 0 ? statistics.minimum : statistics.minimum % factor
            guard let parts = LaneKernels.exactQuotients(input.values, base: base, factor: factor) else { continue }
            let isSecond = input.kind == .time && factor == 1_000_000
            // All are whole and none is below the base, so that the parts are in the values' order.
            let known = BlockStatistics(
                parts, bounds: ((statistics.minimum - base) / factor, (statistics.maximum - base) / factor))
            let choice = EncodingChooser.choose(
                input.part(parts, kind: isSecond ? .second : .other, plan: input.plan?.parts.first, statistics: known))
            let weight = 15 + choice.candidate.decodeWeight
            return EncodingCandidate(size: 8 + choice.candidate.size(), decodeWeight: weight, endsSearch: true) {
                writer in
                writer.appendVarint(UInt64(factor))
                writer.appendSigned(base)
                choice.write(&writer)
            }
        }
        return nil
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let factor = Int64(bitPattern: try reader.readVarint())
        let base = try reader.readSigned()
        let inner = context.forRows(Scaling(base: base, factor: factor))
        return try EncodingChooser.decode(&reader, count: count, context: inner)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let factor = Int64(bitPattern: try reader.readVarint())
        let base = try reader.readSigned()
        let inner = context.forRows(Scaling(base: base, factor: factor))
        return try EncodingChooser.decode(&reader, count: count, at: rows, context: inner)
    }
}
