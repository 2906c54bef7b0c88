/// A type as SQL sees it.
///
/// Physical form in a vector: boolean → 0/1 bytes; integer and bigint → `Int64`; numeric of at most 18 digits → `Int64`
/// scaled by 10^scale, wider → `Int128`; double → `Double`; text → dictionary codes, identifiers or bytes; date →
/// `Int32` days since 1970-01-01; timestamp → `Int64` microseconds since 1970-01-01 00:00:00, without a zone.
package enum LogicalType: Hashable, Sendable {
    case unknown
    case boolean
    case integer
    case bigint
    case numeric(precision: Int, scale: Int)
    case double
    case text
    case date
    case timestamp
    case interval
    /// Values are texts as PostgreSQL prints arrays. Planning alone knows this type; in vectors it is text.
    case array(ArrayElementType)
    /// An instant, or a time of a day. Planning alone knows these types; in vectors they are timestamps.
    case moment(Moment)

    package enum Moment: Hashable, Sendable {
        /// A timestamp with time zone: microseconds since 1970-01-01 00:00:00 UTC.
        case withZone
        /// A time without time zone: a timestamp of 1970-01-01.
        case ofDay
    }
}

extension LogicalType {
    /// Most digits an exact number may have.
    package static let maximumPrecision = 38

    /// The name SQL and error texts use.
    package var name: String {
        switch self {
        case .unknown: "unknown"
        case .boolean: "boolean"
        case .integer: "integer"
        case .bigint: "bigint"
        case .numeric(let precision, let scale): "numeric(\(precision),\(scale))"
        case .double: "double precision"
        case .text: "text"
        case .date: "date"
        case .timestamp: "timestamp"
        case .interval: "interval"
        case .array(let element): element.type.name + "[]"
        case .moment(.withZone): "timestamp with time zone"
        case .moment(.ofDay): "time without time zone"
        }
    }

    /// An array of this type; arrays have no arrays.
    package var asArray: LogicalType { ArrayElementType(self).map { .array($0) } ?? self }

    package var isNumber: Bool {
        switch self {
        case .integer, .bigint, .numeric, .double: true
        default: false
        }
    }

    /// Whether it is an instant or a time of day.
    package var isMoment: Bool { if case .moment = self { true } else { false } }

    /// Digits after the point of an exact number: 0 for integers, nil for everything else.
    package var scale: Int? {
        switch self {
        case .integer, .bigint: 0
        case .numeric(_, let scale): scale
        default: nil
        }
    }

    /// Whether values are held as `Int128`.
    package var isWide: Bool {
        if case .numeric(let precision, _) = self { return precision > 18 }
        return false
    }
}
