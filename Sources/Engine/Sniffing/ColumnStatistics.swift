import Columns
import Storage

/// What a report says of the values of one column; parts merge in any order.
struct ColumnStatistics: Sendable {
    var nullCount = 0
    var minimum: ScalarValue?
    var maximum: ScalarValue?
    /// The first text, and the chunk it is from.
    private var first: (order: Int, text: String)?

    var example: String? { first?.text }

    init() {}

    /// Over some rows of one chunk.
    init(_ column: ChunkColumn, _ strings: ColumnStrings, type: LogicalType, rowCount: Int, order: Int) {
        if case .mask(let mask) = column.validity { nullCount = ColumnStatistics.nullCount(mask, column.runs) }
        switch column.values {
        case .absent: nullCount = rowCount
        case .text(let codes):
            if let place = codes.indices.first(where: { column.validity.isPresent($0) }) {
                first = (order, strings.entries[Int(codes[place])])
            }
        case .identifiers: break
        case .coded(.boolean(let rows)): setBounds(rows, column.validity) { .boolean($0 != 0) }
        case .coded(.int32(let rows)): setBounds(rows, column.validity) { .date($0) }
        case .coded(.double(let rows)): setBounds(rows, column.validity) { .double($0) }
        case .coded(.int64(let rows)):
            setBounds(rows, column.validity) {
                switch type {
                case .timestamp: .timestamp($0)
                case .numeric(_, let scale): .numeric(unscaled: Int128($0), scale: scale)
                default: .integer($0)
                }
            }
        case .coded: break
        }
    }

    /// Rows whose value, or whose run's value, is NULL.
    private static func nullCount(_ mask: [UInt8], _ runs: RunMap?) -> Int {
        var total = 0
        for place in mask.indices where mask[place] == 0 {
            total += runs.map { Int($0.starts[place + 1] - $0.starts[place]) } ?? 1
        }
        return total
    }

    mutating func merge(_ other: ColumnStatistics) {
        nullCount += other.nullCount
        if let low = other.minimum, minimum.map({ ColumnStatistics.isLess(low, $0) }) ?? true { minimum = low }
        if let high = other.maximum, maximum.map({ ColumnStatistics.isLess($0, high) }) ?? true { maximum = high }
        if let found = other.first, first.map({ found.order < $0.order }) ?? true { first = found }
    }

    private mutating func setBounds<Value: Comparable>(
        _ rows: [Value], _ validity: Validity, _ scalar: (Value) -> ScalarValue
    ) {
        var low: Value?
        var high: Value?
        for row in 0..<rows.count where validity.isPresent(row) {
            let value = rows[row]
            if low.map({ value < $0 }) ?? true { low = value }
            if high.map({ $0 < value }) ?? true { high = value }
        }
        minimum = low.map(scalar)
        maximum = high.map(scalar)
    }

    /// Both are of one column.
    private static func isLess(_ left: ScalarValue, _ right: ScalarValue) -> Bool {
        switch (left, right) {
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.date(let a), .date(let b)): a < b
        case (.timestamp(let a), .timestamp(let b)): a < b
        case (.integer(let a), .integer(let b)): a < b
        case (.numeric(let a, _), .numeric(let b, _)): a < b
        case (.double(let a), .double(let b)): a < b
        default: false
        }
    }
}
