import Columns

/// Kernels over byte masks: 1 = yes, 0 = no, one byte a row.
enum Mask {
    static func and(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        mapPairs(.rows(left), .rows(right), count: left.count, filler: 0) { $0 & $1 }
    }

    static func or(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        mapPairs(.rows(left), .rows(right), count: left.count, filler: 0) { $0 | $1 }
    }

    static func not(_ mask: [UInt8]) -> [UInt8] { mapRows(mask, filler: 0) { $0 ^ 1 } }

    /// `left` where `right` is 0.
    static func subtract(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        mapPairs(.rows(left), .rows(right), count: left.count, filler: 0) { $0 & ($1 ^ 1) }
    }

    /// How many bytes are 1. Sums 8 bytes a step: no partial sum can pass 255 within 128 steps of 2 bits.
    static func count(_ mask: [UInt8]) -> Int {
        let bytes = mask.span
        var total = 0
        var start = 0
        while start < bytes.count {
            let end = min(start + 255 * 16, bytes.count)
            var partial: Int32 = 0
            for row in start..<end { partial &+= Int32(bytes[row]) }
            total += Int(partial)
            start = end
        }
        return total
    }

    /// The numbers of the rows whose byte is 1, ascending; no branch a row.
    static func rows(_ mask: [UInt8]) -> [Int32] {
        let total = count(mask)
        // One slot more than needed: every row is stored, and overwritten by the next if it does not count.
        var rows = [Int32](repeating: 0, count: total + 1)
        let bytes = mask.span
        var target = rows.mutableSpan
        var position = 0
        for row in 0..<bytes.count {
            target[position] = Int32(truncatingIfNeeded: row)
            position &+= Int(bytes[row])
        }
        rows.removeLast()
        return rows
    }

    static func selection(_ mask: [UInt8]) -> Selection {
        let total = count(mask)
        if total == 0 { return .none }
        if total == mask.count { return .all }
        return .rows(rows(mask))
    }

    /// A mask a run spread over the rows of the map.
    static func expanding(_ mask: [UInt8], _ map: RunMap) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: map.rowCount)
        let starts = map.starts
        for run in 0..<map.runCount where mask[run] != 0 {
            for row in Int(starts[run])..<Int(starts[run + 1]) { result[row] = 1 }
        }
        return result
    }
}
