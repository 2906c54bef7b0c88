import Columns

/// A bound of the footer as a value.
enum BoundValue {
    static func scalar(_ bytes: [UInt8], _ column: ParquetColumn) -> ScalarValue? {
        func integer() -> Int64? {
            switch (column.physicalType, bytes.count) {
            case (.int32, 4): return Int64(Int32(bitPattern: LittleEndian.uint32(bytes, 0)))
            case (.int64, 8): return Int64(bitPattern: bits())
            default: return nil
            }
        }
        func bits() -> UInt64 { UInt64(LittleEndian.uint32(bytes, 0)) | UInt64(LittleEndian.uint32(bytes, 4)) << 32 }
        switch column.conversion {
        case .boolean: return bytes.count == 1 ? .boolean(bytes[0] != 0) : nil
        case .integer(let isUnsigned): return isUnsigned ? nil : integer().map { .integer($0) }
        case .date: return integer().map { .date(Int32(truncatingIfNeeded: $0)) }
        case .timestamp(let unit):
            return integer().flatMap { try? TimeUnits.microseconds($0, unit) }.map { .timestamp($0) }
        case .decimal:
            let scale = column.type.scale ?? 0
            if column.physicalType == .int32 || column.physicalType == .int64 {
                return integer().map { .numeric(unscaled: Int128($0), scale: scale) }
            }
            guard (1...16).contains(bytes.count) else { return nil }
            return .numeric(unscaled: FixedValues.bigEndian(bytes, 0, bytes.count), scale: scale)
        case .double:
            let value: Double
            switch (column.physicalType, bytes.count) {
            case (.float, 4): value = Double(Float(bitPattern: LittleEndian.uint32(bytes, 0)))
            case (.double, 8): value = Double(bitPattern: bits())
            default: return nil
            }
            return value.isNaN ? nil : .double(value)
        case .text: return String(validating: bytes, as: UTF8.self).map { .text($0) }
        case .unsigned64, .legacyTime, .uuid, .none: return nil
        }
    }
}
