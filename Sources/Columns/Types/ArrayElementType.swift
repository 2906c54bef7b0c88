/// The type of an array's elements.
package struct ArrayElementType: Hashable, Sendable {
    package enum Kind: Int64, Hashable, Sendable {
        case boolean, integer, bigint, numeric, double, text, date, timestamp, interval
    }

    package var kind: Kind
    package var precision = 0
    package var scale = 0

    /// - Returns: nil for an array of arrays, of instants or of times.
    package init?(_ type: LogicalType) {
        switch type {
        case .boolean: kind = .boolean
        case .integer: kind = .integer
        case .bigint: kind = .bigint
        case .numeric(let precision, let scale):
            kind = .numeric
            self.precision = precision
            self.scale = scale
        case .double: kind = .double
        case .text, .unknown: kind = .text
        case .date: kind = .date
        case .timestamp: kind = .timestamp
        case .interval: kind = .interval
        case .array, .moment: return nil
        }
    }

    package var type: LogicalType {
        switch kind {
        case .boolean: .boolean
        case .integer: .integer
        case .bigint: .bigint
        case .numeric: .numeric(precision: precision, scale: scale)
        case .double: .double
        case .text: .text
        case .date: .date
        case .timestamp: .timestamp
        case .interval: .interval
        }
    }

    /// The type as a number, as a call carries it to functions that get texts only.
    package var code: Int64 { kind.rawValue << 16 | Int64(precision) << 8 | Int64(scale) }

    /// - Returns: nil for a number that is no type's code.
    package init?(code: Int64) {
        guard let kind = Kind(rawValue: code >> 16) else { return nil }
        self.kind = kind
        precision = Int(code >> 8 & 0xFF)
        scale = Int(code & 0xFF)
    }
}
