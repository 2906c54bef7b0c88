/// Packs numbers of a fixed width, lowest bits first.
struct BitPacker {
    private var words: [UInt64] = []
    private var word: UInt64 = 0
    private var filled: UInt64 = 0

    /// - Precondition: `value` has at most `bitWidth` bits, 1 to 64.
    @inline(__always)
    mutating func append(_ value: UInt64, bitWidth: UInt64) {
        word |= value &<< filled
        let next = filled &+ bitWidth
        if next < 64 {
            filled = next
            return
        }
        words.append(word)
        word = filled == 0 ? 0 : value &>> (64 &- filled)
        filled = next &- 64
    }

    /// Puts what was packed onto `output`, the last byte filled with zeros, and starts anew.
    mutating func flush(onto output: inout [UInt8]) {
        let size = words.count * 8 + Int(filled + 7) / 8
        if filled > 0 { words.append(word) }
        // Words lie in memory as the format has them on a little-endian processor; size is at most that of all words.
        unsafe words.withUnsafeBytes { unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<size])) }
        words.removeAll(keepingCapacity: true)
        word = 0
        filled = 0
    }
}
