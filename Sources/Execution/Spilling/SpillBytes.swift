/// Arrays as bytes and back.
enum SpillBytes {
    /// The memory of the items.
    static func put<T: BitwiseCopyable>(_ items: [T], _ bytes: inout [UInt8]) {
        // The items outlive the copy.
        unsafe items.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    /// The smallest item and the width of what lies above it (0, 1, 2, 4 or 8 bytes), then what each item is above it.
    @inline(__always)
    static func put<T: FixedWidthInteger & BitwiseCopyable & Sendable>(integers items: [T], _ rows: Range<Int>, _ bytes: inout [UInt8]) {
        var low = Int64.max
        var high = Int64.min
        for row in rows {
            let value = Int64(truncatingIfNeeded: items[row])
            low = min(low, value)
            high = max(high, value)
        }
        let range = low <= high ? UInt64(bitPattern: high &- low) : 0
        let base = UInt64(bitPattern: low)
        put([base], &bytes)
        let count = rows.count
        let first = rows.lowerBound
        func above(_ index: Int) -> UInt64 { UInt64(truncatingIfNeeded: items[first &+ index]) &- base }
        switch range {
        case 0: bytes.append(0)
        case 1...0xFF:
            bytes.append(1)
            put([UInt8](capacity: count) { output in for index in 0..<count { output.append(UInt8(truncatingIfNeeded: above(index))) } }, &bytes)
        case 0x100...0xFFFF:
            bytes.append(2)
            put([UInt16](capacity: count) { output in for index in 0..<count { output.append(UInt16(truncatingIfNeeded: above(index))) } }, &bytes)
        case 0x1_0000...0xFFFF_FFFF:
            bytes.append(4)
            put([UInt32](capacity: count) { output in for index in 0..<count { output.append(UInt32(truncatingIfNeeded: above(index))) } }, &bytes)
        default:
            bytes.append(8)
            put([UInt64](capacity: count) { output in for index in 0..<count { output.append(above(index)) } }, &bytes)
        }
    }

    static func put(strings: [ArraySlice<UInt8>], _ bytes: inout [UInt8]) {
        put(integers: strings.map { Int64($0.count) }, 0..<strings.count, &bytes)
        for string in strings { bytes.append(contentsOf: string) }
    }
}

/// Reads what `SpillBytes` wrote; nil where there are too few bytes.
struct SpillByteReader: ~Copyable {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8], at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take<T: BitwiseCopyable>(_ count: Int, of filler: T) -> [T]? {
        let size = count * MemoryLayout<T>.stride
        guard count >= 0, size <= bytes.count - position else { return nil }
        var items = [T](repeating: filler, count: count)
        let start = position
        // Both pieces of memory have `size` bytes there.
        unsafe items.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<(start + size)]))
            }
        }
        position += size
        return items
    }

    mutating func byte() -> UInt8? { take(1, of: UInt8(0))?[0] }

    @inline(__always)
    mutating func integers<T: FixedWidthInteger & Sendable>(_ count: Int, as type: T.Type) -> [T]? {
        guard let base = take(1, of: UInt64(0))?[0], let width = byte() else { return nil }
        switch width {
        case 0: return [T](repeating: T(truncatingIfNeeded: base), count: count)
        case 1: return take(count, of: UInt8(0)).map { mapRows($0, filler: 0) { T(truncatingIfNeeded: base &+ UInt64($0)) } }
        case 2: return take(count, of: UInt16(0)).map { mapRows($0, filler: 0) { T(truncatingIfNeeded: base &+ UInt64($0)) } }
        case 4: return take(count, of: UInt32(0)).map { mapRows($0, filler: 0) { T(truncatingIfNeeded: base &+ UInt64($0)) } }
        case 8: return take(count, of: UInt64(0)).map { mapRows($0, filler: 0) { T(truncatingIfNeeded: base &+ $0) } }
        default: return nil
        }
    }
}
