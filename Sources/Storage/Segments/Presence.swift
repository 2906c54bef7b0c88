import Encodings

/// Which rows of a column are present, and how its present values and all rows become each other.
struct Presence {
    /// 1 = present, 0 = NULL.
    let mask: [UInt8]
    let presentCount: Int
    /// The NULL rows, ascending, if they are so few that what lies between them is moved in one piece.
    let absentRows: [Int32]?

    init(mask: [UInt8]) {
        self.mask = mask
        presentCount = FlagKernels.sum(mask)
        let absentCount = mask.count - presentCount
        absentRows = absentCount * 16 <= mask.count ? Presence.absentRows(mask, count: absentCount) : nil
    }

    private static func absentRows(_ mask: [UInt8], count: Int) -> [Int32] {
        var rows: [Int32] = []
        rows.reserveCapacity(count)
        let flags = mask.span
        let bytes = unsafe flags.bytes
        var row = 0
        while row < flags.count, rows.count < count {
            let end = min(row &+ 32, flags.count)
            if end &- row == 32 {
                // Thirty-two present rows at a time; bounds: they end at `end`, checked before.
                let first = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: row, as: SIMD2<UInt64>.self)
                let second = unsafe bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: row &+ 16, as: SIMD2<UInt64>.self)
                let both = first & second
                if both.x & both.y == 0x0101_0101_0101_0101 {
                    row = end
                    continue
                }
            }
            while row < end {
                if flags[row] == 0 { rows.append(Int32(truncatingIfNeeded: row)) }
                row &+= 1
            }
        }
        return rows
    }

    /// Calls `move` with each stretch of present rows and how many rows before it are NULL.
    @inline(__always)
    private func forEachStretch(_ absentRows: [Int32], _ move: (_ rows: Range<Int>, _ absentBefore: Int) -> Void) {
        var first = 0
        for index in 0..<absentRows.count {
            let end = Int(absentRows[index])
            if first < end { move(first..<end, index) }
            first = end + 1
        }
        if first < mask.count { move(first..<mask.count, absentRows.count) }
    }

    /// The values of present rows only.
    func compressed(_ rows: [Int64]) -> [Int64] {
        precondition(rows.count == mask.count)
        let source = rows.span
        guard let absentRows else { return FlagKernels.picked(rows, mask) }
        return Lanes.filled(count: presentCount) { target in
            forEachStretch(absentRows) { stretch, absentBefore in
                Lanes.copy(
                    source, from: stretch.lowerBound, stretch.count, to: &target, at: stretch.lowerBound - absentBefore)
            }
        }
    }

    /// Undoes `compressed`: 0 where NULL.
    func expanded(_ values: [Int64]) -> [Int64] {
        precondition(values.count == presentCount)
        if let absentRows { return expanded(values, absentRows) }
        return FlagKernels.spread(values, mask)
    }

    private func expanded(_ values: [Int64], _ absentRows: [Int32]) -> [Int64] {
        Lanes.filled(count: mask.count) { target in
            let source = values.span
            forEachStretch(absentRows) { stretch, absentBefore in
                Lanes.copy(
                    source, from: stretch.lowerBound - absentBefore, stretch.count, to: &target, at: stretch.lowerBound)
            }
            for row in absentRows { target[Int(row)] = 0 }
        }
    }
}

/// A presence that is worked out when it is first asked for.
final class LazyPresence {
    private let make: () -> Presence
    private(set) lazy var value: Presence = make()

    init(_ make: @escaping () -> Presence) { self.make = make }
}
