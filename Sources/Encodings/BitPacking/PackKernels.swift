import CKernels

/// Packs and unpacks fixed-width unsigned numbers, 1024 at a time in a transposed order that needs no shuffling: lane `l`
/// of a block is a stream of bits of its own, and word `k` of all lanes lie side by side, so that neighbouring values
/// sit in neighbouring words and one shift serves them all. What is left of the last 1024 is one plain bit stream.
///
/// Source: docs/file-format.md, "Bit packing"; after Afroozeh and Boncz, "The FastLanes compression layout" (2023).
package enum PackKernels {
    package static let blockCount = 1024

    /// 64-bit words that hold `count` numbers of `width` bits.
    package static func wordCount(count: Int, width: Int) -> Int {
        let tail = count % blockCount
        return count / blockCount * (16 * width) + (tail * width + 63) / 64
    }

    /// `values[row] - base` as `width`-bit numbers.
    package static func pack(_ values: [Int64], base: Int64, width: Int) -> [UInt64] {
        precondition((0...64).contains(width))
        var words = [UInt64](repeating: 0, count: wordCount(count: values.count, width: width))
        if width == 0 { return words }
        let blocks = values.count / blockCount
        if width <= 32 {
            // Bounds: `words` holds 16 · width words for each whole group of the values.
            unsafe values.withUnsafeBufferPointer { source in
                unsafe words.withUnsafeMutableBufferPointer { target in
                    unsafe ck_pack32(source.baseAddress, blocks, base, UInt32(width), target.baseAddress)
                }
            }
        } else {
            for block in 0..<blocks {
                packBlock64(
                    values, from: block * blockCount, base: base, width: width, into: &words, at: block * 16 * width)
            }
        }
        var bit = blocks * 16 * width * 64
        for row in (blocks * blockCount)..<values.count {
            let number = UInt64(bitPattern: values[row] &- base)
            words[bit >> 6] |= number << UInt64(bit & 63)
            if (bit & 63) + width > 64 { words[(bit >> 6) + 1] |= number >> UInt64(64 - (bit & 63)) }
            bit += width
        }
        return words
    }

    private static func packBlock64(
        _ values: [Int64], from first: Int, base: Int64, width: Int, into words: inout [UInt64], at start: Int
    ) {
        for row in 0..<64 {
            let bit = row * width
            let word = bit >> 6
            let shift = UInt64(bit & 63)
            let split = Int(shift) + width > 64
            for lane in 0..<16 {
                let number = UInt64(bitPattern: values[first + row * 16 + lane] &- base)
                let target = start + word * 16 + lane
                words[target] |= number &<< shift
                if split { words[target + 16] |= number &>> (64 - shift) }
            }
        }
    }

    /// `values[row] = base + factor · number`, wrapping.
    ///
    /// - Precondition: `words` has `wordCount(count:width:)` words from `start`.
    package static func unpack(
        _ words: [UInt64], from start: Int, base: Int64, factor: UInt32 = 1, width: Int,
        into values: inout MutableSpan<Int64>
    ) {
        let count = values.count
        precondition((0...64).contains(width))
        precondition(start >= 0 && start + wordCount(count: count, width: width) <= words.count)
        let blocks = count / blockCount
        if width == 0 {
            for row in 0..<count { values[row] = base }
            return
        }
        if blocks > 0 {
            // Bounds: block `b` reads words start + b·16·width ..< + 16·width and writes rows b·1024 ..< + 1024; both lie
            // inside by the precondition and `blocks`.
            unsafe words.withUnsafeBufferPointer { source in
                unsafe values.withUnsafeMutableBufferPointer { target in
                    let first = unsafe source.baseAddress! + start
                    if width <= 32 {
                        unsafe ck_unpack32(
                            ck_level(), first, blocks, base, factor, UInt32(width), target.baseAddress!)
                        return
                    }
                    for block in 0..<blocks {
                        let to = unsafe target.baseAddress! + block * blockCount
                        unsafe unpackBlock64(first + block * 16 * width, base: base, width: width, into: to)
                        if factor == 1 { continue }
                        for row in 0..<blockCount { unsafe to[row] = base &+ (to[row] &- base) &* Int64(factor) }
                    }
                }
            }
        }
        unpackTail(words, from: start, base: base, factor: factor, width: width, into: &values)
    }

    /// Numbers of one or two bits as bytes.
    ///
    /// - Precondition: `words` has `wordCount(count:width:)` words from `start`.
    static func unpackBytes(_ words: [UInt64], from start: Int, count: Int, width: Int) -> [UInt8] {
        precondition(width == 1 || width == 2)
        precondition(start >= 0 && start + wordCount(count: count, width: width) <= words.count)
        let blocks = count / blockCount
        // Bounds: as in `unpack`; what is behind the blocks is written by the loop.
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, filledCount in
            unsafe words.withUnsafeBufferPointer { source in
                if blocks > 0 {
                    unsafe ck_unpack32_bytes(
                        ck_level(), source.baseAddress! + start, blocks, UInt32(width), bytes.baseAddress!)
                }
            }
            // A number does not reach over the end of a word.
            var bit = (start + blocks * 16 * width) * 64
            let mask: UInt64 = (1 << UInt64(width)) - 1
            for row in (blocks * blockCount)..<count {
                unsafe bytes[row] = UInt8(truncatingIfNeeded: (words[bit >> 6] &>> UInt64(bit & 63)) & mask)
                bit += width
            }
            filledCount = count
        }
    }

    /// The rows behind the last whole block.
    private static func unpackTail(
        _ words: [UInt64], from start: Int, base: Int64, factor: UInt32, width: Int,
        into values: inout MutableSpan<Int64>
    ) {
        let blocks = values.count / blockCount
        let mask = UInt64.max >> UInt64(64 - width)
        var bit = (start + blocks * 16 * width) * 64
        for row in (blocks * blockCount)..<values.count {
            var number = words[bit >> 6] &>> UInt64(bit & 63)
            if (bit & 63) + width > 64 { number |= words[(bit >> 6) + 1] &<< UInt64(64 - (bit & 63)) }
            values[row] = base &+ Int64(bitPattern: number & mask) &* Int64(factor)
            bit += width
        }
    }

    @inline(__always)
    private static func unpackBlock64(
        _ lanes: UnsafePointer<UInt64>, base: Int64, width: Int, into values: UnsafeMutablePointer<Int64>
    ) {
        let mask = UInt64.max &>> UInt64(64 &- width)
        for row in 0..<64 {
            let bit = row &* width
            let shift = UInt64(truncatingIfNeeded: bit & 63)
            let low = unsafe lanes + (bit &>> 6) &* 16
            let to = unsafe values + row &* 16
            if Int(shift) &+ width <= 64 {
                for lane in 0..<16 {
                    unsafe to[lane] = base &+ Int64(bitPattern: (low[lane] &>> shift) & mask)
                }
            } else {
                let high = unsafe low + 16
                let rest = 64 &- shift
                for lane in 0..<16 {
                    unsafe to[lane] = base &+ Int64(bitPattern: ((low[lane] &>> shift) | (high[lane] &<< rest)) & mask)
                }
            }
        }
    }
}
