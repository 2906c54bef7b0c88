import CZlib

/// gzip pages and the checksums of pages. The only importer of `CZlib` here.
enum ZlibPages {
    private static let level: Int32 = 6
    /// Fifteen bits of window with gzip's head; reading takes zlib's head as well.
    private static let gzipWindow: Int32 = 15 + 16
    private static let anyWindow: Int32 = 15 + 32

    /// CRC-32 of a range of bytes.
    static func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
        // The range lies in the buffer, and is handed over in pieces that fit zlib's count.
        unsafe bytes.withUnsafeBufferPointer { all in
            var sum = UInt(0)
            var start = range.lowerBound
            while start < range.upperBound {
                let count = min(range.upperBound - start, 1 << 30)
                sum = unsafe crc32(sum, all.baseAddress! + start, UInt32(count))
                start += count
            }
            return UInt32(truncatingIfNeeded: sum)
        }
    }

    static func pack(_ bytes: [UInt8]) -> [UInt8] {
        var stream = unsafe z_stream()
        let started = unsafe deflateInit2_(
            &stream, level, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(started == Z_OK, "zlib cannot start")
        defer { unsafe _ = deflateEnd(&stream) }
        let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
        var source = bytes
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            // Both pointers are used within the call, and their counts are those of the buffers.
            let status = unsafe source.withUnsafeMutableBufferPointer { input in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = target.baseAddress
                unsafe stream.avail_out = UInt32(bound)
                return unsafe deflate(&stream, Z_FINISH)
            }
            precondition(status == Z_STREAM_END, "Compression into a buffer of the bound's size cannot fail.")
            count = unsafe Int(stream.total_out)
        }
    }

    /// nil if the bytes are damaged or not exactly of that size; several members may follow each other.
    static func unpack(_ bytes: [UInt8], _ range: Range<Int>, size: Int) -> [UInt8]? {
        // No deflate data gives more than 1032 bytes for one.
        guard size <= range.count &* 1032 + 64 else { return nil }
        var stream = unsafe z_stream()
        guard unsafe inflateInit2_(&stream, anyWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { unsafe _ = inflateEnd(&stream) }
        var source = Array(bytes[range])
        // One byte more than promised: data that goes on is found out.
        var output = [UInt8](repeating: 0, count: size + PagePacking.padding)
        let isSound = unsafe source.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { room in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = room.baseAddress
                unsafe stream.avail_out = UInt32(size + 1)
                while true {
                    guard unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END else { return false }
                    if unsafe stream.avail_in == 0 { return unsafe stream.avail_out == 1 }
                    guard unsafe inflateReset(&stream) == Z_OK else { return false }
                }
            }
        }
        return isSound ? output : nil
    }
}
