import CKernels
import Columns

/// Zeros and ones, one for each row, a bit each. How many ones lie before a row is known without a pass over the rows before it.
package struct FlagBits: Sendable {
    package let count: Int
    /// Row r is bit r mod 64 of word r / 64; there are zeros behind the last row, and a word more than rows need.
    let words: [UInt64]
    /// Ones before each word but the last.
    private let before: [Int32]
    /// Ones in all.
    package let sum: Int

    /// - Parameter words: One more than `count` rows need; zeros behind the last row.
    init(count: Int, words: [UInt64]) {
        precondition(words.count == FlagBits.wordCount(count))
        self.count = count
        self.words = words
        // Bounds: a sum for each word but the last, and one behind them.
        before = unsafe [Int32](unsafeUninitializedCapacity: words.count) { sums, filledCount in
            unsafe ck_bit_sums(ck_level(), words, words.count - 1, sums.baseAddress)
            filledCount = words.count
        }
        sum = Int(before[words.count - 1])
    }

    /// Bytes of zeros and ones.
    package init(_ flags: [UInt8]) {
        var words = [UInt64](repeating: 0, count: FlagBits.wordCount(flags.count))
        for row in 0..<flags.count { words[row >> 6] |= UInt64(flags[row] & 1) &<< UInt64(row & 63) }
        self.init(count: flags.count, words: words)
    }

    private static func wordCount(_ count: Int) -> Int { (count + 63) / 64 + 1 }

    /// The lowest bit of each lane of a node.
    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> FlagBits {
        if let start = try FlagKernels.packedWords(&reader, count: count, width: 1) {
            return packed(reader.words, from: start, count: count, width: 1, number: 1)
        }
        if let stream = try BitStream.next(in: &reader, count: count, width: 1) {
            return FlagBits(count: count, words: stream.words)
        }
        if reader.skip(MarkedEncoding.identifier) {
            return try MarkedEncoding.decodeBits(&reader, count: count, context: context)
        }
        var words = [UInt64](repeating: 0, count: wordCount(count))
        if reader.skip(SparseEncoding.identifier) {
            try SparseEncoding.decodeBits(&reader, count: count, context: context, into: &words)
        } else {
            let lanes = try EncodingChooser.decode(&reader, count: count, context: context)
            for row in 0..<count { words[row >> 6] |= UInt64(truncatingIfNeeded: lanes[row] & 1) &<< UInt64(row & 63) }
        }
        return FlagBits(count: count, words: words)
    }

    /// Which of packed numbers of one or two bits are `number`.
    ///
    /// - Precondition: There are as many words from `start` as `count` numbers take.
    static func packed(_ source: [UInt64], from start: Int, count: Int, width: Int, number: UInt64) -> FlagBits {
        precondition(width == 1 || width == 2)
        precondition(start >= 0 && start + PackKernels.wordCount(count: count, width: width) <= source.count)
        let groups = count / PackKernels.blockCount
        var words = [UInt64](repeating: 0, count: wordCount(count))
        if groups > 0 {
            // Bounds: a group is read from 16 · width words and written to 16.
            unsafe source.withUnsafeBufferPointer { source in
                unsafe words.withUnsafeMutableBufferPointer { words in
                    unsafe ck_unpack_bits(
                        ck_level(), source.baseAddress! + start, groups, UInt32(width), UInt32(number), words.baseAddress!)
                }
            }
        }
        // A number does not reach over the end of a word.
        var bit = (start + groups * 16 * width) * 64
        let mask: UInt64 = (1 << UInt64(width)) - 1
        for row in (groups * PackKernels.blockCount)..<count {
            let isEqual = (source[bit >> 6] &>> UInt64(bit & 63)) & mask == number
            words[row >> 6] |= UInt64(isEqual ? 1 : 0) &<< UInt64(row & 63)
            bit += width
        }
        return FlagBits(count: count, words: words)
    }

    /// 1 for each row whose code has a 1 in the table.
    ///
    /// - Parameter table: Zeros and ones, one for each place.
    init(marking codes: CodePlaces, in table: [UInt8]) {
        precondition(table.count == codes.span)
        var words = [UInt64](repeating: 0, count: FlagBits.wordCount(codes.count))
        // Bounds: every place is below the span; the words hold a bit for each row.
        unsafe ck_mark_rows(ck_level(), codes.places, codes.count, table, table.count, &words)
        self.init(count: codes.count, words: words)
    }

    /// These flags, turned over at the rows that are 1 in `rows` and whose difference is 1.
    ///
    /// - Parameter differences: One for each 1 in `rows`.
    func differing(by differences: FlagBits, at rows: FlagBits) -> FlagBits {
        precondition(rows.count == count && differences.count == rows.sum)
        var words = words
        // Bounds: as many differences as ones, with a word behind them; all words but the last are read and written.
        unsafe ck_flip_bits(ck_level(), differences.words, rows.words, words.count - 1, &words)
        return FlagBits(count: count, words: words)
    }

    package subscript(_ row: Int) -> UInt8 {
        precondition(row >= 0 && row < count)
        return UInt8(truncatingIfNeeded: words[row >> 6] &>> UInt64(row & 63)) & 1
    }

    /// The flags of some rows as bytes.
    package func gathered(_ rows: [Int32]) -> [UInt8] { rows.map { self[Int($0)] } }

    /// For each place how many ones are before it.
    ///
    /// - Precondition: Places are from 0 to the number of rows, the last one the largest, as ascending ones are.
    package func ranks(at places: [Int32]) -> [Int32] {
        guard let last = places.last else { return [] }
        precondition(places[0] >= 0 && Int(last) <= count)
        var bits: Int32 = 0
        for place in places { bits |= place | (last &- place) }
        precondition(bits >= 0, "Places ascend.")
        // Bounds: places lie among the rows or behind the last one, where there is a word more; a rank is written for each.
        return unsafe [Int32](unsafeUninitializedCapacity: places.count) { ranks, filledCount in
            unsafe ck_bit_ranks(ck_level(), words, before, places, places.count, ranks.baseAddress)
            filledCount = places.count
        }
    }

    /// The rows that are 1, ascending.
    package var rows: [Int32] {
        // Bounds: a row for each one.
        unsafe [Int32](unsafeUninitializedCapacity: sum) { rows, filledCount in
            filledCount = unsafe ck_bit_rows(words, words.count - 1, rows.baseAddress)
        }
    }

    /// A byte for each row.
    package var bytes: [UInt8] { BitStream.bytes(words, count: count, width: 1) }
}
