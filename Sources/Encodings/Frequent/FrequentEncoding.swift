import Columns

/// Up to three values that are very common: for each value a class of two bits, and the values of class 3 by themselves.
///
/// Layout: the common values of class 0, 1 and 2 (zigzag varints), count of other values (varint), classes (part), other
/// values (part).
package enum FrequentEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 17
    package static let name = "frequent"
    package static let appliesScaling = true
    static let decodeWeight = 100

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard input.depth < 5, statistics.count >= 256, input.isPlanned || statistics.width > 3 else { return nil }
        let (common, share) = statistics.common
        let otherBits = Int((1 - share) * Double(statistics.count * statistics.width))
        guard input.isPlanned || otherBits + 3 * statistics.count < statistics.count * statistics.width else { return nil }
        return EncodingCandidate(size: 32 + (2 * statistics.count + otherBits) / 8, decodeWeight: decodeWeight) { writer in
            let (classes, others) = classified(input.values, common)
            for place in 0..<3 { writer.appendSigned(common[place]) }
            writer.appendVarint(others.count)
            EncodingChooser.encodePart(classes, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(others, depth: input.depth, into: &writer)
        }
    }

    /// The three commonest values of a sample, the smaller first of equally common ones, and which part of it they are.
    package static func commonValues(_ sample: [Int64]) -> (values: InlineArray<3, Int64>, share: Double) {
        var counted: [(value: Int64, count: Int)] = []
        for value in sample.sorted() {
            if let last = counted.last, last.value == value {
                counted[counted.count - 1].count += 1
            } else {
                counted.append((value, 1))
            }
        }
        counted.sort { $0.count != $1.count ? $0.count > $1.count : $0.value < $1.value }
        let best = counted.prefix(3)
        // With fewer than three different values the last one fills the places: the first class of a value counts.
        let values = InlineArray<3, Int64> { best.isEmpty ? 0 : best[min($0, best.count - 1)].value }
        return (values, Double(best.reduce(0) { $0 + $1.count }) / Double(max(1, sample.count)))
    }

    private static func classified(
        _ values: [Int64], _ common: InlineArray<3, Int64>
    ) -> (classes: [Int64], others: [Int64]) {
        let (first, second, third) = (common[0], common[1], common[2])
        var isOther = [UInt8](repeating: 0, count: values.count)
        let classes = Lanes.filled(count: values.count) { classes in
            let rows = values.span
            var others = isOther.mutableSpan
            for row in 0..<rows.count {
                let value = rows[row]
                let number: Int64 = value == first ? 0 : value == second ? 1 : value == third ? 2 : 3
                classes[row] = number
                others[row] = UInt8(truncatingIfNeeded: (number &+ 1) &>> 2)
            }
        }
        return (classes, FlagKernels.picked(values, isOther))
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let scaling = context.scaling
        let first = scaling(try reader.readSigned())
        let second = scaling(try reader.readSigned())
        let third = scaling(try reader.readSigned())
        let otherCount = try reader.readCount(upTo: count)
        let classes = try decodeClasses(&reader, count: count, context: context)
        let others = try EncodingChooser.decodeValues(&reader, count: otherCount, context: context)
        let found = FlagKernels.count(classes, of: 3)
        guard found == otherCount else { throw EncodingError("\(found) values of class 3, \(otherCount) expected") }
        return SpreadKernels.expanded(classes, common: [first, second, third], others: others)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let scaling = context.scaling
        let common = [
            scaling(try reader.readSigned()), scaling(try reader.readSigned()), scaling(try reader.readSigned()), 0,
        ]
        let otherCount = try reader.readCount(upTo: count)
        let classes = try decodeClasses(&reader, count: count, context: context)
        let found = FlagKernels.count(classes, of: 3)
        guard found == otherCount else { throw EncodingError("\(found) values of class 3, \(otherCount) expected") }
        let numbers = gather(classes, rows.places)
        let items = FlagKernels.items(numbers, of: 3)
        let places = FlagKernels.ranks(classes, of: 3, at: gather(rows.places, items))
        let others = try EncodingChooser.decode(
            &reader, count: otherCount, at: rows.part(items, at: places), context: context.forValues)
        var values = numbers.map { common[Int($0)] }
        for (index, item) in items.enumerated() { values[Int(item)] = others[index] }
        return values
    }

    private static func decodeClasses(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt8] {
        if let classes = try FlagKernels.packedBytes(&reader, count: count, width: 2) { return classes }
        let lanes = try EncodingChooser.decodePart(&reader, count: count, context: context)
        guard IndexCheck.all(lanes, below: 4) else { throw EncodingError("a class above 3") }
        return lanes.map { UInt8($0) }
    }
}
