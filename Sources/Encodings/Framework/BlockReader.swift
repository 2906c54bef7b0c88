/// Reads a block's bytes from front to end; every step checks what is left, so damaged bytes throw and never trap.
package struct BlockReader: Sendable {
    /// The block as little-endian words, the last one filled up with zeros.
    package let words: [UInt64]
    package let byteCount: Int
    package private(set) var position = 0

    /// - Precondition: `words` holds at least `byteCount` bytes.
    package init(words: [UInt64], byteCount: Int) {
        precondition(words.count * 8 >= byteCount)
        precondition(UInt16(littleEndian: 1) == 1, "Blocks are read as they lie on disk, little-endian.")
        self.words = words
        self.byteCount = byteCount
    }

    package init(bytes: [UInt8]) {
        var words = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
        for (index, byte) in bytes.enumerated() { words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8) }
        self.init(words: words, byteCount: bytes.count)
    }

    package var remaining: Int { byteCount - position }

    package mutating func readByte() throws(EncodingError) -> UInt8 {
        guard position < byteCount else {
            throw EncodingError("the block ends at byte \(byteCount), in the middle of a value")
        }
        let byte = UInt8(truncatingIfNeeded: words[position >> 3] >> UInt64((position & 7) * 8))
        position += 1
        return byte
    }

    /// Whether the next byte is this one.
    func isNext(_ byte: UInt8) -> Bool {
        position < byteCount && UInt8(truncatingIfNeeded: words[position >> 3] >> UInt64((position & 7) * 8)) == byte
    }

    /// Steps over the next byte if it is this one; whether it was.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard isNext(byte) else { return false }
        position += 1
        return true
    }

    package mutating func readVarint() throws(EncodingError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try readByte()
            if shift == 63, byte > 1 { throw EncodingError("a number before byte \(position) has more than 64 bits") }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }

    package mutating func readSigned() throws(EncodingError) -> Int64 {
        let value = try readVarint()
        return Int64(bitPattern: value >> 1) ^ (0 &- Int64(bitPattern: value & 1))
    }

    /// A count that may not exceed `limit`, so that nothing large is allocated for damaged bytes.
    package mutating func readCount(upTo limit: Int) throws(EncodingError) -> Int {
        let value = try readVarint()
        guard value <= UInt64(limit) else {
            throw EncodingError("a count of \(value) before byte \(position), at most \(limit) expected")
        }
        return Int(value)
    }

    /// Aligns to 8 and steps over `count` words; returns the index of the first in `words`.
    package mutating func skipWords(_ count: Int) throws(EncodingError) -> Int {
        let start = (position + 7) & ~7
        guard count >= 0, start <= byteCount, count <= (byteCount - start) / 8 else {
            throw EncodingError("\(count) words expected at byte \(start), the block ends at byte \(byteCount)")
        }
        position = start + count * 8
        return start / 8
    }

    package mutating func readBytes(_ count: Int) throws(EncodingError) -> [UInt8] {
        guard count >= 0, count <= remaining else {
            throw EncodingError("\(count) bytes expected at byte \(position), the block ends at byte \(byteCount)")
        }
        let start = position
        position += count
        // Bounds: start + count was checked against `byteCount`, and `words` holds as many bytes.
        return unsafe words.withUnsafeBytes { unsafe Array($0[start..<(start + count)]) }
    }
}
