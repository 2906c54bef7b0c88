import Columns
import Planning

/// The rows that a recursive query has given so far, NULL equal to NULL: a step costs what it adds, not what there is.
struct SeenRows {
    private let layout: KeyLayout
    private var table: GroupTable
    /// Bytes counted so far.
    private var byteCount = 0

    /// - Throws: for a type that rows cannot be told apart by.
    init(types: [LogicalType]) throws(ExecutionError) {
        var codecs: [KeyCodec] = []
        // Nothing is known of the rows to come.
        for type in types { codecs.append(try .roomy(type: type)) }
        layout = KeyLayout(codecs)
        table = GroupTable(stride: layout.stride, denseBitCount: layout.denseBitCount, keepsPositions: false)
    }

    /// The rows that are new, each once, in their order.
    mutating func newRows(of relation: Relation, _ context: ExecutionContext) throws(ExecutionError) -> Relation {
        let batch = relation.concatenated()
        let columns = batch.columns.map { $0.flattened() }
        let words = layout.encode(columns.map(SeenRows.plain), rowCount: batch.rowCount, adding: true).words
        let known = table.count
        let groups = table.assign(words, count: batch.rowCount, firstPosition: 0)
        var kept: [Int32] = []
        // Groups are numbered as they are met.
        for row in 0..<batch.rowCount where Int(groups[row]) == known + kept.count { kept.append(Int32(truncatingIfNeeded: row)) }
        try count(context)
        return Relation.cut(columns.map { $0.gathered(kept) }, rowCount: kept.count, columns: relation.columns)
    }

    /// Text as bytes: each step may bring a dictionary of its own, and a codec would keep them all.
    private static func plain(_ column: Vector) -> Vector {
        switch column.values {
        case .dictionary, .identifier:
            Vector(
                type: column.type, count: column.count, values: .string(column.textOperand().strings),
                validity: column.validity)
        default: column
        }
    }

    private mutating func count(_ context: ExecutionContext) throws(ExecutionError) {
        var size = table.byteCount
        for codec in layout.codecs { if case .text(let coder) = codec.coding { size += coder.extraByteCount } }
        try context.budget.reserve(max(0, size - byteCount))
        byteCount = max(size, byteCount)
    }
}
