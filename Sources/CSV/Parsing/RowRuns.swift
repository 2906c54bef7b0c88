import CKernels
import Columns

/// The runs of rows over which a group of columns repeats, from block to block of a chunk.
///
/// A run begins where the bytes of the group differ from those of the row before, also over the borders of blocks: a group
/// with one run for each claim has as many runs as the chunk has claims.
final class RowRuns {
    private let firstColumn: Int
    private let lastColumn: Int
    /// Rows of the block being read at which a run begins, ascending.
    private(set) var heads: [UInt32] = []
    private var room: [UInt32] = []
    /// First row of each run of the chunk so far.
    private var starts: [Int32] = []
    /// Where the group's bytes of the last row lie in the chunk; nil before the first block.
    private var lastBytes: Range<Int>?

    init(_ group: RepeatGroups.Group) {
        firstColumn = group.firstColumn
        lastColumn = group.lastColumn
    }

    /// Finds the runs that begin in a block whose first row is `firstRow` of the chunk.
    func advance(_ grid: FieldGrid, firstRow: Int) {
        var room = self.room
        self.room = []
        if room.count < grid.rowCount { room = [UInt32](repeating: 0, count: grid.rowCount * 2) }
        let count = grid.runHeads(firstColumn...lastColumn, after: lastBytes, into: &room)
        heads.removeAll(keepingCapacity: true)
        heads.append(contentsOf: room[..<count])
        let lastRow = grid.rowCount - 1
        lastBytes = grid.start(lastRow, firstColumn)..<grid.end(lastRow, lastColumn)
        let base = Int32(truncatingIfNeeded: firstRow)
        let known = starts.count
        starts.resize(to: known + count)
        let found = room.span
        var target = starts.mutableSpan
        for index in 0..<count { target[known &+ index] = base &+ Int32(truncatingIfNeeded: found[index]) }
        self.room = room
    }

    /// The next block begins a run in any case: its first row must be looked at again.
    func endRun() { lastBytes = nil }

    /// The runs of all blocks; at the chunk's end, once.
    func map(rowCount: Int) -> RunMap {
        starts.append(Int32(rowCount))
        defer { starts = [] }
        return RunMap(starts: starts)
    }
}

extension Array where Element: FixedWidthInteger {
    /// Makes the array `count` long; new elements are 0, kept ones stay as they are.
    mutating func resize(to count: Int) {
        if self.count > count {
            removeLast(self.count - count)
        } else if self.count < count {
            append(contentsOf: repeatElement(0, count: count - self.count))
        }
    }
}
