import Columns
import Planning

/// Borders of RANGE frames with an offset: rows whose only order key lies within a distance.
struct RangeBorders {
    private let borders: FrameBorders
    private let keys: OrderedColumn
    /// The key each row's border lies at, in the order of `keys`.
    private let limits: [Int64]
    private let descending: Bool

    /// - Throws: `.unsupported` unless there is one order key, a number, date or timestamp.
    init(_ borders: FrameBorders, _ distance: BoundExpression, sign: Int64) throws(ExecutionError) {
        let item = borders.item
        guard item.orderBy.count == 1 else {
            throw ExecutionError(
                .unsupported("range with an offset needs exactly one order by column"), position: item.call.position)
        }
        self.borders = borders
        let key = item.orderBy[0]
        descending = key.descending
        var state = ExpressionState()
        let column = try ExpressionProgram(key.expression, columns: borders.layout).evaluate(borders.rows, &state).flattened()
        // The border is computed by the expression engine, so that its rules for types hold here too.
        let operation: ArithmeticOperator = (sign < 0) != key.descending ? .subtract : .add
        let type = key.expression.type
        switch (type, distance.type) {
        case (.integer, .integer), (.integer, .bigint), (.bigint, .integer), (.bigint, .bigint), (.double, .double),
            (.timestamp, .interval):
            break
        case (.numeric(_, let scale), .numeric(_, let other)) where other <= scale: break
        case (.date, .integer), (.date, .bigint): break
        default:
            throw ExecutionError(
                .unsupported("range with an offset of type \(distance.type.name) over \(type.name) is not supported"),
                position: item.call.position)
        }
        let limit: Vector
        if case .constant(.integer(let number), _) = distance, type == .integer || type == .bigint,
            let rows = column.int64Operand()
        {
            // A border beyond all integers is one that no row lies behind.
            let count = borders.rows.rowCount
            let values = (0..<count).map { row -> Int64 in
                let (value, overflow) =
                    operation == .add
                    ? rows[row].addingReportingOverflow(number) : rows[row].subtractingReportingOverflow(number)
                return overflow ? (operation == .add ? .max : .min) : value
            }
            limit = Vector(type: type, count: count, values: .int64(values), validity: column.validity)
        } else {
            let bound = BoundExpression.arithmetic(
                operation, key.expression, distance, type, position: item.call.position)
            limit = try ExpressionProgram(bound, columns: borders.layout).evaluate(borders.rows, &state).flattened()
        }
        let both = OrderedColumn(Vector.concatenated([column, limit], type: type))
        keys = both
        limits = Array(both.keys[borders.rows.rowCount...])
    }

    func places(isEnd: Bool) -> [Int32] {
        let order = borders.order
        let count = borders.rows.rowCount
        var result = [Int32](repeating: 0, count: count)
        for place in 0..<count {
            let row = Int(order.order[place])
            guard keys.validity.isPresent(row) else {
                // NULLs are one another's peers, and nobody else's.
                result[place] = isEnd ? order.peerEnd[place] : order.peerStart[place]
                continue
            }
            var low = Int(borders.partitionStart[place])
            var high = Int(borders.partitionEnd[place])
            // NULLs lie together at one end.
            while low < high, !keys.validity.isPresent(Int(order.order[low])) { low = Int(order.peerEnd[low]) }
            while high > low, !keys.validity.isPresent(Int(order.order[high - 1])) { high = Int(order.peerStart[high - 1]) }
            while low < high {
                let middle = (low + high) / 2
                let key = keys.keys[Int(order.order[middle])]
                let isBefore =
                    if isEnd { descending ? key >= limits[row] : key <= limits[row] }
                    else { descending ? key > limits[row] : key < limits[row] }
                if isBefore { low = middle + 1 } else { high = middle }
            }
            result[place] = Int32(truncatingIfNeeded: low)
        }
        return result
    }
}
