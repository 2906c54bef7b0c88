import Glibc

/// Turns GB18030 or UTF-16 into UTF-8 piece by piece.
///
/// Bytes that stand for no character become the byte 0xFF, which no UTF-8 has, so that the row they are in is rejected
/// later and never silently altered.
@safe
final class Transcoder {
    static let replacement: UInt8 = 0xFF
    private let descriptor: iconv_t
    /// Bytes to leave out after a malformed place: one code unit.
    private let unitSize: Int

    init(path: String, from encoding: TextEncoding) throws(CSVError) {
        unitSize = encoding == .gb18030 ? 1 : 2
        let opened = unsafe iconv_open("UTF-8", encoding.rawValue)
        guard Int(bitPattern: opened) != -1, let opened = unsafe opened else {
            throw .cannotRead(
                path: path, byteOffset: 0, systemMessage: "the system's iconv does not know \(encoding.rawValue)")
        }
        unsafe descriptor = opened
    }

    deinit { unsafe _ = iconv_close(descriptor) }

    /// Converts from the front of `source` to the front of `destination`.
    ///
    /// Stops when the destination is full or the source is used up; an incomplete character at the end of the source is
    /// left unless `isLast`.
    /// - Precondition: `destination.count >= 8`.
    func convert(
        _ source: ArraySlice<UInt8>, isLast: Bool, into destination: UnsafeMutableRawBufferPointer
    ) -> (consumed: Int, produced: Int) {
        unsafe source.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return (0, 0) }
            // iconv advances both pointers within the counts given to it.
            var input: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutablePointer(
                mutating: start.assumingMemoryBound(to: CChar.self))
            var inputLeft = bytes.count
            var output: UnsafeMutablePointer<CChar>? = unsafe destination.baseAddress!.assumingMemoryBound(
                to: CChar.self)
            var outputLeft = destination.count
            while inputLeft > 0 {
                let result = unsafe iconv(descriptor, &input, &inputLeft, &output, &outputLeft)
                if result != -1 { break }
                let code = errno
                if code == E2BIG { break }
                if code == EINVAL, !isLast { break }
                guard outputLeft > 0 else { break }
                // A malformed place, or an incomplete character at the very end.
                unsafe output!.pointee = CChar(bitPattern: Transcoder.replacement)
                unsafe output! += 1
                outputLeft -= 1
                let skipped = min(unitSize, inputLeft)
                unsafe input! += skipped
                inputLeft -= skipped
            }
            return (bytes.count - inputLeft, destination.count - outputLeft)
        }
    }
}
