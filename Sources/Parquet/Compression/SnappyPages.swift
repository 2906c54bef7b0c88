import CSnappy

/// The snappy library. The only importer of `CSnappy` here.
enum SnappyPages {
    static func pack(_ bytes: [UInt8]) -> [UInt8] {
        let bound = snappy_max_compressed_length(bytes.count)
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            // snappy reads `bytes` and writes at most `written` bytes, both given with their sizes.
            var written = bound
            let status = unsafe bytes.withUnsafeBytes { source in
                unsafe snappy_compress(
                    source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count,
                    UnsafeMutableRawPointer(target.baseAddress!).assumingMemoryBound(to: CChar.self), &written)
            }
            precondition(status == SNAPPY_OK, "Compression into a buffer of the bound's size cannot fail.")
            count = written
        }
    }

    /// nil if the bytes are damaged or not exactly of that size.
    static func unpack(_ bytes: [UInt8], _ range: Range<Int>, size: Int) -> [UInt8]? {
        var isSound = false
        let result = unsafe [UInt8](unsafeUninitializedCapacity: size + PagePacking.padding) { target, count in
            // The range lies in `bytes`; snappy is told how much it may write, and says first how much it would.
            unsafe bytes.withUnsafeBytes { all in
                let source = unsafe all.baseAddress?.advanced(by: range.lowerBound).assumingMemoryBound(to: CChar.self)
                var promised = 0
                guard unsafe snappy_uncompressed_length(source, range.count, &promised) == SNAPPY_OK, promised == size else {
                    return
                }
                var written = size
                let room = UnsafeMutableRawPointer(target.baseAddress!)
                let status = unsafe snappy_uncompress(
                    source, range.count, room.assumingMemoryBound(to: CChar.self), &written)
                guard status == SNAPPY_OK, written == size else { return }
                unsafe (room + size).initializeMemory(as: UInt8.self, repeating: 0, count: PagePacking.padding)
                isSound = true
                count = size + PagePacking.padding
            }
        }
        return isSound ? result : nil
    }
}
