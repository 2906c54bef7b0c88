import Columns
import Encodings

/// Column types as bytes in a segment and as text in a manifest.
enum TypeFormat {
    static func write(_ type: LogicalType, to writer: inout ByteWriter) {
        switch type {
        case .boolean: writer.append(1)
        case .integer: writer.append(2)
        case .bigint: writer.append(3)
        case .numeric(let precision, let scale):
            writer.append(4)
            writer.appendVarint(precision)
            writer.appendVarint(scale)
        case .double: writer.append(5)
        case .text, .unknown, .array: writer.append(6)
        case .date: writer.append(7)
        case .timestamp, .moment: writer.append(8)
        case .interval: writer.append(9)
        }
    }

    static func read(_ reader: inout BlockReader) throws(EncodingError) -> LogicalType {
        let code = try reader.readByte()
        switch code {
        case 1: return .boolean
        case 2: return .integer
        case 3: return .bigint
        case 4:
            let precision = try reader.readCount(upTo: LogicalType.maximumPrecision)
            return .numeric(precision: precision, scale: try reader.readCount(upTo: precision))
        case 5: return .double
        case 6: return .text
        case 7: return .date
        case 8: return .timestamp
        default: throw EncodingError("type \(code) is unknown")
        }
    }

    static func text(_ type: LogicalType) -> String { type == .unknown ? "text" : type.name }

    static func type(_ text: String) -> LogicalType? {
        switch text {
        case "boolean": return .boolean
        case "integer": return .integer
        case "bigint": return .bigint
        case "double precision": return .double
        case "text": return .text
        case "date": return .date
        case "timestamp": return .timestamp
        default: break
        }
        guard text.hasPrefix("numeric("), text.hasSuffix(")") else { return nil }
        let parts = text.dropFirst(8).dropLast().split(separator: ",").map { Int($0) }
        guard parts.count == 2, let precision = parts[0], let scale = parts[1] else { return nil }
        guard (1...LogicalType.maximumPrecision).contains(precision), (0...precision).contains(scale) else {
            return nil
        }
        return .numeric(precision: precision, scale: scale)
    }

    /// Whether such a column can be stored, and how its values lie in memory.
    static func isStorable(_ type: LogicalType) -> Bool { type != .interval }
}
