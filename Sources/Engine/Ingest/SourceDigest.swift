import Crypto
import Diagnostics
import Glibc
import Synchronization

/// SHA-256 over the bytes of a source file as they pass by.
final class SourceDigest: Sendable {
    private let state = Mutex<(hash: SHA256, size: Int)>((SHA256(), 0))

    func update(_ bytes: RawSpan) {
        state.withLock { state in
            unsafe bytes.withUnsafeBytes { unsafe state.hash.update(bufferPointer: $0) }
            state.size += bytes.byteCount
        }
    }

    /// 64 lower-case hexadecimal digits and the number of bytes.
    func finish() -> (sha256: String, size: Int) {
        state.withLock { state in
            let digits = Array("0123456789abcdef")
            var text = ""
            for byte in state.hash.finalize() {
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
            return (text, state.size)
        }
    }

    /// The digest of a whole file, nil if it is no regular file that can be read.
    static func ofFile(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let digest = SourceDigest()
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { return nil }
            guard count > 0 else { return digest.finish().sha256 }
            unsafe digest.update(piece.span.extracting(..<count).bytes)
        }
    }

    /// Whether there is such a file and this user may read it.
    static func isReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

    /// Size of a regular file, nil for anything else.
    static func sizeOfFile(_ path: String) -> Int? {
        var information = stat()
        guard unsafe stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(information.st_size)
    }
}
