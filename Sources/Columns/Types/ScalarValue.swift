/// One value, for literals, constants and results; never used for each row of a column.
package enum ScalarValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// integer and bigint.
    case integer(Int64)
    /// `unscaled / 10^scale`.
    case numeric(unscaled: Int128, scale: Int)
    case double(Double)
    case text(String)
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since 1970-01-01 00:00:00.
    case timestamp(Int64)
    case interval(IntervalValue)

    package var isNull: Bool { self == .null }
}
