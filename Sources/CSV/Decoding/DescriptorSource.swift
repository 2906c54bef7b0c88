import Glibc

/// Reads a file descriptor front to back.
@safe
final class DescriptorSource: ByteSource {
    private let path: String
    private let descriptor: Int32
    private let observer: ByteObserver?
    /// Bytes read ahead by `peek`.
    private var peeked: [UInt8] = []
    private(set) var diskByteCount = 0
    /// Where pages of the cache would only be in the way.
    private let ahead: ReadAhead?

    /// - Parameters:
    ///   - name: What messages call the input.
    ///   - head: Its first bytes, which somebody has read already.
    ///   - leavesNoPages: Whether a file that lies on disk alone is read past the system's page cache.
    init(path: String, name: String, head: [UInt8] = [], leavesNoPages: Bool = false, observer: ByteObserver?) throws(CSVError) {
        self.path = name
        self.observer = observer
        peeked = head
        diskByteCount = head.count
        // The array outlives the call.
        if !head.isEmpty { unsafe observer?(head.span.bytes) }
        guard path != "-" else {
            descriptor = STDIN_FILENO
            ahead = nil
            return
        }
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .noSuchFile(path: name)
            case EACCES, EPERM: throw .permissionDenied(path: name)
            default: throw .cannotRead(path: name, byteOffset: 0, systemMessage: systemMessage(errno))
            }
        }
        ahead = leavesNoPages ? ReadAhead(descriptor) : nil
        if ahead == nil { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
    }

    deinit {
        ahead?.stop()
        if descriptor > STDIN_FILENO { close(descriptor) }
    }

    /// The first bytes of the input, fewer only if it is shorter; they are read again afterwards.
    func peek(count: Int) throws(CSVError) -> ArraySlice<UInt8> {
        var buffer = peeked + [UInt8](repeating: 0, count: max(0, count - peeked.count))
        var filled = peeked.count
        while filled < count {
            var received = 0
            var failure: CSVError?
            unsafe buffer.withUnsafeMutableBytes { bytes in
                do throws(CSVError) {
                    received = unsafe try readDirectly(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            if received == 0 { break }
            filled += received
        }
        peeked = Array(buffer.prefix(filled))
        return peeked[...]
    }

    func read(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
        guard !peeked.isEmpty else { return unsafe try readDirectly(into: destination) }
        let count = min(peeked.count, destination.count)
        // `count` is within both buffers.
        unsafe peeked.withUnsafeBytes {
            unsafe destination.baseAddress!.copyMemory(from: $0.baseAddress!, byteCount: count)
        }
        peeked.removeFirst(count)
        return count
    }

    /// Bytes read at once: few enough to be still in the processor's cache when the observer sees them.
    private static let pieceSize = 256 << 10

    private func readDirectly(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
        let wanted = min(destination.count, DescriptorSource.pieceSize)
        while true {
            let received =
                unsafe ahead?.read(into: destination.baseAddress!, count: wanted)
                ?? Glibc.read(descriptor, destination.baseAddress!, wanted)
            if received >= 0 {
                diskByteCount += received
                if received > 0, let observer {
                    observer(
                        unsafe RawSpan(
                            _unsafeBytes: UnsafeRawBufferPointer(start: destination.baseAddress!, count: received)))
                }
                return received
            }
            switch errno {
            case EINTR: continue
            case EISDIR: throw .isDirectory(path: path)
            default:
                throw .cannotRead(path: path, byteOffset: diskByteCount, systemMessage: systemMessage(errno))
            }
        }
    }
}

private func systemMessage(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
}
