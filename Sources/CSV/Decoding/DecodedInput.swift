import CKernels

/// The input as UTF-8 text: unpacked, without its byte order mark, converted if it is in another encoding.
///
/// The rule: byte order mark, else strict UTF-8, else GB18030. ASCII bytes are the same in both of the latter, so
/// that the decision waits for the first other byte, however late it comes.
final class DecodedInput {
    private let path: String
    private let source: any ByteSource
    /// nil while every byte was ASCII.
    private(set) var encoding: TextEncoding?
    private var transcoder: Transcoder?
    /// Raw bytes read ahead and not handed out yet: `pending[pendingStart...]`.
    private var pending: [UInt8] = []
    private var pendingStart = 0
    /// Bytes at the front of those that are the same in any encoding that is still possible.
    private var undecidedCount = 0
    private var isSourceOver = false
    private static let pieceSize = 256 << 10

    init(path: String, source: any ByteSource, encoding chosen: TextEncoding?) throws(CSVError) {
        self.path = path
        self.source = source
        try readAhead(upTo: 4)
        try decide(chosen: chosen)
    }

    var diskByteCount: Int { source.diskByteCount }

    /// Fills the front of `destination` with UTF-8 and returns how many bytes; 0 only at the end.
    ///
    /// - Precondition: `destination.count >= 8`.
    func read(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
        if let transcoder { return unsafe try readTranscoded(transcoder, into: destination) }
        if undecidedCount > 0 {
            // That many are pending.
            let count = unsafe try readRaw(into: UnsafeMutableRawBufferPointer(rebasing: destination[..<min(undecidedCount, destination.count)]))
            undecidedCount -= count
            return count
        }
        let count = unsafe try readRaw(into: destination)
        guard encoding == nil else { return count }
        let plain = unsafe ck_first_non_ascii(
            destination.baseAddress!.assumingMemoryBound(to: UInt8.self), count)
        if plain == count { return count }
        // The rest of this piece goes back; the window is the same however the pieces fell.
        let ahead = pending[pendingStart...]
        pending = []
        // Room for the window and the piece that fills it, so that it does not move as it grows.
        pending.reserveCapacity(EncodingDetection.windowSize + 1 + DecodedInput.pieceSize + ahead.count)
        // plain..<count was read.
        unsafe pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(destination)[plain..<count]))
        pending.append(contentsOf: ahead)
        pendingStart = 0
        // One byte more than the window tells whether the input goes on after it.
        try readAhead(upTo: EncodingDetection.windowSize + 1)
        let bytes = pending
        let found = EncodingDetection.encoding(
            ofWindow: bytes.span.extracting(first: EncodingDetection.windowSize),
            isWholeRest: bytes.count <= EncodingDetection.windowSize)
        if let found { try use(found) } else { undecidedCount = EncodingDetection.windowSize - EncodingDetection.tailSize }
        return plain > 0 ? plain : unsafe try read(into: destination)
    }

    private func decide(chosen: TextEncoding?) throws(CSVError) {
        let marks: [(bytes: [UInt8], encoding: TextEncoding)] = [
            ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
            ([0x84, 0x31, 0x95, 0x33], .gb18030),
        ]
        for mark in marks where pending.starts(with: mark.bytes) && (chosen == nil || chosen == mark.encoding) {
            pendingStart = mark.bytes.count
            return try use(mark.encoding)
        }
        // "utf-16" without an order means whatever the mark says.
        if chosen == .utf16LittleEndian, pending.starts(with: [0xFE, 0xFF]) {
            pendingStart = 2
            return try use(.utf16BigEndian)
        }
        if let chosen { try use(chosen) }
    }

    private func use(_ encoding: TextEncoding) throws(CSVError) {
        self.encoding = encoding
        if encoding != .utf8 { transcoder = try Transcoder(path: path, from: encoding) }
    }

    private func readRaw(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
        let available = pending.count - pendingStart
        guard available > 0 else { return isSourceOver ? 0 : unsafe try source.read(into: destination) }
        let count = min(available, destination.count)
        // `count` bytes lie within both.
        unsafe pending.withUnsafeBytes {
            unsafe destination.baseAddress!.copyMemory(from: $0.baseAddress! + pendingStart, byteCount: count)
        }
        pendingStart += count
        if pendingStart == pending.count {
            pending = []
            pendingStart = 0
        }
        return count
    }

    private func readTranscoded(
        _ transcoder: Transcoder, into destination: UnsafeMutableRawBufferPointer
    ) throws(CSVError) -> Int {
        while true {
            let (consumed, produced) = unsafe transcoder.convert(
                pending[pendingStart...], isLast: isSourceOver, into: destination)
            pendingStart += consumed
            if produced > 0 { return produced }
            if isSourceOver { return 0 }
            try readAhead(upTo: pending.count - pendingStart + 1)
        }
    }

    /// Reads until `count` raw bytes are pending, or the source is over.
    private func readAhead(upTo count: Int) throws(CSVError) {
        if pendingStart > 0 {
            pending.removeFirst(pendingStart)
            pendingStart = 0
        }
        let pieceSize = DecodedInput.pieceSize
        while pending.count < count, !isSourceOver {
            let filled = pending.count
            pending.append(contentsOf: repeatElement(0, count: pieceSize))
            var received = 0
            var failure: CSVError?
            unsafe pending.withUnsafeMutableBytes { bytes in
                do throws(CSVError) {
                    received = unsafe try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
                } catch {
                    failure = error
                }
            }
            pending.removeLast(pieceSize - received)
            if let failure { throw failure }
            if received == 0 { isSourceOver = true }
        }
    }
}
