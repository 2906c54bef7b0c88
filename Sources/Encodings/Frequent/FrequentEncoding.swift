import CKernels
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
            let (classes, others) = LaneKernels.classified(input.values, common)
            for place in 0..<3 { writer.appendSigned(common[place]) }
            writer.appendVarint(others.count)
            EncodingChooser.encodePart(classes, depth: input.depth, into: &writer)
            EncodingChooser.encodePart(others, depth: input.depth, into: &writer)
        }
    }

    /// The three commonest values of a sample, the smaller first of equally common ones, and which part of it they are.
    package static func commonValues(_ sample: [Int64]) -> (values: InlineArray<3, Int64>, share: Double) {
        // The first three by count; values come ascending, so that an equally common one goes behind.
        var best: [(value: Int64, count: Int)] = []
        let sorted = LaneKernels.sorted(sample)
        var first = 0
        while first < sorted.count {
            var end = first + 1
            while end < sorted.count, sorted[end] == sorted[first] { end += 1 }
            if best.count < 3 || end - first > best[2].count {
                let place = best.firstIndex { $0.count < end - first } ?? best.count
                best.insert((sorted[first], end - first), at: place)
                if best.count > 3 { best.removeLast() }
            }
            first = end
        }
        // With fewer than three different values the last one fills the places: the first class of a value counts.
        let values = InlineArray<3, Int64> { best.isEmpty ? 0 : best[min($0, best.count - 1)].value }
        return (values, Double(best.reduce(0) { $0 + $1.count }) / Double(max(1, sample.count)))
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

    package static func decodeCodes(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt32]? {
        let common = [try reader.readSigned(), try reader.readSigned(), try reader.readSigned()]
        guard IndexCheck.all(common, below: NarrowCodes.limit) else { return nil }
        let otherCount = try reader.readCount(upTo: count)
        let packed = try FlagKernels.packedWords(&reader, count: count, width: 2)
        let stream = packed == nil ? try BitStream.next(in: &reader, count: count, width: 2) : nil
        let classes = packed == nil && stream == nil ? try decodeClasses(&reader, count: count, context: context) : []
        guard let others = try EncodingChooser.decodeNarrow(&reader, count: otherCount, context: context.forPart) else { return nil }
        let expansion = CodeClasses(common: common.map { UInt32($0) }, others: others)
        let (codes, found) =
            if let packed {
                expansion.codes(reader.words, from: packed, count: count)
            } else if let stream {
                expansion.codes(stream)
            } else {
                expansion.codes(classes)
            }
        guard found == otherCount else { throw EncodingError("\(found) values of class 3, \(otherCount) expected") }
        return codes
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let scaling = context.scaling
        let common = [
            scaling(try reader.readSigned()), scaling(try reader.readSigned()), scaling(try reader.readSigned()), 0,
        ]
        let otherCount = try reader.readCount(upTo: count)
        let numbers: [UInt8]
        let areOthers: FlagBits
        if let packed = try FlagKernels.packedWords(&reader, count: count, width: 2) {
            areOthers = FlagBits.packed(reader.words, from: packed, count: count, width: 2, number: 3)
            let lanes = PackKernels.unpack(
                reader.words, from: packed, count: count, base: 0, factor: 1, width: 2, at: rows.places)
            numbers = lanes.map { UInt8(truncatingIfNeeded: $0) }
        } else if let stream = try BitStream.next(in: &reader, count: count, width: 2) {
            areOthers = stream.threes
            numbers = stream.gathered(rows.places)
        } else {
            let classes = try decodeClasses(&reader, count: count, context: context)
            areOthers = FlagBits(classes.map { $0 == 3 ? 1 : 0 })
            numbers = gather(classes, rows.places)
        }
        guard areOthers.sum == otherCount else {
            throw EncodingError("\(areOthers.sum) values of class 3, \(otherCount) expected")
        }
        let items = FlagKernels.items(numbers, of: 3)
        let places = areOthers.ranks(at: gather(rows.places, items))
        let others = try EncodingChooser.decode(
            &reader, count: otherCount, at: rows.part(items, at: places), context: context.forValues)
        var values = numbers.map { common[Int($0)] }
        for (index, item) in items.enumerated() { values[Int(item)] = others[index] }
        return values
    }

    /// Classes of two bits become codes.
    private struct CodeClasses {
        /// Those of class 0, 1 and 2.
        let common: [UInt32]
        /// Those of class 3, in their order.
        let others: [UInt32]

        /// The codes, and how many classes are 3.
        func codes(_ classes: [UInt8]) -> (codes: [UInt32], found: Int) {
            var found = 0
            // Bounds: the kernel writes a code for each class and reads no other behind the last.
            let codes = unsafe [UInt32](unsafeUninitializedCapacity: classes.count) { codes, filledCount in
                found = unsafe ck_expand_code_classes(
                    ck_level(), classes, classes.count, common, others, others.count, codes.baseAddress)
                filledCount = classes.count
            }
            return (codes, found)
        }

        /// As above, of classes in a stream of two bits each.
        func codes(_ stream: BitStream) -> (codes: [UInt32], found: Int) {
            precondition(stream.width == 2)
            var found = 0
            // Bounds: as above; the stream has two bits for each code.
            let codes = unsafe [UInt32](unsafeUninitializedCapacity: stream.count) { codes, filledCount in
                if stream.count > 0 {
                    found = unsafe ck_expand_code_stream(
                        ck_level(), stream.words, stream.count, common, others, others.count, codes.baseAddress!)
                }
                filledCount = stream.count
            }
            return (codes, found)
        }

        /// As above, of packed classes.
        ///
        /// - Precondition: There are as many words from `start` as `count` numbers of two bits take.
        func codes(_ words: [UInt64], from start: Int, count: Int) -> (codes: [UInt32], found: Int) {
            precondition(start >= 0 && start + PackKernels.wordCount(count: count, width: 2) <= words.count)
            let groups = count / PackKernels.blockCount
            let rest = count % PackKernels.blockCount
            let lastClasses = (0..<rest).map { row -> UInt8 in
                let bit = (start + groups * 32) * 64 + 2 * row
                return UInt8(truncatingIfNeeded: words[bit >> 6] &>> UInt64(bit & 63)) & 3
            }
            var found = 0
            // Bounds: the kernels write 1024 codes a group, and one for each class behind them; others are read from where the
            // groups end, if any are left.
            let codes = unsafe [UInt32](unsafeUninitializedCapacity: count) { codes, filledCount in
                unsafe words.withUnsafeBufferPointer { words in
                    unsafe others.withUnsafeBufferPointer { others in
                        if groups > 0 {
                            found = unsafe ck_expand_code_groups(
                                ck_level(), words.baseAddress! + start, groups, common, others.baseAddress, others.count,
                                codes.baseAddress!)
                        }
                        let used = min(found, others.count)
                        if rest > 0 {
                            found += unsafe ck_expand_code_classes(
                                ck_level(), lastClasses, rest, common, others.baseAddress.map { unsafe $0 + used }, others.count - used,
                                codes.baseAddress! + groups * PackKernels.blockCount)
                        }
                    }
                }
                filledCount = count
            }
            return (codes, found)
        }
    }

    private static func decodeClasses(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt8] {
        if let classes = try FlagKernels.packedBytes(&reader, count: count, width: 2) { return classes }
        if let stream = try BitStream.next(in: &reader, count: count, width: 2) { return stream.bytes }
        let lanes = try EncodingChooser.decodePart(&reader, count: count, context: context)
        guard IndexCheck.all(lanes, below: 4) else { throw EncodingError("a class above 3") }
        return lanes.map { UInt8($0) }
    }
}
