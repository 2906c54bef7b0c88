import Columns
import Planning

/// INTERSECT and EXCEPT, with or without ALL, and keeping the first row for each key: whole rows or some columns as keys,
/// NULL equal to NULL. Rows come out in the order of the (left) input.
enum SetOperator {
    /// - Parameter keys: Indexes of the columns that are compared; nil: all.
    static func relation(
        _ kind: JoinedKind, isAll: Bool, left: Relation, right: Relation, columns: [PlanColumn], keys: [Int]? = nil
    ) throws(ExecutionError) -> Relation {
        let leftRows = left.concatenated()
        let rightRows = right.concatenated()
        let total = leftRows.rowCount + rightRows.rowCount
        let both = (keys ?? Array(columns.indices)).map { index in
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
            if keeps(kind, isAll: isAll, occurrence: seen[group], rightCount: rightCounts[group]) {
                kept.append(Int32(truncatingIfNeeded: row))
            }
        }
        return Relation.cut(leftRows.columns.map { $0.gathered(kept) }, rowCount: kept.count, columns: columns)
    }

    /// Whether the left row that is the `occurrence`th of its key is put out.
    @inline(__always)
    static func keeps(_ kind: JoinedKind, isAll: Bool, occurrence: Int, rightCount: Int) -> Bool {
        switch (kind, isAll) {
        case (.intersect, true): occurrence <= rightCount
        case (.intersect, false): occurrence == 1 && rightCount > 0
        case (.except, true): occurrence > rightCount
        case (.except, false): occurrence == 1 && rightCount == 0
        }
    }

    /// The same for more rows than memory holds: those of both sides are divided in a file.
    ///
    /// - Parameters:
    ///   - left: Kept, as `right` is.
    ///   - columns: At least one.
    static func divided(
        _ kind: JoinedKind, isAll: Bool, left: Pipeline, right: Pipeline, columns: [PlanColumn], _ context: ExecutionContext,
        counters: OperatorCounters
    ) throws(ExecutionError) -> Pipeline {
        var parts: [Pipeline] = []
        for (number, side) in [left, right].enumerated() {
            var part = side
            let mark = BoundExpression.constant(.boolean(number == 1), .boolean)
            part.operators.append(
                try ProjectOperator(side.columns.map(\.reference) + [mark], columns: side.layout, counters: OperatorCounters(.root)))
            part.columns = columns + [SetOperator.isRight]
            parts.append(part)
        }
        @Sendable func places(in rows: [PlanColumn]) -> (mark: Int, keys: [Int]) {
            (
                rows.firstIndex { $0.id == SetOperator.isRight.id } ?? 0,
                rows.indices.filter { index in columns.contains { $0.id == rows[index].id } }
            )
        }
        let compared = columns.map(\.reference)
        let divided = DividedRows(
            keys: compared, newColumns: [], context: context, counters: counters,
            // Parts of few keys with many rows cannot be divided.
            streaming: { rows, context throws(ExecutionError) in
                let (mark, keys) = places(in: rows.columns)
                let source = try CountedSides(
                    kind, isAll: isAll, rows, keys: keys, types: keys.map { rows.columns[$0].type }, mark: mark, context)
                return source.map { Pipeline(source: $0, columns: rows.columns) }
            }
        ) { rows, _ throws(ExecutionError) in
            let (mark, keys) = places(in: rows.columns)
            let all = rows.concatenated()
            let flags = all.columns[mark].flattened()
            guard case .boolean(let isRight) = flags.values else { preconditionFailure("the mark is a truth value") }
            let split = isRight.firstIndex { $0 != 0 } ?? all.rowCount
            // Rows lie in the order of the input: those of the left side come first.
            func side(_ range: Range<Int>) -> Relation {
                Relation(columns: rows.columns, batches: [Batch(columns: all.columns.map { $0.sliced(range) }, rowCount: range.count)])
            }
            return try relation(
                kind, isAll: isAll, left: side(0..<split), right: side(split..<all.rowCount), columns: rows.columns, keys: keys)
        }
        var result = try divided.pipeline(Pipeline(source: UnionSource(parts), columns: columns + [SetOperator.isRight]))
        result.operators.append(
            try ProjectOperator(columns.map(\.reference), columns: result.layout, counters: OperatorCounters(.root)))
        result.columns = columns
        return result
    }

    /// Whether a row is of the right side. The identity lives inside one operator.
    private static let isRight = PlanColumn(id: ColumnID(-1_000_002), name: "right", type: .boolean, isNullable: false)

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
