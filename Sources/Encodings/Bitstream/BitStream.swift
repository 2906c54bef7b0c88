import CKernels

/// Numbers of 1, 2 or 4 bits one behind the other, unpacked: those of one bit are bits as `FlagBits` has them.
struct BitStream {
    let count: Int
    let base: Int64
    let width: Int
    /// The first number lowest; zeros behind the last, and a word more than the numbers need.
    let words: [UInt64]

    private static func wordCount(_ count: Int, width: Int) -> Int { (count * width + 63) / 64 }

    /// Reads what follows a node's identifier.
    init(_ reader: inout BlockReader, count: Int) throws(EncodingError) {
        base = try reader.readSigned()
        width = Int(try reader.readByte())
        guard width == 1 || width == 2 || width == 4 else { throw EncodingError("a stream of \(width) bits, 1, 2 or 4 expected") }
        let mode = try reader.readByte()
        let bytes = try reader.readBytes(try reader.readCount(upTo: reader.remaining))
        let wordCount = BitStream.wordCount(count, width: width)
        switch mode {
        case 0:
            guard bytes.count == 8 * wordCount else {
                throw EncodingError("a stream of \(bytes.count) bytes, \(8 * wordCount) expected")
            }
            words = BitStream.words(bytes, count: wordCount)
        case 1: words = try Zstandard.decompressWords(bytes, count: wordCount)
        default: throw EncodingError("a stream packed in way \(mode), 0 or 1 expected")
        }
        self.count = count
        let used = count * width & 63
        guard used == 0 || words[wordCount - 1] &>> UInt64(used) == 0 else {
            throw EncodingError("bits behind the last of \(count) numbers")
        }
    }

    /// The node that comes next, if it is a stream of numbers from 0 in so many bits; nil, with nothing read, if it is another node.
    static func next(in reader: inout BlockReader, count: Int, width: Int) throws(EncodingError) -> BitStream? {
        var trial = reader
        guard trial.skip(BitstreamEncoding.identifier), try trial.readSigned() == 0, try trial.readByte() == UInt8(width) else {
            return nil
        }
        guard reader.skip(BitstreamEncoding.identifier) else { return nil }
        return try BitStream(&reader, count: count)
    }

    private static func words(_ bytes: [UInt8], count: Int) -> [UInt64] {
        (0...count).map { word in
            word == count ? 0 : (0..<8).reduce(0) { $0 | UInt64(bytes[8 * word + $1]) &<< UInt64(8 * $1) }
        }
    }

    /// The bytes of a stream: whole words.
    ///
    /// - Precondition: Every value less the base fits the width, which is 1, 2 or 4.
    static func bytes(of values: [Int64], base: Int64, width: Int) -> [UInt8] {
        precondition(width == 1 || width == 2 || width == 4)
        var words = [UInt64](repeating: 0, count: wordCount(values.count, width: width))
        // Bounds: the words hold `width` bits for each value.
        unsafe ck_pack_stream(ck_level(), values, values.count, base, UInt32(width), &words)
        return unsafe words.withUnsafeBytes { unsafe Array($0) }
    }

    /// A byte for each number, without the base.
    var bytes: [UInt8] { BitStream.bytes(words, count: count, width: width) }

    /// - Precondition: There are as many words as `count` numbers of `width` bits take.
    static func bytes(_ words: [UInt64], count: Int, width: Int) -> [UInt8] {
        precondition(words.count >= wordCount(count, width: width))
        // Bounds: a byte is written for each number, read from `width` bits.
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, filledCount in
            if count > 0 { unsafe ck_unpack_stream(ck_level(), words, count, UInt32(width), bytes.baseAddress!) }
            filledCount = count
        }
    }

    /// Which of numbers of two bits are 3.
    var threes: FlagBits {
        precondition(width == 2)
        var halves = [UInt64](repeating: 0, count: (count + 63) / 64 + 1)
        let source = words.span
        for word in 0..<(source.count &- 1) {
            // Both bits of a number are ones; then every second bit, closer and closer together.
            var bits = source[word] & source[word] &>> 1 & 0x5555_5555_5555_5555
            bits = (bits | bits &>> 1) & 0x3333_3333_3333_3333
            bits = (bits | bits &>> 2) & 0x0F0F_0F0F_0F0F_0F0F
            bits = (bits | bits &>> 4) & 0x00FF_00FF_00FF_00FF
            bits = (bits | bits &>> 8) & 0x0000_FFFF_0000_FFFF
            bits = (bits | bits &>> 16) & 0xFFFF_FFFF
            halves[word &>> 1] |= bits &<< UInt64((word & 1) * 32)
        }
        return FlagBits(count: count, words: halves)
    }

    /// The numbers of some rows, without the base.
    ///
    /// - Parameter rows: All below `count`.
    func gathered(_ rows: [Int32]) -> [UInt8] {
        let source = words.span
        let width = width
        let mask: UInt64 = (1 << UInt64(width)) - 1
        return rows.map { row in
            let bit = Int(row) &* width
            return UInt8(truncatingIfNeeded: source[bit &>> 6] &>> UInt64(bit & 63) & mask)
        }
    }

    var lanes: [Int64] {
        let source = bytes
        let numbers = source.span
        return Lanes.filled(count: count) { lanes in
            for row in 0..<numbers.count { lanes[row] = base &+ Int64(numbers[row]) }
        }
    }
}
