package import Columns
import Engine
package import NIOCore

/// Writes values of the engine's vectors as PostgreSQL sends them, length first.
package enum ValueEncoder {
    /// Writes one value of a flat column.
    package static func write(_ column: Vector, row: Int, format: ValueFormat, to buffer: inout ByteBuffer) {
        var scratch: [UInt8] = []
        write(column, row: row, format: format, scratch: &scratch, to: &buffer)
    }

    /// - Parameter scratch: Memory for texts, kept from value to value.
    static func write(
        _ column: Vector, row: Int, format: ValueFormat, scratch: inout [UInt8], to buffer: inout ByteBuffer
    ) {
        guard column.validity.isPresent(row) else {
            buffer.writeInteger(Int32(-1))
            return
        }
        if format == .binary {
            writeLengthPrefixed(to: &buffer) { writeBinary(column, row: row, to: &$0) }
        } else if case .boolean(let rows) = column.values {
            buffer.writeInteger(Int32(1))
            buffer.writeInteger(rows[row] != 0 ? UInt8(ascii: "t") : UInt8(ascii: "f"))
        } else {
            scratch.removeAll(keepingCapacity: true)
            ResultText.append(column, row: row, to: &scratch)
            buffer.writeInteger(Int32(scratch.count))
            buffer.writeBytes(scratch)
        }
    }

    static func writeLengthPrefixed(to buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void) {
        let start = buffer.writerIndex
        buffer.writeInteger(Int32(0))
        body(&buffer)
        buffer.setInteger(Int32(buffer.writerIndex - start - 4), at: start)
    }

    private static func writeBinary(_ column: Vector, row: Int, to buffer: inout ByteBuffer) {
        switch column.values {
        case .boolean(let rows): buffer.writeInteger(rows[row] != 0 ? UInt8(1) : 0)
        case .int32(let rows):
            buffer.writeInteger(CivilTime.isInfinite(day: rows[row]) ? rows[row] : rows[row] &- PostgresEpoch.days)
        case .int64(let rows):
            switch column.type {
            case .timestamp:
                let isInfinite = CivilTime.isInfinite(microseconds: rows[row])
                buffer.writeInteger(isInfinite ? rows[row] : rows[row] &- PostgresEpoch.microseconds)
            case .numeric(_, let scale): NumericDigits.write(unscaled: Int128(rows[row]), scale: scale, to: &buffer)
            case .integer: buffer.writeInteger(Int32(truncatingIfNeeded: rows[row]))
            default: buffer.writeInteger(rows[row])
            }
        case .int128(let rows): NumericDigits.write(unscaled: rows[row], scale: column.type.scale ?? 0, to: &buffer)
        case .double(let rows): buffer.writeInteger(rows[row].bitPattern)
        case .interval(let rows):
            buffer.writeInteger(rows[row].microseconds)
            buffer.writeInteger(rows[row].days)
            buffer.writeInteger(rows[row].months)
        case .dictionary, .identifier, .string, .constant, .runs:
            var bytes: [UInt8] = []
            ResultText.append(column, row: row, to: &bytes)
            buffer.writeBytes(bytes)
        }
    }
}
