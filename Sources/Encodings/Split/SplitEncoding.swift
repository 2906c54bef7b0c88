/// Numbers in two parts, each encoded by itself: `value = base + factor · quotient + rest`, 0 ≤ rest < factor.
///
/// Three uses: days and times of day; decimals most of which have few places (the rest is mostly 0); and numbers that fit few
/// bits but for some outliers (the quotient by a power of two is mostly 0).
///
/// Layout: factor (varint, at least 2), base (zigzag varint), quotients, rests.
package enum SplitEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 16
    package static let name = "split"
    package static let appliesScaling = true

    private static let secondsOfDay: Int64 = 86_400
    private static let decimalFactors: [Int64] = [10_000, 1000, 100, 10]

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard input.depth < 4, input.values.count >= 256, input.isPlanned || input.statistics.width > 6,
            input.statistics.width < 62
        else { return nil }
        guard let (factor, base) = shape(input) else { return nil }
        let (quotients, rests) = split(input.values, base: base, factor: factor)
        let plans = input.plan?.parts ?? []
        func choose(_ values: [Int64], _ part: Int) -> EncodingChooser.Choice {
            EncodingChooser.choose(input.part(values, plan: part < plans.count ? plans[part] : nil))
        }
        let (quotient, rest) = (choose(quotients, 0), choose(rests, 1))
        return EncodingCandidate(
            size: 8 + quotient.candidate.size() + rest.candidate.size(),
            decodeWeight: 100 + quotient.candidate.decodeWeight + rest.candidate.decodeWeight
        ) { writer in
            writer.appendVarint(UInt64(factor))
            writer.appendSigned(base)
            quotient.write(&writer)
            rest.write(&writer)
        }
    }

    /// The factor and base that promise most; nil if none does.
    private static func shape(_ input: EncodingInput) -> (factor: Int64, base: Int64)? {
        let statistics = input.statistics
        let sample = statistics.sample
        if input.kind == .second {
            return statistics.maximum - statistics.minimum > 2 * secondsOfDay ? (secondsOfDay, 0) : nil
        }
        for factor in decimalFactors {
            let whole = sample.count { $0 % factor == 0 }
            if whole < sample.count, whole * 8 >= sample.count * 7 { return (factor, 0) }
        }
        return outlierShape(LaneKernels.sorted(sample), width: statistics.width)
    }

    /// The power of two and the base that leave few values outside, if that saves a good part of the bits.
    private static func outlierShape(_ sorted: [Int64], width: Int) -> (factor: Int64, base: Int64)? {
        let base = sorted[sorted.count / 64]
        let below = place(of: base, in: sorted)
        var best: (bits: Int, cost: Int)?
        for bits in 1..<width {
            // An end beyond Int64 wraps below the base: everything is outside then.
            let end = base &+ (1 << Int64(bits))
            let outside = end < base ? sorted.count : below + sorted.count - place(of: end, in: sorted)
            guard outside * 5 < sorted.count else { continue }
            // An outlier costs its quotient and a gap.
            let cost = bits * sorted.count + outside * (width - bits + 10)
            if best == nil || cost < best!.cost { best = (bits, cost) }
        }
        guard let best, best.cost * 5 < width * sorted.count * 4 else { return nil }
        return (1 << Int64(best.bits), base)
    }

    /// How many of the values are below `limit`.
    private static func place(of limit: Int64, in sorted: [Int64]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < limit { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func split(_ values: [Int64], base: Int64, factor: Int64) -> (quotients: [Int64], rests: [Int64]) {
        guard factor & (factor - 1) == 0 else { return LaneKernels.split(values, base: base, factor: factor) }
        var rests: [Int64] = []
        let shift = Int64(factor.trailingZeroBitCount)
        let quotients = Lanes.filled(count: values.count) { quotients in
            let rows = values.span
            rests = Lanes.filled(count: values.count) { rests in
                for row in 0..<rows.count {
                    let value = rows[row] &- base
                    quotients[row] = value &>> shift
                    rests[row] = value & (factor &- 1)
                }
            }
        }
        return (quotients, rests)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let factor = Int64(bitPattern: try reader.readVarint())
        let base = try reader.readSigned()
        guard context.depth < EncodingChooser.maximumDepth else { throw EncodingError("encodings nested too deep") }
        let scaled = context.forRows(Scaling(base: base, factor: factor))
        var values = try EncodingChooser.decode(&reader, count: count, context: scaled)
        if let rest = try EncodingChooser.constantPart(&reader) {
            if rest != 0 { Scaling(base: context.forAddends.scaling(rest), factor: 1).apply(to: &values) }
            return values
        }
        // Mostly one value: only what differs is touched.
        if reader.skip(SparseEncoding.identifier) {
            try SparseEncoding.add(to: &values, &reader, context: context.forAddends)
            return values
        }
        let rests = try EncodingChooser.decode(&reader, count: count, context: context.forAddends)
        let source = rests.span
        var rows = values.mutableSpan
        precondition(source.count == rows.count)
        for row in 0..<rows.count { rows[row] = rows[row] &+ source[row] }
        return values
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let factor = Int64(bitPattern: try reader.readVarint())
        let base = try reader.readSigned()
        guard context.depth < EncodingChooser.maximumDepth else { throw EncodingError("encodings nested too deep") }
        let scaled = context.forRows(Scaling(base: base, factor: factor))
        var values = try EncodingChooser.decode(&reader, count: count, at: rows, context: scaled)
        let rests = try EncodingChooser.decode(&reader, count: count, at: rows, context: context.forAddends)
        for row in 0..<values.count { values[row] = values[row] &+ rests[row] }
        return values
    }
}
