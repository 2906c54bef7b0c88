/// The distinct values of a block and each row's number among them, in order of first appearance.
struct DistinctValues {
    private(set) var values: [Int64] = []
    private(set) var codes: [UInt32] = []

    /// nil if there are more than `limit` distinct values.
    init?(_ rows: [Int64], limit: Int) {
        var size = 64
        while size < limit * 2 { size *= 2 }
        var slots = [UInt32](repeating: 0, count: size)
        var found: [Int64] = []
        var numbers = [UInt32](repeating: 0, count: rows.count)
        let mask = size - 1
        for row in 0..<rows.count {
            let value = rows[row]
            var slot = Int(truncatingIfNeeded: (UInt64(bitPattern: value) &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
            while true {
                let entry = slots[slot]
                if entry == 0 {
                    if found.count == limit { return nil }
                    found.append(value)
                    slots[slot] = UInt32(found.count)
                    numbers[row] = UInt32(found.count - 1)
                    break
                }
                if found[Int(entry) - 1] == value {
                    numbers[row] = entry - 1
                    break
                }
                slot = (slot + 1) & mask
            }
        }
        values = found
        codes = numbers
    }

    /// The distinct values in ascending order, and codes that number them so.
    func ranked() -> (values: [Int64], codes: [Int64]) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var rank = [Int64](repeating: 0, count: values.count)
        for (position, index) in order.enumerated() { rank[index] = Int64(position) }
        var rankedCodes = [Int64](repeating: 0, count: codes.count)
        for row in 0..<codes.count { rankedCodes[row] = rank[Int(codes[row])] }
        return (order.map { values[$0] }, rankedCodes)
    }
}
