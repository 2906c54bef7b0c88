import Columns

/// The values of one input of a kernel: the same on every row, or one a row.
enum Operand<Value: Sendable>: Sendable {
    case constant(Value)
    case rows([Value])

    @inline(__always)
    subscript(row: Int) -> Value {
        switch self {
        case .constant(let value): value
        case .rows(let values): values[row]
        }
    }

    /// `count` rows in any case.
    func expanded(count: Int) -> [Value] {
        switch self {
        case .constant(let value): [Value](repeating: value, count: count)
        case .rows(let values): values
        }
    }
}

/// `result[row] = body(operand[row])`, one plain loop.
@inline(__always)
func mapRows<Value, Result>(_ rows: [Value], filler: Result, _ body: (Value) -> Result) -> [Result] {
    var results = [Result](repeating: filler, count: rows.count)
    let source = rows.span
    var target = results.mutableSpan
    precondition(source.count == target.count)
    for row in 0..<target.count { target[row] = body(source[row]) }
    return results
}

/// `result[row] = body(left[row], right[row])`, one plain loop for each combination of constants and rows.
@inline(__always)
func mapPairs<Left, Right, Result>(
    _ left: Operand<Left>, _ right: Operand<Right>, count: Int, filler: Result, _ body: (Left, Right) -> Result
) -> [Result] {
    var results = [Result](repeating: filler, count: count)
    switch (left, right) {
    case (.rows(let leftRows), .rows(let rightRows)):
        let leftSpan = leftRows.span
        let rightSpan = rightRows.span
        var target = results.mutableSpan
        precondition(leftSpan.count == target.count && rightSpan.count == target.count)
        for row in 0..<target.count { target[row] = body(leftSpan[row], rightSpan[row]) }
    case (.rows(let leftRows), .constant(let value)):
        let leftSpan = leftRows.span
        var target = results.mutableSpan
        precondition(leftSpan.count == target.count)
        for row in 0..<target.count { target[row] = body(leftSpan[row], value) }
    case (.constant(let value), .rows(let rightRows)):
        let rightSpan = rightRows.span
        var target = results.mutableSpan
        precondition(rightSpan.count == target.count)
        for row in 0..<target.count { target[row] = body(value, rightSpan[row]) }
    case (.constant(let leftValue), .constant(let rightValue)):
        let value = body(leftValue, rightValue)
        for row in 0..<count { results[row] = value }
    }
    return results
}
