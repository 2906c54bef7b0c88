import CZlib

/// Packs bytes as raw deflate data, a piece at a time.
@safe
final class DeflatePacker {
    private static let pieceSize = 64 << 10
    /// Twice as fast as the usual level, and a tenth larger on sheets.
    private static let level: Int32 = 3
    /// zlib keeps a pointer back to the stream, so that it must stay at one address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var packed: [UInt8]
    private(set) var checksum: UInt32 = 0
    private(set) var sourceSize = 0

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        packed = [UInt8](repeating: 0, count: DeflatePacker.pieceSize)
        // A negative window size: no header, no trailer.
        let status = unsafe deflateInit2_(
            stream, DeflatePacker.level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot start")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Packs a piece onto `output`; with `isLast` the stream is complete.
    func pack(_ bytes: [UInt8], isLast: Bool, onto output: inout [UInt8]) {
        sourceSize += bytes.count
        var source = bytes
        // Both pointers are used within the calls that lend them, and their counts are those of the arrays.
        unsafe source.withUnsafeMutableBufferPointer { input in
            checksum = UInt32(truncatingIfNeeded: unsafe crc32(UInt(checksum), input.baseAddress, UInt32(input.count)))
            unsafe stream.pointee.next_in = input.baseAddress
            unsafe stream.pointee.avail_in = UInt32(input.count)
            var status = Z_OK
            repeat {
                let count = unsafe packed.withUnsafeMutableBufferPointer { room in
                    unsafe stream.pointee.next_out = room.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(room.count)
                    status = unsafe deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    return unsafe room.count - Int(stream.pointee.avail_out)
                }
                output.append(contentsOf: packed[..<count])
            } while unsafe stream.pointee.avail_out == 0 || (isLast && status == Z_OK)
        }
    }
}

/// Unpacks raw deflate data of known size.
enum DeflateUnpacker {
    /// The unpacked bytes with their CRC-32; nil if the data is damaged or not exactly of that size.
    static func unpack(_ packed: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        var stream = unsafe z_stream()
        guard unsafe inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { unsafe _ = inflateEnd(&stream) }
        // One byte more than promised: data that goes on is found out without being unpacked.
        var output = [UInt8](repeating: 0, count: size + 1)
        var source = Array(packed)
        // Both pointers are used within the calls that lend them, and their counts are those of the arrays.
        let status = unsafe source.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { room in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = room.baseAddress
                unsafe stream.avail_out = UInt32(room.count)
                return unsafe inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, (unsafe Int(stream.total_out)) == size else { return nil }
        output.removeLast()
        return output
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        // The count is that of the array.
        unsafe bytes.withUnsafeBufferPointer {
            UInt32(truncatingIfNeeded: unsafe crc32(0, $0.baseAddress, UInt32($0.count)))
        }
    }
}
