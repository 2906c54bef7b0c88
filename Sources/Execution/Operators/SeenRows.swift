import Columns
import Planning

/// The rows that a recursive query has given so far, NULL equal to NULL: a step costs what it adds, not what there is.
struct SeenRows {
    private var numbers: KeyNumbers
    /// Bytes counted so far.
    private var byteCount = 0

    /// - Throws: for a type that rows cannot be told apart by.
    init(types: [LogicalType]) throws(ExecutionError) { numbers = try KeyNumbers(types: types) }

    /// The rows that are new, each once, in their order.
    mutating func newRows(of relation: Relation, _ context: ExecutionContext) throws(ExecutionError) -> Relation {
        let batch = relation.concatenated()
        let columns = batch.columns.map { $0.flattened() }
        let known = numbers.count
        let groups = numbers.assign(columns, rowCount: batch.rowCount)
        var kept: [Int32] = []
        // Groups are numbered as they are met.
        for row in 0..<batch.rowCount where Int(groups[row]) == known + kept.count { kept.append(Int32(truncatingIfNeeded: row)) }
        try count(context)
        return Relation.cut(columns.map { $0.gathered(kept) }, rowCount: kept.count, columns: relation.columns)
    }

    private mutating func count(_ context: ExecutionContext) throws(ExecutionError) {
        let size = numbers.byteCount
        try context.budget.reserve(max(0, size - byteCount))
        byteCount = max(size, byteCount)
    }
}
