/// Neighbouring columns that mostly repeat the row before together, such as the header columns of a claim's lines.
///
/// Their fields are compared with the row before as one stretch of bytes, and read only where the stretch changes.
struct RepeatGroups {
    struct Group {
        var firstColumn: Int
        var lastColumn: Int
    }

    static let sampledRowCount = 512
    var groups: [Group] = []
    /// The group of each column, or -1.
    var groupOfColumn: [Int]

    /// Judges from the first rows of a chunk. The choice changes the speed of reading, never its result.
    ///
    /// - Parameter keyColumn: The column whose neighbouring equal values belong together, if there is one: columns that
    ///   repeat wherever it does form groups of their own, so that their runs are the key's.
    init(sampling grid: FieldGrid, columns: [Int], keyColumn: Int?) {
        groupOfColumn = [Int](repeating: -1, count: grid.columnCount)
        let rowCount = min(grid.rowCount, RepeatGroups.sampledRowCount)
        guard rowCount >= 8 else { return }
        let keyRepeats = keyColumn.map { key in (0..<rowCount).map { $0 > 0 && RepeatGroups.isRepeated(grid, $0, key, key) } }
        var current: (group: Group, followsKey: Bool, repeats: Int)?
        for column in 0..<grid.columnCount {
            let repeats = columns.contains(column) ? RepeatGroups.repeatCount(grid, rowCount, column, column) : 0
            let followsKey =
                keyRepeats.map { rows in
                    (1..<rowCount).allSatisfy { !rows[$0] || RepeatGroups.isRepeated(grid, $0, column, column) }
                } ?? false
            guard repeats * 2 >= rowCount else {
                if let open = current { groups.append(open.group) }
                current = nil
                continue
            }
            if let open = current, open.followsKey == followsKey {
                // Without a key, a column that changes where the others do not would make them be read more often.
                let together = RepeatGroups.repeatCount(grid, rowCount, open.group.firstColumn, column)
                if followsKey || together * 32 >= open.repeats * 31 {
                    current = (Group(firstColumn: open.group.firstColumn, lastColumn: column), followsKey, together)
                    continue
                }
            }
            if let open = current { groups.append(open.group) }
            current = (Group(firstColumn: column, lastColumn: column), followsKey, repeats)
        }
        if let open = current { groups.append(open.group) }
        for (index, group) in groups.enumerated() {
            for column in group.firstColumn...group.lastColumn { groupOfColumn[column] = index }
        }
    }

    /// Rows that repeat the row before from the first to the last column.
    private static func repeatCount(_ grid: FieldGrid, _ rowCount: Int, _ first: Int, _ last: Int) -> Int {
        var repeats = 0
        for row in 1..<rowCount where isRepeated(grid, row, first, last) { repeats += 1 }
        return repeats
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
