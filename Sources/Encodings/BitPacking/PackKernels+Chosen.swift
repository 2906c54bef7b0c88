extension PackKernels {
    /// `base + factor · number`, wrapping, of some of `count` numbers.
    ///
    /// - Parameter places: In any order; one that is not below `count` traps.
    /// - Precondition: `words` has `wordCount(count:width:)` words from `start`.
    static func unpack(
        _ words: [UInt64], from start: Int, count: Int, base: Int64, factor: Int64, width: Int, at places: [Int32]
    ) -> [Int64] {
        precondition((0...64).contains(width))
        precondition(start >= 0 && start + wordCount(count: count, width: width) <= words.count)
        if width == 0 { return [Int64](repeating: base, count: places.count) }
        let blockRows = count / blockCount * blockCount
        let tail = start + blockRows / blockCount * 16 * width
        let mask = UInt64.max >> UInt64(64 - width)
        let source = words.span
        let index = places.span
        return Lanes.filled(count: places.count) { values in
            for item in 0..<index.count {
                let row = Int(index[item])
                precondition(row >= 0 && row < count)
                var number: UInt64
                if row >= blockRows {
                    let bit = (row &- blockRows) &* width
                    let word = tail &+ bit >> 6
                    number = source[word] &>> UInt64(bit & 63)
                    if (bit & 63) &+ width > 64 { number |= source[word &+ 1] &<< UInt64(64 &- bit & 63) }
                } else if width <= 32 {
                    let block = start &+ row / blockCount &* 16 &* width
                    let bit = (row % blockCount) / 32 &* width
                    // Half words: the lane's own stream of 32-bit words, 32 lanes side by side.
                    let lane = bit >> 5 &* 32 &+ row % 32
                    number = half(source, block, lane) &>> UInt64(bit & 31)
                    if (bit & 31) &+ width > 32 { number |= half(source, block, lane &+ 32) &<< UInt64(32 &- bit & 31) }
                } else {
                    let block = start &+ row / blockCount &* 16 &* width
                    let bit = (row % blockCount) / 16 &* width
                    let word = block &+ bit >> 6 &* 16 &+ row % 16
                    number = source[word] &>> UInt64(bit & 63)
                    if (bit & 63) &+ width > 64 { number |= source[word &+ 16] &<< UInt64(64 &- bit & 63) }
                }
                values[item] = base &+ factor &* Int64(bitPattern: number & mask)
            }
        }
    }

    @inline(__always)
    private static func half(_ words: Span<UInt64>, _ block: Int, _ lane: Int) -> UInt64 {
        words[block &+ lane >> 1] &>> UInt64(lane & 1 &* 32) & 0xFFFF_FFFF
    }
}
