/// Nodes of zeros and ones, read as bytes: a byte a row stays in the nearest cache where lanes would not.
package enum FlagKernels {
    /// The lowest bit of each lane of a node.
    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt8] {
        var trial = reader
        if trial.skip(PackedEncoding.identifier), try trial.readSigned() == 0, try trial.readByte() == 1 {
            let start = try trial.skipWords(PackKernels.wordCount(count: count, width: 1))
            reader = trial
            return PackKernels.unpackFlags(reader.words, from: start, count: count)
        }
        if reader.skip(SparseEncoding.identifier) {
            return try SparseEncoding.decodeFlags(&reader, count: count, context: context)
        }
        let lanes = try EncodingChooser.decode(&reader, count: count, context: context)
        var flags = [UInt8](repeating: 0, count: count)
        for row in 0..<count { flags[row] = UInt8(truncatingIfNeeded: lanes[row] & 1) }
        return flags
    }

    /// Ones among the flags.
    package static func sum(_ flags: [UInt8]) -> Int {
        var total = 0
        for row in 0..<flags.count { total &+= Int(flags[row]) }
        return total
    }
}
