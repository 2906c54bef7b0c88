package import Columns

/// A type as clients of PostgreSQL know it: the number of its row in `pg_type`, its size and its modifier.
package struct WireType: Hashable, Sendable {
    /// Source: `src/include/catalog/pg_type.dat` of PostgreSQL 15.
    package var oid: UInt32
    /// Bytes of a value, -1 where they vary.
    package var size: Int16
    /// `numeric(16,2)` has `(16 << 16 | 2) + 4`; -1 for none.
    package var modifier: Int32

    package init(oid: UInt32, size: Int16, modifier: Int32 = -1) {
        self.oid = oid
        self.size = size
        self.modifier = modifier
    }

    package static let boolean = WireType(oid: 16, size: 1)
    package static let bytes = WireType(oid: 17, size: -1)
    package static let character = WireType(oid: 18, size: 1)
    package static let name = WireType(oid: 19, size: 64)
    package static let bigint = WireType(oid: 20, size: 8)
    package static let smallint = WireType(oid: 21, size: 2)
    package static let integer = WireType(oid: 23, size: 4)
    package static let text = WireType(oid: 25, size: -1)
    package static let objectID = WireType(oid: 26, size: 4)
    package static let real = WireType(oid: 700, size: 4)
    package static let double = WireType(oid: 701, size: 8)
    package static let unknown = WireType(oid: 705, size: -2)
    package static let date = WireType(oid: 1082, size: 4)
    package static let timestamp = WireType(oid: 1114, size: 8)
    package static let timestampWithZone = WireType(oid: 1184, size: 8)
    package static let interval = WireType(oid: 1186, size: 16)
    package static let numeric = WireType(oid: 1700, size: -1)

    /// What a column of a result is to a client.
    package init(_ type: LogicalType) {
        switch type {
        case .boolean: self = .boolean
        case .integer: self = .integer
        case .bigint: self = .bigint
        case .numeric(let precision, let scale):
            self = .numeric
            if precision > 0 { modifier = Int32(precision << 16 | scale) + 4 }
        case .double: self = .double
        // Values of arrays are their texts.
        case .text, .unknown, .array: self = .text
        case .date: self = .date
        case .timestamp, .moment(.ofDay): self = .timestamp
        // Of parameters alone: a result has these as their texts.
        case .moment(.withZone): self = .timestampWithZone
        case .interval: self = .interval
        }
    }
}
