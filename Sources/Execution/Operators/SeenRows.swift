import Columns
import Planning

/// The rows that a recursive query has given so far, NULL equal to NULL: a step costs what it adds, not what there is.
struct SeenRows {
    private let types: [LogicalType]
    private var rows: Set<[UInt8]> = []

    init(types: [LogicalType]) { self.types = types }

    /// The rows that are new, each once, in their order.
    mutating func newRows(of relation: Relation, _ context: ExecutionContext) throws(ExecutionError) -> Relation {
        if types.contains(.interval) {
            throw ExecutionError(
                .unsupported("grouping, joining or removing duplicates by an interval is not supported"))
        }
        let batch = relation.concatenated()
        let columns = batch.columns.map { $0.flattened() }
        var kept: [Int32] = []
        var size = 0
        for row in 0..<batch.rowCount {
            let key = SeenRows.key(columns, row)
            size += key.count + SeenRows.rowSize
            if rows.insert(key).inserted { kept.append(Int32(truncatingIfNeeded: row)) }
        }
        try context.budget.reserve(size)
        return Relation.cut(columns.map { $0.gathered(kept) }, rowCount: kept.count, columns: relation.columns)
    }

    /// The texts of a row's values, which are the same for equal values of one type.
    private static func key(_ columns: [Vector], _ row: Int) -> [UInt8] {
        var key: [UInt8] = []
        for column in columns {
            guard column.validity.isPresent(row) else {
                key.append(1)
                continue
            }
            key.append(2)
            if case .double(let rows) = column.values, rows[row] == 0 {
                // Either zero.
                key.append(0x30)
            } else {
                ValueText.append(column, row: row, to: &key)
            }
            // No text has a zero byte.
            key.append(0)
        }
        return key
    }

    /// Bytes of a row in the set besides its values.
    private static let rowSize = 64
}
