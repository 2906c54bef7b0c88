package import Columns

/// Values as text, the same for casts and for output.
///
/// Booleans `true`/`false`; exact numbers with all digits of their scale; doubles in shortest round-trip form (`0.1`,
/// `1e+20`, `Infinity`, `NaN`); dates `2025-01-31`; timestamps `2025-01-31 08:04:38.5`; intervals as PostgreSQL's
/// style.
package enum ValueText {
    /// Appends the text of one value; nothing for NULL.
    package static func append(_ value: ScalarValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: break
        case .boolean(let flag): append(boolean: flag, to: &bytes)
        case .integer(let number): append(integer: number, to: &bytes)
        case .numeric(let unscaled, let scale): append(unscaled: unscaled, scale: scale, to: &bytes)
        case .double(let number): append(double: number, to: &bytes)
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .date(let day): append(date: day, to: &bytes)
        case .timestamp(let time): append(timestamp: time, to: &bytes)
        case .interval(let interval): append(interval: interval, to: &bytes)
        }
    }

    /// Appends the text of one row; nothing for NULL. For a vector without runs; `flattened()` gives one.
    package static func append(_ vector: Vector, row: Int, to bytes: inout [UInt8]) {
        guard vector.validity.isPresent(row) else { return }
        switch vector.values {
        case .boolean(let rows): append(boolean: rows[row] != 0, to: &bytes)
        case .int32(let rows): append(date: rows[row], to: &bytes)
        case .int64(let rows):
            switch vector.type {
            case .timestamp: append(timestamp: rows[row], to: &bytes)
            case .numeric(_, let scale): append(unscaled: rows[row], scale: scale, to: &bytes)
            default: append(integer: rows[row], to: &bytes)
            }
        case .int128(let rows): append(unscaled: rows[row], scale: vector.type.scale ?? 0, to: &bytes)
        case .double(let rows): append(double: rows[row], to: &bytes)
        case .interval(let rows): append(interval: rows[row], to: &bytes)
        case .dictionary(let codes, let dictionary):
            bytes.append(contentsOf: dictionary.entries[bytesAt: Int(codes[row])])
        case .identifier(let codes, let domain): domain.appendBytes(of: codes[row], to: &bytes)
        case .string(let strings): bytes.append(contentsOf: strings[bytesAt: row])
        case .constant, .runs: append(vector.scalar(at: row), to: &bytes)
        }
    }

    /// The texts of all rows; empty for NULL.
    package static func strings(_ vector: Vector) -> StringColumn {
        let flat = vector.flattened()
        var result = StringColumn()
        result.offsets.reserveCapacity(flat.count + 1)
        var bytes: [UInt8] = []
        for row in 0..<flat.count {
            append(flat, row: row, to: &bytes)
            result.offsets.append(UInt32(bytes.count))
        }
        result.bytes = bytes
        return result
    }

    package static func append(boolean: Bool, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
    }

    package static func append(integer: Int64, to bytes: inout [UInt8]) {
        if integer < 0 { bytes.append(0x2D) }
        append(digits: integer.magnitude, minimumCount: 1, to: &bytes)
    }

    /// `unscaled / 10^scale` with exactly `scale` digits after the point.
    package static func append(unscaled: Int64, scale: Int, to bytes: inout [UInt8]) {
        guard scale > 0 else { return append(integer: unscaled, to: &bytes) }
        guard scale <= 18 else { return append(unscaled: Int128(unscaled), scale: scale, to: &bytes) }
        if unscaled < 0 { bytes.append(0x2D) }
        let power = UInt64(DecimalText.powers64[scale])
        append(digits: unscaled.magnitude / power, minimumCount: 1, to: &bytes)
        bytes.append(0x2E)
        append(digits: unscaled.magnitude % power, minimumCount: scale, to: &bytes)
    }

    package static func append(unscaled: Int128, scale: Int, to bytes: inout [UInt8]) {
        if let narrow = Int64(exactly: unscaled), scale <= 18 {
            return append(unscaled: narrow, scale: scale, to: &bytes)
        }
        bytes.append(contentsOf: DecimalText.string(unscaled: unscaled, scale: scale).utf8)
    }

    /// At least `minimumCount` decimal digits, with leading zeros.
    static func append(digits value: UInt64, minimumCount: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value
        repeat {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        while bytes.count - start < minimumCount { bytes.append(0x30) }
        bytes[start...].reverse()
    }
}
