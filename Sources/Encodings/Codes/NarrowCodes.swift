import CKernels
import Columns

/// Codes of a dictionary in 32 bits, with the numbers they lie between.
package struct NarrowCodes: Sendable {
    /// Every code is below.
    static let limit = 1 << 31
    package let values: [UInt32]
    /// No code is lower; with no codes it is the largest number.
    let low: UInt32
    /// No code is higher; with no codes it is 0.
    let high: UInt32

    package var count: Int { values.count }

    /// - Precondition: Codes are below the limit.
    init(_ values: [UInt32]) {
        var bounds: (low: UInt32, high: UInt32) = (.max, 0)
        // Reads the array's own values.
        unsafe ck_code_bounds(ck_level(), values, values.count, &bounds.low, &bounds.high)
        self.init(values, low: bounds.low, high: bounds.high)
    }

    private init(_ values: [UInt32], low: UInt32, high: UInt32) {
        precondition(Int(high) < NarrowCodes.limit)
        self.values = values
        self.low = low
        self.high = high
    }

    /// Whether they are all codes of a dictionary of so many entries.
    package func areBelow(_ entryCount: Int) -> Bool { values.isEmpty || Int(high) < entryCount }

    /// The form that all encodings work on.
    package var lanes: [Int64] {
        let source = values.span
        return Lanes.filled(count: values.count) { lanes in
            for row in 0..<source.count { lanes[row] = Int64(source[row]) }
        }
    }

    /// The codes of some rows.
    package func gathered(_ rows: [Int32]) -> NarrowCodes { NarrowCodes(gather(values, rows), low: low, high: high) }

    /// Each code plus the same number; nil if one leaves the codes there are.
    func shifted(by distance: Int64) -> NarrowCodes? {
        if distance == 0 || values.isEmpty { return self }
        guard distance.magnitude < NarrowCodes.limit, Int64(low) + distance >= 0, Int(high) + Int(distance) < NarrowCodes.limit else {
            return nil
        }
        let step = UInt32(truncatingIfNeeded: distance)
        return NarrowCodes(values.map { $0 &+ step }, low: low &+ step, high: high &+ step)
    }
}

extension PackKernels {
    /// `base + number` in 32 bits.
    ///
    /// - Precondition: `words` has `wordCount(count:width:)` words from `start`; no sum leaves 32 bits.
    static func unpackCodes(_ words: [UInt64], from start: Int, count: Int, base: UInt32, width: Int) -> [UInt32] {
        precondition((0..<32).contains(width))
        precondition(start >= 0 && start + wordCount(count: count, width: width) <= words.count)
        if width == 0 { return [UInt32](repeating: base, count: count) }
        let groups = count / blockCount
        // Bounds: as in `unpack`; what is behind the groups is written by the loop.
        return unsafe [UInt32](unsafeUninitializedCapacity: count) { codes, filledCount in
            if groups > 0 {
                unsafe words.withUnsafeBufferPointer { source in
                    unsafe ck_unpack32_codes(
                        ck_level(), source.baseAddress! + start, groups, base, UInt32(width), codes.baseAddress!)
                }
            }
            let mask = UInt64.max >> UInt64(64 - width)
            var bit = (start + groups * 16 * width) * 64
            for row in (groups * blockCount)..<count {
                var number = words[bit >> 6] &>> UInt64(bit & 63)
                if (bit & 63) + width > 64 { number |= words[(bit >> 6) + 1] &<< UInt64(64 - (bit & 63)) }
                unsafe codes[row] = base &+ UInt32(truncatingIfNeeded: number & mask)
                bit += width
            }
            filledCount = count
        }
    }
}
