import Columns

/// Several sort keys packed into words whose unsigned order is the order of the rows.
struct SortKeys: Sendable {
    struct Key {
        var column: Vector
        var descending: Bool
        var nullsFirst: Bool
    }

    /// Most significant word first; one array for each word.
    let words: [[UInt64]]
    let rowCount: Int

    init(_ keys: [Key], rowCount: Int) {
        self.rowCount = rowCount
        var words: [[UInt64]] = []
        var free = 0
        for key in keys {
            let column = OrderedColumn(key.column)
            let (codes, bitCount) = SortKeys.codes(column, key, rowCount)
            if bitCount == 0 { continue }
            if bitCount > free {
                words.append([UInt64](repeating: 0, count: rowCount))
                free = 64
            }
            free -= bitCount
            SortKeys.put(codes, shift: free, into: &words[words.count - 1])
        }
        self.words = words
    }

    private static func put(_ codes: [UInt64], shift: Int, into word: inout [UInt64]) {
        for row in 0..<codes.count { word[row] |= codes[row] &<< UInt64(shift) }
    }

    /// Codes from 0 without gaps at the low end, NULL before or after all values, and how many bits they take.
    ///
    /// A range of all 64-bit integers together with NULL does not fit; it is folded to ranks.
    private static func codes(_ column: OrderedColumn, _ key: Key, _ rowCount: Int) -> ([UInt64], Int) {
        var low = Int64.max
        var high = Int64.min
        var nullCount = 0
        for row in 0..<rowCount {
            if column.validity.isPresent(row) {
                low = min(low, column.keys[row])
                high = max(high, column.keys[row])
            } else {
                nullCount &+= 1
            }
        }
        if low > high { return ([UInt64](repeating: 0, count: rowCount), 0) }
        let width = UInt64(bitPattern: high &- low)
        let hasNulls = nullCount > 0
        if hasNulls, width >= UInt64.max - 1 { return ranked(column, key, rowCount) }
        let first: UInt64 = hasNulls && key.nullsFirst ? 1 : 0
        let nullCode: UInt64 = key.nullsFirst ? 0 : width &+ 1
        var codes = [UInt64](repeating: nullCode, count: rowCount)
        for row in 0..<rowCount where column.validity.isPresent(row) {
            let ascending = UInt64(bitPattern: column.keys[row] &- low)
            codes[row] = (key.descending ? width &- ascending : ascending) &+ first
        }
        return (codes, KeyCodec.bitWidth(hasNulls ? width + 1 : width))
    }

    private static func ranked(_ column: OrderedColumn, _ key: Key, _ rowCount: Int) -> ([UInt64], Int) {
        let distinct = Array(Set((0..<rowCount).filter(column.validity.isPresent).map { column.keys[$0] })).sorted()
        var rankOf: [Int64: UInt64] = [:]
        for (rank, value) in distinct.enumerated() {
            rankOf[value] = UInt64(key.descending ? distinct.count - 1 - rank : rank) + (key.nullsFirst ? 1 : 0)
        }
        let nullCode: UInt64 = key.nullsFirst ? 0 : UInt64(distinct.count)
        let codes = (0..<rowCount).map { row in
            column.validity.isPresent(row) ? rankOf[column.keys[row]] ?? 0 : nullCode
        }
        return (codes, KeyCodec.bitWidth(UInt64(distinct.count)))
    }

    /// Row numbers in sorted order; rows with equal keys keep their order.
    func order() -> [UInt32] {
        var order = [UInt32](repeating: 0, count: rowCount)
        for row in 0..<rowCount { order[row] = UInt32(truncatingIfNeeded: row) }
        for word in words.reversed() { RadixSort.sort(&order, by: word) }
        return order
    }

    /// Whether two rows have the same keys.
    func areEqual(_ left: Int, _ right: Int) -> Bool {
        for word in words where word[left] != word[right] { return false }
        return true
    }
}
