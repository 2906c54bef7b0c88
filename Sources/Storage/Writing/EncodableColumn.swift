package import Columns

/// One column of the rows that become a segment, with a value for each row or for each of its runs; NULLs hold any value.
package struct EncodableColumn: Sendable {
    package enum Values: Sendable {
        /// 0 or 1 a row.
        case boolean([UInt8])
        /// date: days since 1970-01-01.
        case int32([Int32])
        /// integer, bigint, timestamp (microseconds), numeric of at most 18 digits (scaled).
        case int64([Int64])
        /// numeric of more than 18 digits (scaled).
        case int128([Int128])
        case double([Double])
        /// Codes of the table's dictionary, as `TextDomainBuilder` gave them.
        case codes32([UInt32])
        /// Codes of the table's identifier domain.
        case codes64([UInt64])
        /// Text of a column whose kind is plain.
        case strings(StringColumn)

        package var count: Int {
            switch self {
            case .boolean(let rows): rows.count
            case .int32(let rows): rows.count
            case .int64(let rows): rows.count
            case .int128(let rows): rows.count
            case .double(let rows): rows.count
            case .codes32(let rows): rows.count
            case .codes64(let rows): rows.count
            case .strings(let rows): rows.count
            }
        }
    }

    package var values: Values
    package var validity: Validity
    /// The rows that each value stands for; nil if it is one.
    package var runs: RunMap?

    package init(_ values: Values, validity: Validity = .allPresent, runs: RunMap? = nil) {
        self.values = values
        self.validity = validity
        self.runs = runs
    }
}
