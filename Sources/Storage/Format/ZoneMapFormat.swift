import Columns
import Encodings

extension ZoneMap.Bounds {
    /// Kind (byte: 0 empty, 1 values, 2 codes, 3 unknown, 4 values without a largest one), then smallest and largest.
    func write(to writer: inout ByteWriter) {
        switch self {
        case .empty: writer.append(0)
        case .values(let minimum, let maximum):
            writer.append(maximum == nil ? 4 : 1)
            ZoneMap.Bounds.write(minimum, to: &writer)
            if let maximum { ZoneMap.Bounds.write(maximum, to: &writer) }
        case .codes(let minimum, let maximum):
            writer.append(2)
            writer.appendVarint(minimum)
            writer.appendVarint(maximum)
        case .unknown: writer.append(3)
        }
    }

    private static func write(_ scalar: ScalarValue, to writer: inout ByteWriter) {
        switch scalar {
        case .boolean(let value): writer.appendSigned(value ? 1 : 0)
        case .integer(let value), .timestamp(let value): writer.appendSigned(value)
        case .numeric(let value, _):
            writer.append(littleEndian: UInt64(truncatingIfNeeded: value))
            writer.append(littleEndian: UInt64(truncatingIfNeeded: value >> 64))
        case .double(let value): writer.append(littleEndian: value.bitPattern)
        case .text(let value): writer.append(text: value)
        case .date(let value): writer.appendSigned(Int64(value))
        case .null, .interval: preconditionFailure("Bounds are values of storable types.")
        }
    }

    init(_ reader: inout BlockReader, type: LogicalType, storage: LaneStorage) throws(EncodingError) {
        let kind = try reader.readByte()
        switch kind {
        case 0: self = .empty
        case 1, 4:
            let minimum = try ZoneMap.Bounds.readScalar(&reader, type: type)
            self = .values(
                minimum: minimum, maximum: kind == 4 ? nil : try ZoneMap.Bounds.readScalar(&reader, type: type))
        case 2:
            let minimum = try reader.readVarint()
            self = .codes(minimum: minimum, maximum: try reader.readVarint())
        case 3: self = .unknown
        default: throw EncodingError("bounds of kind \(kind)")
        }
    }

    private static func readScalar(_ reader: inout BlockReader, type: LogicalType) throws(EncodingError) -> ScalarValue
    {
        switch type {
        case .boolean: return .boolean(try reader.readSigned() != 0)
        case .integer, .bigint: return .integer(try reader.readSigned())
        case .timestamp: return .timestamp(try reader.readSigned())
        case .date:
            guard let day = Int32(exactly: try reader.readSigned()) else { throw EncodingError("a date out of range") }
            return .date(day)
        case .numeric(_, let scale):
            let low = try reader.readWord()
            let high = try reader.readWord()
            return .numeric(unscaled: Int128(Int64(bitPattern: high)) << 64 | Int128(low), scale: scale)
        case .double: return .double(Double(bitPattern: try reader.readWord()))
        case .text, .unknown, .array: return .text(try reader.readText())
        case .interval, .moment: throw EncodingError("bounds of an interval")
        }
    }
}

extension BlockReader {
    /// Eight little-endian bytes, at any position.
    mutating func readWord() throws(EncodingError) -> UInt64 {
        var word: UInt64 = 0
        for byte in 0..<8 { word |= UInt64(try readByte()) << UInt64(byte * 8) }
        return word
    }
}
