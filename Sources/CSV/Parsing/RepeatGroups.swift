/// Neighbouring columns that mostly repeat the row before together, such as the header columns of a claim's lines.
///
/// Their fields are compared with the row before as one stretch of bytes, and read only where the stretch changes.
struct RepeatGroups {
    struct Group {
        var firstColumn: Int
        var lastColumn: Int
    }

    private static let sampledRowCount = 512
    var groups: [Group] = []
    /// The group of each column, or -1.
    var groupOfColumn: [Int]

    /// Judges from the first rows of a chunk. The choice changes the speed of reading, never its result.
    init(sampling grid: FieldGrid, columns: [Int]) {
        groupOfColumn = [Int](repeating: -1, count: grid.columnCount)
        let rowCount = min(grid.rowCount, RepeatGroups.sampledRowCount)
        guard rowCount >= 8 else { return }
        var current: Group?
        for column in 0..<grid.columnCount {
            let repeats = columns.contains(column) && RepeatGroups.isRepeating(grid, rowCount, column, column)
            if repeats {
                if let open = current, RepeatGroups.isRepeating(grid, rowCount, open.firstColumn, column) {
                    current!.lastColumn = column
                    continue
                }
                if let open = current { groups.append(open) }
                current = Group(firstColumn: column, lastColumn: column)
            } else if let open = current {
                groups.append(open)
                current = nil
            }
        }
        if let open = current { groups.append(open) }
        for (index, group) in groups.enumerated() {
            for column in group.firstColumn...group.lastColumn { groupOfColumn[column] = index }
        }
    }

    /// Whether at least half of the rows repeat the row before from the first to the last column.
    private static func isRepeating(_ grid: FieldGrid, _ rowCount: Int, _ first: Int, _ last: Int) -> Bool {
        var repeats = 0
        for row in 1..<rowCount where isRepeated(grid, row, first, last) { repeats += 1 }
        return repeats * 2 >= rowCount
    }

    @inline(__always)
    static func isRepeated(_ grid: FieldGrid, _ row: Int, _ first: Int, _ last: Int) -> Bool {
        let start = grid.start(row, first)
        let length = grid.end(row, last) &- start
        let startBefore = grid.start(row &- 1, first)
        return length == grid.end(row &- 1, last) &- startBefore
            && grid.bytes.isEqual(start, startBefore, length: length)
    }
}
