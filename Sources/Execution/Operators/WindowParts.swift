import Columns
import Planning

/// The rows of a window divided by a hash of their partition keys, so that each part holds whole partitions, fits a core's
/// cache and is worked on by itself.
struct WindowParts: Sendable {
    /// Row numbers of each part, ascending.
    let rows: [[Int32]]

    /// Rows below which dividing does not pay.
    private static let leastRowCount = 32_768
    private static let partRowCount = 16_384

    /// nil if rows are few or not partitioned.
    init?(
        _ partitionBy: [BoundExpression], _ batch: Batch, layout: [ColumnID: Int], _ context: ExecutionContext
    ) throws(ExecutionError) {
        guard !partitionBy.isEmpty, batch.rowCount >= min(WindowParts.leastRowCount, context.options.deferringGroupCount) else {
            return nil
        }
        var state = ExpressionState()
        var keys: [Vector] = []
        for expression in partitionBy {
            let key = try ExpressionProgram(expression, columns: layout).evaluate(batch, &state).flattened()
            // Equal intervals may have different bits.
            if key.type == .interval { return nil }
            keys.append(key)
        }
        var bits = 1
        while bits < 8, batch.rowCount >> bits > WindowParts.partRowCount { bits += 1 }
        let keyLayout = try LayoutChoice(isRoomy: true).layout(for: keys)
        let (words, _) = keyLayout.encode(keys, rowCount: batch.rowCount, adding: true)
        let parts = (0..<batch.rowCount).map { row in
            Int32(truncatingIfNeeded: GroupTable.partition(words, group: row, stride: keyLayout.stride, bits: bits))
        }
        let (order, starts) = RowPartitioning.divided(parts, count: 1 << bits)
        rows = (0..<(1 << bits)).map { Array(order[starts[$0]..<starts[$0 + 1]]) }.filter { !$0.isEmpty }
    }

    func batch(_ part: Int, of batch: Batch) -> Batch {
        Batch(columns: batch.columns.map { $0.gathered(rows[part]) }, rowCount: rows[part].count)
    }

    /// For each row its place in the parts one behind the other.
    func places(rowCount: Int) -> [Int32] {
        var places = [Int32](repeating: 0, count: rowCount)
        var place: Int32 = 0
        for part in rows {
            for row in part {
                places[Int(row)] = place
                place &+= 1
            }
        }
        return places
    }
}
