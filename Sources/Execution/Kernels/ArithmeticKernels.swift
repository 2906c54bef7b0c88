import Columns

/// How large the values of a kernel's input are.
enum Magnitude {
    /// Bits that the magnitude of every value fits in: each value is within ±2^bits.
    static func bits(_ rows: [Int64]) -> Int {
        let source = rows.span
        var union: Int64 = 0
        for row in 0..<source.count { union |= source[row] ^ (source[row] >> 63) }
        return 64 - union.leadingZeroBitCount
    }

    static func bits(_ operand: Operand<Int64>) -> Int {
        switch operand {
        case .constant(let value): bits([value])
        case .rows(let rows): bits(rows)
        }
    }

    /// As above, for 128 bits.
    static func bits(_ operand: Operand<Int128>) -> Int {
        var union: Int128 = 0
        switch operand {
        case .constant(let value): union = value ^ (value >> 127)
        case .rows(let rows):
            let source = rows.span
            for row in 0..<source.count { union |= source[row] ^ (source[row] >> 127) }
        }
        return 128 - union.leadingZeroBitCount
    }

    /// Bits a multiplication by 10^exponent adds at most.
    static func bits(ofPower exponent: Int) -> Int { exponent <= 18 ? (exponent * 3322 + 999) / 1000 + 1 : 128 }
}

/// Kernels that wrap and tell afterwards whether any row may have overflowed.
enum FlaggingKernels {
    /// `body` gives the result and bits that are 0 where all is well; the second result is the OR of them.
    @inline(__always)
    static func mapPairs<Left, Right, Result>(
        _ left: Operand<Left>, _ right: Operand<Right>, count: Int, filler: Result,
        _ body: (Left, Right) -> (Result, Int64)
    ) -> (rows: [Result], flags: Int64) {
        var results = [Result](repeating: filler, count: count)
        var flags: Int64 = 0
        switch (left, right) {
        case (.rows(let leftRows), .rows(let rightRows)):
            let leftSpan = leftRows.span
            let rightSpan = rightRows.span
            var target = results.mutableSpan
            precondition(leftSpan.count == target.count && rightSpan.count == target.count)
            for row in 0..<target.count {
                let (result, flag) = body(leftSpan[row], rightSpan[row])
                target[row] = result
                flags |= flag
            }
        case (.rows(let leftRows), .constant(let value)):
            let leftSpan = leftRows.span
            var target = results.mutableSpan
            precondition(leftSpan.count == target.count)
            for row in 0..<target.count {
                let (result, flag) = body(leftSpan[row], value)
                target[row] = result
                flags |= flag
            }
        case (.constant(let value), .rows(let rightRows)):
            let rightSpan = rightRows.span
            var target = results.mutableSpan
            precondition(rightSpan.count == target.count)
            for row in 0..<target.count {
                let (result, flag) = body(value, rightSpan[row])
                target[row] = result
                flags |= flag
            }
        case (.constant(let leftValue), .constant(let rightValue)):
            let (result, flag) = body(leftValue, rightValue)
            for row in 0..<count { results[row] = result }
            flags = flag
        }
        return (results, flags)
    }
}

/// Loops for operations that may fail: rows that are NULL are not asked.
enum CheckedLoop {
    @inline(__always)
    static func mapPairs<Left, Right, Result>(
        _ left: Operand<Left>, _ right: Operand<Right>, _ validity: Validity, count: Int, filler: Result,
        _ body: (Left, Right) throws(ExecutionError) -> Result
    ) throws(ExecutionError) -> [Result] {
        var results = [Result](repeating: filler, count: count)
        for row in 0..<count where validity.isPresent(row) { results[row] = try body(left[row], right[row]) }
        return results
    }

    @inline(__always)
    static func map<Value, Result>(
        _ operand: Operand<Value>, _ validity: Validity, count: Int, filler: Result,
        _ body: (Value) throws(ExecutionError) -> Result
    ) throws(ExecutionError) -> [Result] {
        var results = [Result](repeating: filler, count: count)
        for row in 0..<count where validity.isPresent(row) { results[row] = try body(operand[row]) }
        return results
    }
}
