/// Numbers as bytes, the lowest first.
enum LittleEndian {
    static func bytes<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
        var rest = value
        return (0..<Number.bitWidth / 8).map { _ in
            defer { rest >>= 8 }
            return UInt8(truncatingIfNeeded: rest)
        }
    }

    /// Numbers one after the other, as they lie in the memory of a little-endian processor.
    static func packed<Number: FixedWidthInteger & BitwiseCopyable>(_ rows: ArraySlice<Number>) -> [UInt8] {
        // The bytes are copied within the closure.
        unsafe rows.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    static func uint32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
            | UInt32(bytes[offset + 3]) << 24
    }
}
