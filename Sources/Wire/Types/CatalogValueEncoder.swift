import NIOCore

/// Writes values of the catalogs as PostgreSQL sends them, length first.
enum CatalogValueEncoder {
    static func write(_ value: CatalogValue, as type: WireType, format: ValueFormat, to buffer: inout ByteBuffer) {
        guard let text = value.text else {
            buffer.writeInteger(Int32(-1))
            return
        }
        ValueEncoder.writeLengthPrefixed(to: &buffer) { buffer in
            if format == .text || !writeBinary(value, as: type, to: &buffer) { buffer.writeString(text) }
        }
    }

    /// False if the binary form is the text.
    private static func writeBinary(_ value: CatalogValue, as type: WireType, to buffer: inout ByteBuffer) -> Bool {
        if let element = type.element {
            let items = value.items ?? []
            buffer.writeInteger(Int32(items.isEmpty ? 0 : 1))
            buffer.writeInteger(Int32(items.contains { $0.isNull } ? 1 : 0))
            buffer.writeInteger(element.oid)
            guard !items.isEmpty else { return true }
            buffer.writeInteger(Int32(items.count))
            buffer.writeInteger(Int32(1))
            for item in items { write(item, as: element, format: .binary, to: &buffer) }
            return true
        }
        switch type.oid {
        case WireType.boolean.oid: buffer.writeInteger(value.boolean == true ? UInt8(1) : 0)
        case WireType.smallint.oid: buffer.writeInteger(Int16(truncatingIfNeeded: value.integer ?? 0))
        case WireType.integer.oid: buffer.writeInteger(Int32(truncatingIfNeeded: value.integer ?? 0))
        case WireType.objectID.oid: buffer.writeInteger(UInt32(truncatingIfNeeded: value.integer ?? 0))
        case WireType.bigint.oid: buffer.writeInteger(value.integer ?? 0)
        case WireType.real.oid: buffer.writeInteger(Float(value.integer ?? 0).bitPattern)
        case WireType.double.oid: buffer.writeInteger(Double(value.integer ?? 0).bitPattern)
        default: return false
        }
        return true
    }
}
