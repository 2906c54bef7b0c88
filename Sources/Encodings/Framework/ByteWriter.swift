import CKernels

/// The bytes of a block while it is built; positions count from the block's start, which lies on a multiple of 64 in the file.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Names of the encodings written, nested, such as `scaled(packed)`.
    package var trace = EncodingTrace()
    var trail = PlanTrail()
    /// How the nodes at the top were encoded.
    package var plans: [EncodingPlan] { trail.roots }

    package init() {}

    /// Makes room for so many bytes in all.
    package mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
        // Asked for where the memory is the thread's first of this heap.
        unsafe bytes.withUnsafeBufferPointer { unsafe ck_use_large_pages($0.baseAddress) }
    }

    package mutating func append(_ byte: UInt8) { bytes.append(byte) }

    package mutating func append(contentsOf slice: some Collection<UInt8>) { bytes.append(contentsOf: slice) }

    /// Seven bits a byte, lowest first, the high bit set on all but the last (LEB128).
    package mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    package mutating func appendVarint(_ value: Int) { appendVarint(UInt64(value)) }

    /// Zigzag: 0, -1, 1, -2 … become 0, 1, 2, 3 ….
    package mutating func appendSigned(_ value: Int64) {
        appendVarint(UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)))
    }

    package mutating func append(littleEndian value: UInt64) { append(littleEndian: value, byteCount: 8) }
    package mutating func append(littleEndian value: UInt32) { append(littleEndian: UInt64(value), byteCount: 4) }

    /// Zero bytes up to a multiple of `size`.
    package mutating func align(to size: Int) {
        while bytes.count % size != 0 { bytes.append(0) }
    }

    /// Aligns to 8, then little-endian words.
    package mutating func append(words: [UInt64]) {
        align(to: 8)
        bytes.reserveCapacity(bytes.count + words.count * 8)
        // Reads the array's own bytes; the machine is little-endian (checked in `BlockReader`).
        unsafe words.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func append(littleEndian value: UInt64, byteCount: Int) {
        for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(index * 8))) }
    }
}
