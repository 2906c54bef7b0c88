import CZlib

/// Unpacks gzip data of one or several members.
@safe
final class GzipSource: ByteSource {
    private static let inputSize = 256 << 10
    private let path: String
    private let input: DescriptorSource
    /// zlib keeps a pointer back to the stream, so that it must stay at one address.
    private let stream: UnsafeMutablePointer<z_stream>
    private let packed: UnsafeMutablePointer<UInt8>
    private var isAtMemberStart = true
    private var isFinished = false

    init(path: String, input: DescriptorSource) throws(CSVError) {
        self.path = path
        self.input = input
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        unsafe packed = .allocate(capacity: GzipSource.inputSize)
        // 15 bits of window, plus 16: a gzip header is expected.
        guard unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .cannotRead(path: path, byteOffset: 0, systemMessage: "zlib cannot start")
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
        unsafe packed.deallocate()
    }

    var diskByteCount: Int { input.diskByteCount }

    func read(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
        let wanted = min(destination.count, Int(UInt32.max))
        unsafe stream.pointee.next_out = destination.baseAddress!.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = UInt32(wanted)
        while !isFinished, unsafe Int(stream.pointee.avail_out) == wanted {
            if unsafe stream.pointee.avail_in == 0 { try refill() }
            if isFinished { break }
            if isAtMemberStart, try skipPadding() { continue }
            isAtMemberStart = false
            let status = unsafe inflate(stream, Z_NO_FLUSH)
            switch status {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END:
                unsafe inflateReset(stream)
                isAtMemberStart = true
            default:
                let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib error \(status)"
                throw damaged(message)
            }
        }
        return wanted - (unsafe Int(stream.pointee.avail_out))
    }

    /// Reads more packed bytes; the input may end only between two members.
    private func refill() throws(CSVError) {
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: packed, count: GzipSource.inputSize)
        let received = unsafe try input.read(into: buffer)
        unsafe stream.pointee.next_in = packed
        unsafe stream.pointee.avail_in = UInt32(received)
        if received == 0 {
            guard isAtMemberStart else { throw damaged("the data ends too early") }
            isFinished = true
        }
    }

    /// Zeros after a member are padding, as on tapes; returns whether some were skipped.
    private func skipPadding() throws(CSVError) -> Bool {
        var skipped = false
        while unsafe stream.pointee.avail_in > 0, unsafe stream.pointee.next_in.pointee == 0 {
            unsafe stream.pointee.next_in += 1
            unsafe stream.pointee.avail_in -= 1
            skipped = true
        }
        return skipped
    }

    private func damaged(_ detail: String) -> CSVError {
        let offset = unsafe input.diskByteCount - Int(stream.pointee.avail_in)
        return .damagedCompression(path: path, format: "gzip", byteOffset: offset, detail: detail)
    }
}
