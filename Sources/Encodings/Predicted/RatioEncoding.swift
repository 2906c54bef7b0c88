/// A decimal that is a rate of another one: `value = round(other · rate / 1000) + part`, half away from zero.
///
/// Layout: the other column's number (varint), rates, part.
package enum RatioEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 12
    package static let name = "ratio"
    /// Rates are per mille.
    static let denominator: Int64 = 1000
    /// Rates tried on a row before a new one is worked out: the latest ones.
    private static let memoryCount = 4

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        guard case .number = input.kind, input.values.count >= 256 else { return nil }
        guard input.isPlanned || input.statistics.width > 8 else { return nil }
        var best: (reference: EncodingInput.Reference, hits: Int)?
        for reference in input.references where reference.kind == input.kind {
            let hits = input.isPlanned ? 128 : sampleHits(input.values, reference.values)
            if hits * 10 >= 128 * 8, best == nil || hits > best!.hits { best = (reference, hits) }
        }
        guard let best, let (rates, rest) = split(input.values, by: best.reference.values) else { return nil }
        return EncodingCandidate(
            size: 4 + SizeEstimate.byteCount(BlockStatistics(rates)) + SizeEstimate.byteCount(BlockStatistics(rest)),
            decodeWeight: 180, references: [best.reference.column]
        ) { writer in
            writer.appendVarint(best.reference.column)
            EncodingChooser.encodePart(rates, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(rest, depth: input.depth, into: &writer)
        }
    }

    /// Rows of 128 from the middle that repeat one of the latest rates.
    private static func sampleHits(_ values: [Int64], _ others: [Int64]) -> Int {
        let start = values.count / 2 - 64
        var rates = RecentRates()
        var hits = 0
        for row in start..<(start + 128) where rates.rate(of: values[row], in: others[row]) != nil { hits += 1 }
        return hits
    }

    private static func split(_ values: [Int64], by others: [Int64]) -> (rates: [Int64], rest: [Int64])? {
        precondition(values.count == others.count)
        let known = BlockStatistics(others)
        guard max(known.minimum.magnitude, known.maximum.magnitude) < 1 << 49 else { return nil }
        var rest = [Int64](repeating: 0, count: values.count)
        let rates = Lanes.filled(count: values.count) { rates in
            let (rows, references) = (values.span, others.span)
            var rests = rest.mutableSpan
            var recent = RecentRates()
            var latest = recent.latest
            for row in 0..<rows.count {
                let (value, other) = (rows[row], references[row])
                // Mostly that of the row before.
                if predicted(other, latest) == value {
                    rates[row] = latest
                } else if let rate = recent.rate(of: value, in: other) {
                    rates[row] = rate
                    latest = rate
                } else {
                    rates[row] = latest
                    rests[row] = value &- predicted(other, latest)
                }
            }
        }
        return (rates, rest)
    }

    @inline(__always)
    fileprivate static func predicted(_ other: Int64, _ rate: Int64) -> Int64 {
        let product = other &* rate
        let sign = product >> 63
        let quotient = (((product ^ sign) &- sign) &+ denominator / 2) / denominator
        return (quotient ^ sign) &- sign
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        let others = try context.references.values(ofColumn: column)
        guard others.count == count else {
            throw EncodingError("column \(column) has \(others.count) values, \(count) expected")
        }
        let rates = try rates(&reader, count: count, context: context)
        return try PartKernels.sum(
            SpreadKernels.products(others, rates, divisor: denominator), &reader, context: context)
    }

    /// Rates mostly come as short runs.
    private static func rates(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        guard reader.skip(RepeatedEncoding.identifier) else {
            return try EncodingChooser.decodePart(&reader, count: count, context: context)
        }
        let (flags, values) = try RepeatedEncoding.runs(&reader, count: count, context: context.forPart)
        return SpreadKernels.repeated(values, flags)
    }

    package static func decodeSpread(
        _ reader: inout BlockReader, rowCount: Int, without absentRows: [Int32], context: DecodingContext
    ) throws(EncodingError) -> [Int64]? {
        let column = try reader.readCount(upTo: 1 << 20)
        guard let others = try context.references.allValues(ofColumn: column), others.count == rowCount else { return nil }
        let rates = try rates(&reader, count: rowCount - absentRows.count, context: context)
        // Elsewhere there is something to add to the present rows alone.
        guard try EncodingChooser.constantPart(&reader) == 0 else { return nil }
        return SpreadKernels.products(others, rates, divisor: denominator, without: absentRows)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let column = try reader.readCount(upTo: 1 << 20)
        var values = try context.references.values(ofColumn: column, at: rows, count: count)
        let rates = try EncodingChooser.decodePart(&reader, count: count, at: rows, context: context)
        let divide = RoundedDivision(by: denominator)
        for row in 0..<values.count { values[row] = try divide.checkedQuotient(values[row] &* rates[row]) }
        return try PartKernels.sum(values, &reader, count: count, at: rows, context: context)
    }

    /// The latest rates, newest first.
    private struct RecentRates {
        private var rates = InlineArray<4, Int64>(repeating: 0)

        var latest: Int64 { rates[0] }

        /// A rate in 0…4000 per mille that gives `value` exactly, a recent one if possible; nil if there is none.
        mutating func rate(of value: Int64, in other: Int64) -> Int64? {
            // Mostly that of the row before.
            if predicted(other, rates[0]) == value { return rates[0] }
            for index in 1..<memoryCount where predicted(other, rates[index]) == value {
                let rate = rates[index]
                remember(rate, dropping: index)
                return rate
            }
            guard other != 0, other.magnitude < 1 << 49, value.magnitude < 1 << 50 else { return nil }
            let rate = (2 &* value &* denominator + other) / (2 &* other)
            guard (0...4000).contains(rate), predicted(other, rate) == value else { return nil }
            remember(rate, dropping: memoryCount - 1)
            return rate
        }

        private mutating func remember(_ rate: Int64, dropping index: Int) {
            var place = index
            while place > 0 {
                rates[place] = rates[place - 1]
                place -= 1
            }
            rates[0] = rate
        }
    }
}
