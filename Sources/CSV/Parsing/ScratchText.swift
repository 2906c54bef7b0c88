import CKernels

/// Room for a quoted field whose doubled quotes are made single.
@safe
final class ScratchText {
    private var memory: ChunkMemory?

    /// The content between the quotes: in place, or in scratch memory that is valid until the next call.
    func content(
        of bytes: ChunkBytes, _ start: Int, _ end: Int, quote: UInt8
    ) -> (bytes: ChunkBytes, start: Int, length: Int) {
        var position = start
        while position < end, bytes[position] != quote { position &+= 1 }
        if position == end { return (bytes, start, end - start) }
        if (memory?.capacity ?? 0) < end - start { memory = ChunkMemory(capacity: max(1024, (end - start) * 2)) }
        guard let target = memory else { return (bytes, start, 0) }
        var length = 0
        position = start
        while position < end {
            let byte = bytes[position]
            // length < end - start <= capacity.
            unsafe target.start[length] = byte
            length += 1
            position += byte == quote ? 2 : 1
        }
        return unsafe (ChunkBytes(base: UnsafePointer(target.start), count: length), 0, length)
    }
}
