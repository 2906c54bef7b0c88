import Columns

/// Which rows of a batch are equal in the keys that vary within its runs: groups are numbered in order of first appearance,
/// run after run.
struct RunGroups {
    /// The group of each row.
    private(set) var groupOfRow: [UInt32]
    /// The first row of each group.
    private(set) var heads: [Int32] = []
    /// For each run its first group, then the number of groups.
    private(set) var starts: [Int32] = [0]

    /// Rows of a run up to which each is compared with all groups of the run before it.
    private static let comparedRowCount = 24

    /// - Parameters:
    ///   - words: `stride` words a row.
    ///   - runs: `runs[r]..<runs[r + 1]` are the rows of run `r`.
    init(_ words: [UInt64], stride: Int, runs: [Int32]) {
        let rowCount = Int(runs[runs.count - 1])
        groupOfRow = [UInt32](repeating: 0, count: rowCount)
        heads.reserveCapacity(rowCount)
        starts.reserveCapacity(runs.count)
        var longest = 0
        for run in 0..<(runs.count - 1) { longest = max(longest, Int(runs[run + 1] &- runs[run])) }
        var slots: [Int32] = []
        if longest > RunGroups.comparedRowCount {
            slots = [Int32](repeating: -1, count: RunGroups.slotCount(longest))
        }
        for run in 0..<(runs.count - 1) {
            let rows = Int(runs[run])..<Int(runs[run + 1])
            if rows.count <= RunGroups.comparedRowCount {
                if stride == 1 { compareOne(words, rows) } else { compare(words, stride, rows) }
            } else {
                hash(words, stride, rows, &slots)
            }
            starts.append(Int32(truncatingIfNeeded: heads.count))
        }
    }

    private static func slotCount(_ rowCount: Int) -> Int {
        var size = 64
        while size < rowCount &* 2 { size &*= 2 }
        return size
    }

    private mutating func compareOne(_ words: [UInt64], _ rows: Range<Int>) {
        let base = heads.count
        let keys = words.span
        for row in rows {
            let key = keys[row]
            var group = base
            while group < heads.count, keys[Int(heads[group])] != key { group &+= 1 }
            if group == heads.count { heads.append(Int32(truncatingIfNeeded: row)) }
            groupOfRow[row] = UInt32(truncatingIfNeeded: group)
        }
    }

    private mutating func compare(_ words: [UInt64], _ stride: Int, _ rows: Range<Int>) {
        let base = heads.count
        let keys = words.span
        for row in rows {
            var group = base
            while group < heads.count, !RunGroups.isEqual(keys, row, Int(heads[group]), stride) { group &+= 1 }
            if group == heads.count { heads.append(Int32(truncatingIfNeeded: row)) }
            groupOfRow[row] = UInt32(truncatingIfNeeded: group)
        }
    }

    @inline(__always)
    private static func isEqual(_ keys: borrowing Span<UInt64>, _ row: Int, _ other: Int, _ stride: Int) -> Bool {
        let (left, right) = (row &* stride, other &* stride)
        var word = 0
        while word < stride {
            if keys[left &+ word] != keys[right &+ word] { return false }
            word &+= 1
        }
        return true
    }

    private mutating func hash(_ words: [UInt64], _ stride: Int, _ rows: Range<Int>, _ slots: inout [Int32]) {
        let size = RunGroups.slotCount(rows.count)
        for slot in 0..<size { slots[slot] = -1 }
        let keys = words.span
        for row in rows {
            var slot = Int(truncatingIfNeeded: GroupTable.hash(words, row &* stride, stride)) & (size &- 1)
            while slots[slot] >= 0, !RunGroups.isEqual(keys, row, Int(heads[Int(slots[slot])]), stride) {
                slot = (slot &+ 1) & (size &- 1)
            }
            if slots[slot] < 0 {
                slots[slot] = Int32(truncatingIfNeeded: heads.count)
                heads.append(Int32(truncatingIfNeeded: row))
            }
            groupOfRow[row] = UInt32(bitPattern: slots[slot])
        }
    }
}
