/// Nodes of zeros and ones, read as bytes: a byte a row stays in the nearest cache where lanes would not.
package enum FlagKernels {
    /// The lowest bit of each lane of a node.
    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt8] {
        if let flags = try packedBytes(&reader, count: count, width: 1) { return flags }
        if reader.skip(SparseEncoding.identifier) {
            return try SparseEncoding.decodeFlags(&reader, count: count, context: context)
        }
        if reader.isNext(BitstreamEncoding.identifier) || reader.isNext(MarkedEncoding.identifier) {
            return try FlagBits.decode(&reader, count: count, context: context).bytes
        }
        let lanes = try EncodingChooser.decode(&reader, count: count, context: context)
        var flags = [UInt8](repeating: 0, count: count)
        for row in 0..<count { flags[row] = UInt8(truncatingIfNeeded: lanes[row] & 1) }
        return flags
    }

    /// A packed node of numbers from 0 in one or two bits as bytes; nil, with nothing read, if it is another node.
    static func packedBytes(
        _ reader: inout BlockReader, count: Int, width: Int
    ) throws(EncodingError) -> [UInt8]? {
        guard let start = try packedWords(&reader, count: count, width: width) else { return nil }
        return PackKernels.unpackBytes(reader.words, from: start, count: count, width: width)
    }

    /// Where the words of such a node begin, which is stepped over; nil, with nothing read, if it is another node.
    static func packedWords(_ reader: inout BlockReader, count: Int, width: Int) throws(EncodingError) -> Int? {
        var trial = reader
        guard trial.skip(PackedEncoding.identifier), try trial.readSigned() == 0, try trial.readByte() == UInt8(width) else {
            return nil
        }
        let start = try trial.skipWords(PackKernels.wordCount(count: count, width: width))
        reader = trial
        return start
    }

    /// The values whose flag is 1; flags are zeros and ones.
    package static func picked(_ values: [Int64], _ flags: [UInt8]) -> [Int64] {
        SpreadKernels.picked(values, flags, count: sum(flags))
    }

    /// Undoes `picked`: the next of the values where the flag is 1, else 0; flags are zeros and ones.
    ///
    /// - Precondition: There are as many values as ones.
    package static func spread(_ values: [Int64], _ flags: [UInt8]) -> [Int64] { SpreadKernels.spread(values, flags) }

    /// Ones among the flags.
    package static func sum(_ flags: [UInt8]) -> Int {
        let rows = flags.span
        var total = 0
        var row = 0
        // Sixteen sums side by side, in bytes for as long as none can overflow.
        while row &+ 16 <= rows.count {
            var sums = SIMD16<UInt8>(repeating: 0)
            let end = min(rows.count &- 15, row &+ 255 * 16)
            while row < end {
                // Bounds: sixteen bytes from `row` end at `rows.count` at most.
                unsafe sums &+= rows.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: row, as: SIMD16<UInt8>.self)
                row &+= 16
            }
            for lane in 0..<16 { total &+= Int(sums[lane]) }
        }
        while row < rows.count {
            total &+= Int(rows[row])
            row &+= 1
        }
        return total
    }
}
