package import Columns
import Execution

/// Values of a result as text: what CSV, tables and JSON print.
package enum ResultText {
    /// Appends the text of a row that is not NULL.
    package static func append(_ column: Vector, row: Int, to bytes: inout [UInt8]) {
        ValueText.append(column, row: row, to: &bytes)
    }

    /// The text of a row, nil for NULL.
    package static func string(_ column: Vector, row: Int) -> String? {
        string(column.scalar(at: row))
    }

    /// The text of a value, nil for NULL.
    package static func string(_ value: ScalarValue) -> String? {
        if case .text(let text) = value { return text }
        if value.isNull { return nil }
        var bytes: [UInt8] = []
        ValueText.append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `2025-01-31 08:04:38`.
    package static func timestamp(_ microseconds: Int64) -> String { string(.timestamp(microseconds)) ?? "" }

    /// Whether the text of this type never holds a character CSV would quote.
    package static func needsNoQuotes(_ type: LogicalType) -> Bool {
        switch type {
        case .text, .interval, .unknown, .array: false
        default: true
        }
    }
}
