import CKernels
import Columns
import Planning

/// Comparisons of two operands into a mask of 0/1 bytes. NULLs are the caller's business.
enum Comparison {
    static func mask<Value: Comparable & BitwiseCopyable>(
        _ comparison: ComparisonOperator, _ left: Operand<Value>, _ right: Operand<Value>, count: Int
    ) -> [UInt8] {
        switch comparison {
        case .equal: mapPairs(left, right, count: count, filler: 0) { $0 == $1 ? 1 : 0 }
        case .notEqual: mapPairs(left, right, count: count, filler: 0) { $0 != $1 ? 1 : 0 }
        case .less: mapPairs(left, right, count: count, filler: 0) { $0 < $1 ? 1 : 0 }
        case .lessOrEqual: mapPairs(left, right, count: count, filler: 0) { $0 <= $1 ? 1 : 0 }
        case .greater: mapPairs(left, right, count: count, filler: 0) { $0 > $1 ? 1 : 0 }
        case .greaterOrEqual: mapPairs(left, right, count: count, filler: 0) { $0 >= $1 ? 1 : 0 }
        }
    }

    /// The same for numbers of 64 bits, which most columns are.
    static func mask(
        _ comparison: ComparisonOperator, _ left: Operand<Int64>, _ right: Operand<Int64>, count: Int
    ) -> [UInt8] {
        switch (left, right) {
        case (.constant(let first), .constant(let second)):
            let order = first == second ? 0 : first < second ? -1 : 1
            return [UInt8](repeating: holds(comparison, order) ? 1 : 0, count: count)
        case (.constant, .rows): return mask(comparison.mirrored, right, left, count: count)
        case (.rows(let rows), .constant(let value)):
            precondition(rows.count == count)
            return unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
                // Reads the array's own rows, and writes as many bytes.
                if count > 0 { unsafe ck_compare_constant(ck_level(), kernel(comparison), rows, value, count, target.baseAddress) }
                filled = count
            }
        case (.rows(let rows), .rows(let others)):
            precondition(rows.count == count && others.count == count)
            return unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
                // As above.
                if count > 0 { unsafe ck_compare_rows(ck_level(), kernel(comparison), rows, others, count, target.baseAddress) }
                filled = count
            }
        }
    }

    private static func kernel(_ comparison: ComparisonOperator) -> Int32 {
        switch comparison {
        case .equal: CK_EQUAL
        case .notEqual: CK_NOT_EQUAL
        case .less: CK_LESS
        case .lessOrEqual: CK_LESS_OR_EQUAL
        case .greater: CK_GREATER
        case .greaterOrEqual: CK_GREATER_OR_EQUAL
        }
    }

    /// PostgreSQL's order of doubles: NaN equals NaN and is greater than every number.
    static func doubleMask(
        _ comparison: ComparisonOperator, _ left: Operand<Double>, _ right: Operand<Double>, count: Int
    ) -> [UInt8] {
        switch comparison {
        case .equal: mapPairs(left, right, count: count, filler: 0) { isEqual($0, $1) }
        case .notEqual: mapPairs(left, right, count: count, filler: 0) { isEqual($0, $1) ^ 1 }
        case .less: mapPairs(left, right, count: count, filler: 0) { isLess($0, $1) }
        case .lessOrEqual: mapPairs(left, right, count: count, filler: 0) { isLess($1, $0) ^ 1 }
        case .greater: mapPairs(left, right, count: count, filler: 0) { isLess($1, $0) }
        case .greaterOrEqual: mapPairs(left, right, count: count, filler: 0) { isLess($0, $1) ^ 1 }
        }
    }

    @inline(__always)
    private static func isEqual(_ left: Double, _ right: Double) -> UInt8 {
        let same: UInt8 = left == right ? 1 : 0
        let leftNaN: UInt8 = left != left ? 1 : 0
        let rightNaN: UInt8 = right != right ? 1 : 0
        return same | (leftNaN & rightNaN)
    }

    @inline(__always)
    private static func isLess(_ left: Double, _ right: Double) -> UInt8 {
        let less: UInt8 = left < right ? 1 : 0
        let leftNumber: UInt8 = left == left ? 1 : 0
        let rightNaN: UInt8 = right != right ? 1 : 0
        return less | (leftNumber & rightNaN)
    }

    /// Whether `order` (negative, 0, positive) satisfies the operator.
    @inline(__always)
    static func holds(_ comparison: ComparisonOperator, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}

extension ComparisonOperator {
    /// The operator with its sides exchanged: `a < b` is `b > a`.
    var mirrored: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

/// Bytewise order of texts (the C collation).
enum ByteOrder {
    /// Negative, 0 or positive as `left` sorts before, with or after `right`.
    static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        let shared = min(left.count, right.count)
        for index in 0..<shared where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return left.count - right.count
    }

    static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
    }
}
