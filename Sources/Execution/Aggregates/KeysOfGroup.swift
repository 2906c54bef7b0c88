import CKernels

/// Keys of one group among those of all.
struct KeysOfGroup {
    private enum Keys {
        case wide([Int64])
        /// Less the smallest key of all groups.
        case narrow([UInt32], smallest: Int64)
    }

    private let keys: Keys
    private let range: Range<Int>

    init(_ keys: [Int64], _ range: Range<Int>) {
        self.keys = .wide(keys)
        self.range = range
    }

    init(_ keys: [UInt32], smallest: Int64, _ range: Range<Int>) {
        self.keys = .narrow(keys, smallest: smallest)
        self.range = range
    }

    var count: Int { range.count }
    var isEmpty: Bool { range.isEmpty }

    /// - Precondition: from 0, below the count.
    subscript(index: Int) -> Int64 {
        precondition(index >= 0 && index < range.count)
        switch keys {
        case .wide(let keys): return keys[range.lowerBound &+ index]
        case .narrow(let keys, let smallest): return Int64(keys[range.lowerBound &+ index]) &+ smallest
        }
    }

    /// Puts some of the keys at the first places of an array that has room for them.
    func copy(_ part: Range<Int>, to target: inout [Int64]) {
        precondition(part.lowerBound >= 0 && part.upperBound <= count && part.count <= target.count)
        let own = (range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound)
        var rows = target.mutableSpan
        switch keys {
        case .wide(let keys):
            let source = keys.span.extracting(own)
            for index in 0..<source.count { rows[index] = source[index] }
        case .narrow(let keys, let smallest):
            let source = keys.span.extracting(own)
            for index in 0..<source.count { rows[index] = Int64(source[index]) &+ smallest }
        }
    }

    /// Keys that are widened together: they stay in the nearest cache.
    private static let blockCount = 4096

    /// Takes out the keys from `low` to `high`.
    ///
    /// - Parameters:
    ///   - band: Room for all keys and `CK_BAND_SLACK` more.
    ///   - below: Receives how many are smaller than `low`.
    /// - Returns: How many were taken out.
    func band(from low: Int64, to high: Int64, into band: inout [Int64], below: inout Int) -> Int {
        precondition(band.count >= count + Int(CK_BAND_SLACK))
        below = 0
        switch keys {
        case .wide(let keys):
            let (first, count) = (range.lowerBound, range.count)
            // Bounds: the range lies in the keys, and the band has room for all of it and the slack.
            return unsafe keys.withUnsafeBufferPointer { source in
                guard let base = source.baseAddress else { return 0 }
                return unsafe ck_band(ck_level(), base + first, count, low, high, &band, &below)
            }
        case .narrow:
            var block = [Int64](repeating: 0, count: min(count, KeysOfGroup.blockCount))
            var found = 0
            var start = 0
            while start < count {
                let end = min(count, start + KeysOfGroup.blockCount)
                copy(start..<end, to: &block)
                var belowHere = 0
                // Bounds: no more are taken out than were looked at, up to here and in this block.
                found += unsafe band.withUnsafeMutableBufferPointer { target in
                    guard let base = target.baseAddress else { return 0 }
                    return unsafe ck_band(ck_level(), block, end - start, low, high, base + found, &belowHere)
                }
                below += belowHere
                start = end
            }
            return found
        }
    }
}
