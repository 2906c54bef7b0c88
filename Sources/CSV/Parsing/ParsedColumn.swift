package import Columns

/// The values of one requested column in one chunk; a NULL row holds 0.
package enum ParsedValues: Hashable, Sendable {
    /// Row `i` is `entries[codes[i]]`. Entries come in order of first appearance, each used by at least one row.
    /// With `entriesAreDistinct` false (a column that is nearly unique) equal strings may have several codes.
    case text(codes: [UInt32], entries: StringColumn, entriesAreDistinct: Bool)
    /// boolean: 0 or 1.
    case boolean([UInt8])
    /// date: days since 1970-01-01.
    case int32([Int32])
    /// integer, bigint, timestamp (microseconds), numeric (scaled by 10^scale).
    case int64([Int64])
    case double([Double])
}

/// One requested column of one chunk.
package struct ParsedColumn: Hashable, Sendable {
    package var type: LogicalType
    package var values: ParsedValues
    package var validity: Validity

    package init(type: LogicalType, values: ParsedValues, validity: Validity) {
        self.type = type
        self.values = values
        self.validity = validity
    }
}
