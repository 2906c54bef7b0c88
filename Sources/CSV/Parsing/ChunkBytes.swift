import CKernels
import Columns
import Glibc

/// The bytes of a chunk, or of scratch memory, as kernels read them: without bounds checks in release builds.
///
/// Bounds: every offset comes from the structural scan of the same memory, which yields offsets below `count`.
/// Word loads may touch up to 16 bytes before and after a field; the memory has 64 bytes of padding on both sides.
@safe
struct ChunkBytes {
    private let base: UnsafePointer<UInt8>
    let count: Int

    init(base: UnsafePointer<UInt8>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    var pointer: UnsafePointer<UInt8> { unsafe base }

    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < count)
        return unsafe base[offset]
    }

    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        assert(offset >= -8 && offset < count + 16)
        return unsafe UInt64(littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    func halfWord(at offset: Int) -> UInt16 {
        assert(offset >= -8 && offset < count + 16)
        return unsafe UInt16(littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt16.self))
    }

    /// Whether `length` bytes at two places are equal.
    @inline(__always)
    func isEqual(_ left: Int, _ right: Int, length: Int) -> Bool {
        unsafe memcmp(base + left, base + right, length) == 0
    }

    /// Whether `length` bytes, of which there are 16 or more, are those at `other`, given that the first 16 are.
    @inline(__always)
    func isTailEqual(_ left: Int, _ other: UnsafePointer<UInt8>, length: Int) -> Bool {
        // Every word lies within the `length` bytes; the last one may overlap the one before.
        var position = 16
        while position &+ 8 < length {
            if unsafe word(at: left &+ position) != ChunkBytes.word(other + position) { return false }
            position &+= 8
        }
        return unsafe word(at: left &+ length &- 8) == ChunkBytes.word(other + (length &- 8))
    }

    @inline(__always)
    private static func word(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
        unsafe UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
    }

    /// A copy of a range; never on the path of every row.
    func copy(_ range: Range<Int>) -> [UInt8] {
        unsafe Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Appends a range as a string.
    func append(_ range: Range<Int>, to strings: inout StringColumn) {
        unsafe strings.bytes.append(contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
        strings.offsets.append(UInt32(truncatingIfNeeded: strings.bytes.count))
    }

    func lineFeedCount(_ range: Range<Int>) -> Int {
        unsafe ck_count_byte(base + range.lowerBound, range.count, 0x0A)
    }

    /// Offset of the next line feed at or after `offset`, or `count`.
    func lineEnd(from offset: Int) -> Int {
        var position = offset
        while position < count, self[position] != 0x0A { position += 1 }
        return position
    }
}
