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
            let remainder = statistics.minimum % factor
            let base = remainder < 0 ? remainder + factor : remainder
            guard let parts = quotients(input.values, base: base, factor: factor) else { continue }
            let isSecond = input.kind == .time && factor == 1_000_000
            let choice = EncodingChooser.choose(
                input.part(parts, kind: isSecond ? .second : .other, plan: input.plan?.parts.first))
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

    private static func quotients(_ values: [Int64], base: Int64, factor: Int64) -> [Int64]? {
        // Exact division without dividing: multiplied by the inverse of the factor's odd part modulo 2^64 and rotated by
        // its power of two, multiples of the factor become their quotients, and everything else becomes larger than any.
        // Source: Granlund and Montgomery, "Division by invariant integers using multiplication" (1994), section 9.
        let shift = UInt64(factor.trailingZeroBitCount)
        let odd = UInt64(factor) >> shift
        var inverse = odd
        for _ in 0..<5 { inverse = inverse &* (2 &- odd &* inverse) }
        let largest = UInt64.max / UInt64(factor)
        let rows = values.span
        var worst: UInt64 = 0
        let parts = Lanes.filled(count: values.count) { parts in
            for row in 0..<rows.count {
                let product = UInt64(bitPattern: rows[row] &- base) &* inverse
                let quotient = (product &>> shift) | (product &<< ((64 &- shift) & 63) &* (shift == 0 ? 0 : 1))
                worst = max(worst, quotient)
                parts[row] = Int64(bitPattern: quotient)
            }
        }
        return worst <= largest ? parts : nil
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
