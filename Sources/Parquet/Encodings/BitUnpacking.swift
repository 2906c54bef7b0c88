/// Numbers of a fixed width packed from the lowest bit of each byte upwards.
///
/// Loads look up to 8 bytes behind a number: the bytes keep `PagePacking.padding` zeros behind what is read.
enum BitUnpacking {
    /// Numbers of up to 64 bits, each added to `base` and to the one before: what a delta miniblock gives.
    ///
    /// - Parameter last: The value before the first; afterwards the last one.
    static func unpackSums(
        _ bytes: [UInt8], at offset: Int, bitWidth: Int, base: Int64, last: inout Int64, into values: inout [Int64],
        _ rows: Range<Int>
    ) {
        precondition((0...64).contains(bitWidth))
        precondition(rows.upperBound <= values.count)
        precondition(offset + (rows.count * bitWidth + 7) / 8 + 9 <= bytes.count)
        var sum = last
        // The preconditions bound every load and store.
        unsafe bytes.withUnsafeBytes { source in
            unsafe values.withUnsafeMutableBufferPointer { target in
                let from = unsafe source.baseAddress! + offset
                let to = unsafe target.baseAddress! + rows.lowerBound
                if bitWidth == 0 {
                    for row in 0..<rows.count {
                        sum &+= base
                        unsafe to[row] = sum
                    }
                } else if bitWidth <= 56 {
                    let mask = UInt64.max >> UInt64(64 - bitWidth)
                    var bit = 0
                    for row in 0..<rows.count {
                        let word = unsafe from.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
                        let number = (word &>> UInt64(truncatingIfNeeded: bit & 7)) & mask
                        sum &+= base &+ Int64(bitPattern: number)
                        unsafe to[row] = sum
                        bit &+= bitWidth
                    }
                } else {
                    let mask = UInt64.max >> UInt64(64 - bitWidth)
                    for row in 0..<rows.count {
                        let bit = row * bitWidth
                        let shift = UInt64(bit & 7)
                        let low = unsafe from.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self) >> shift
                        let high = unsafe UInt64(from.load(fromByteOffset: bit >> 3 + 8, as: UInt8.self))
                        let number = (shift == 0 ? low : low | high << (64 - shift)) & mask
                        sum &+= base &+ Int64(bitPattern: number)
                        unsafe to[row] = sum
                    }
                }
            }
        }
        last = sum
    }
}
