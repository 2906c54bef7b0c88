import Columns
import Planning

/// INTERSECT and EXCEPT, with or without ALL, and keeping the first row for each key: whole rows or some columns as keys,
/// NULL equal to NULL. Rows come out in the order of the (left) input.
enum SetOperator {
    static func relation(
        _ kind: JoinedKind, isAll: Bool, left: Relation, right: Relation, columns: [PlanColumn]
    ) throws(ExecutionError) -> Relation {
        let leftRows = left.concatenated()
        let rightRows = right.concatenated()
        let total = leftRows.rowCount + rightRows.rowCount
        let both = columns.indices.map { index in
            Vector.concatenated([leftRows.columns[index], rightRows.columns[index]], type: columns[index].type)
        }
        let groups = try numbered(both, rowCount: total)
        var rightCounts = [Int](repeating: 0, count: groups.count)
        for row in leftRows.rowCount..<total { rightCounts[Int(groups[row])] &+= 1 }
        var seen = [Int](repeating: 0, count: groups.count)
        var kept: [Int32] = []
        for row in 0..<leftRows.rowCount {
            let group = Int(groups[row])
            seen[group] &+= 1
            let isKept =
                switch (kind, isAll) {
                case (.intersect, true): seen[group] <= rightCounts[group]
                case (.intersect, false): seen[group] == 1 && rightCounts[group] > 0
                case (.except, true): seen[group] > rightCounts[group]
                case (.except, false): seen[group] == 1 && rightCounts[group] == 0
                }
            if isKept { kept.append(Int32(truncatingIfNeeded: row)) }
        }
        return Relation.cut(leftRows.columns.map { $0.gathered(kept) }, rowCount: kept.count, columns: columns)
    }

    enum JoinedKind { case intersect, except }

    /// The first row of the input for each key.
    static func firstRows(
        _ input: Relation, keys: [BoundExpression], layout: [ColumnID: Int]
    ) throws(ExecutionError) -> Relation {
        let rows = input.concatenated()
        if rows.rowCount == 0 { return input }
        var state = ExpressionState()
        var vectors: [Vector] = []
        for key in keys {
            vectors.append(try ExpressionProgram(key, columns: layout).evaluate(rows, &state).flattened())
        }
        let groups = try numbered(vectors, rowCount: rows.rowCount)
        var kept: [Int32] = []
        for row in 0..<rows.rowCount where Int(groups[row]) == kept.count { kept.append(Int32(truncatingIfNeeded: row)) }
        return Relation.cut(rows.columns.map { $0.gathered(kept) }, rowCount: kept.count, columns: input.columns)
    }

    /// A number for each distinct key, in order of first appearance. All rows are at hand, so that a tight layout fits.
    static func numbered(_ keys: [Vector], rowCount: Int) throws(ExecutionError) -> [UInt32] {
        if keys.isEmpty { return [UInt32](repeating: 0, count: rowCount) }
        var codecs: [KeyCodec] = []
        for key in keys { codecs.append(try .tight(key, slack: false)) }
        let layout = KeyLayout(codecs)
        let words = layout.encode(keys, rowCount: rowCount, adding: true).words
        var table = GroupTable(stride: layout.stride, denseBitCount: layout.denseBitCount)
        return table.assign(words, count: rowCount, firstPosition: 0)
    }
}
