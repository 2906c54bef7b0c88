import Glibc

/// A file being written, closed when it goes.
struct OutputFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws(GeneratorError) {
        // open copies the path; the descriptor is owned here alone.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotCreate(path: path, errorNumber: errno) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { _ = close(descriptor) }

    func write(_ bytes: Span<UInt8>) throws(GeneratorError) {
        var offset = 0
        while offset < bytes.count {
            // The span outlives the call and offset stays below its count.
            let written = unsafe bytes.withUnsafeBytes { memory in
                unsafe Glibc.write(descriptor, memory.baseAddress.unsafelyUnwrapped + offset, memory.count - offset)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw .cannotWrite(path: path, errorNumber: errno)
            }
            offset += written
        }
    }

    func write(_ text: String) throws(GeneratorError) { try write(Array(text.utf8).span) }
}
