/// The values of a vector, in one of several shapes. NULL rows hold any value; validity decides.
package enum VectorValues: Sendable {
    /// 0 or 1 for each row.
    case boolean([UInt8])
    /// date: days since 1970-01-01.
    case int32([Int32])
    /// integer, bigint, timestamp (microseconds), numeric of at most 18 digits (scaled).
    case int64([Int64])
    /// numeric of more than 18 digits (scaled).
    case int128([Int128])
    case double([Double])
    case interval([IntervalValue])
    /// text as codes of a dictionary.
    case dictionary(codes: [UInt32], TextDictionary)
    /// text as codes of an identifier domain.
    case identifier(codes: [UInt64], IdentifierDomain)
    /// text as bytes.
    case string(StringColumn)
    /// The same value on every row; NULL is `.null`, with validity `.allPresent` ignored.
    case constant(ScalarValue)
    /// One value for each run of rows; the child has `map.runCount` rows and its own validity.
    case runs(Vector, RunMap)
}

/// One column of a batch: immutable once made, shared freely between threads.
package final class Vector: Sendable {
    package let type: LogicalType
    package let count: Int
    package let values: VectorValues
    /// For `.runs` and `.constant` always `.allPresent`: there NULLs live in the child or the scalar.
    package let validity: Validity

    package init(type: LogicalType, count: Int, values: VectorValues, validity: Validity = .allPresent) {
        self.type = type
        self.count = count
        self.values = values
        self.validity = validity
    }

    package static func constant(_ value: ScalarValue, type: LogicalType, count: Int) -> Vector {
        Vector(type: type, count: count, values: .constant(value))
    }

    package static func runs(_ child: Vector, map: RunMap) -> Vector {
        precondition(child.count == map.runCount)
        return Vector(type: child.type, count: map.rowCount, values: .runs(child, map))
    }
}

/// Columns of the same length moving together through the engine: at most the rows of one segment.
package struct Batch: Sendable {
    package var columns: [Vector]
    package var rowCount: Int
    /// Number of the morsel the rows come from; with `firstRow`, it orders batches the same way for any worker count.
    package var morsel: Int
    /// Row of the morsel at which this batch starts.
    package var firstRow: Int

    package init(columns: [Vector], rowCount: Int, morsel: Int = 0, firstRow: Int = 0) {
        self.columns = columns
        self.rowCount = rowCount
        self.morsel = morsel
        self.firstRow = firstRow
    }
}
