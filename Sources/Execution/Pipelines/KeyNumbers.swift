import Columns
import Planning

/// Numbers for distinct keys of rows that come batch by batch, NULL equal to NULL.
struct KeyNumbers {
    private let layout: KeyLayout
    private var table: GroupTable

    /// - Throws: for a type that rows cannot be told apart by.
    init(types: [LogicalType]) throws(ExecutionError) {
        var codecs: [KeyCodec] = []
        // Nothing is known of the rows to come.
        for type in types { codecs.append(try .roomy(type: type)) }
        layout = KeyLayout(codecs)
        table = GroupTable(stride: layout.stride, denseBitCount: layout.denseBitCount, keepsPositions: false)
    }

    /// Keys so far.
    var count: Int { table.count }

    var byteCount: Int {
        var size = table.byteCount
        for codec in layout.codecs { if case .text(let coder) = codec.coding { size += coder.extraByteCount } }
        return size
    }

    /// The number of each row's key; new keys get new numbers, in their order.
    mutating func assign(_ columns: [Vector], rowCount: Int) -> [UInt32] {
        table.assign(words(columns, rowCount: rowCount, adding: true).words, count: rowCount, firstPosition: 0)
    }

    /// The number of each row's key; `GroupTable.none` for keys that have none.
    func find(_ columns: [Vector], rowCount: Int) -> [UInt32] {
        let (words, misfits) = words(columns, rowCount: rowCount, adding: false)
        var numbers = table.find(words, count: rowCount)
        if let misfits { for row in 0..<rowCount where misfits[row] != 0 { numbers[row] = GroupTable.none } }
        return numbers
    }

    private func words(_ columns: [Vector], rowCount: Int, adding: Bool) -> (words: [UInt64], misfits: [UInt8]?) {
        layout.encode(columns.map(KeyNumbers.plain), rowCount: rowCount, adding: adding)
    }

    /// Flat, and text as bytes: each batch may bring a dictionary of its own, and a codec would keep them all.
    private static func plain(_ column: Vector) -> Vector {
        let column = column.flattened()
        switch column.values {
        case .dictionary, .identifier:
            return Vector(
                type: column.type, count: column.count, values: .string(column.textOperand().strings),
                validity: column.validity)
        default: return column
        }
    }
}
