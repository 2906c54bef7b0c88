import Crypto
import Diagnostics
import Glibc
import Storage
import Synchronization

/// Tells a source file from others by its bytes as they pass by: XXH3 always, SHA-256 too if asked for (it takes a third as
/// long as the whole load).
final class SourceDigest: Sendable {
    private struct State: ~Copyable {
        var hash = StreamHash()
        var sha256: SHA256?
    }

    private let state: Mutex<State>

    init(withSHA256: Bool = false) { state = Mutex(State(sha256: withSHA256 ? SHA256() : nil)) }

    func update(_ bytes: RawSpan) {
        state.withLock { state in
            state.hash.update(bytes)
            if state.sha256 != nil { unsafe bytes.withUnsafeBytes { unsafe state.sha256?.update(bufferPointer: $0) } }
        }
    }

    /// The hash by which the store knows the file, its SHA-256 if it was asked for, and the number of bytes.
    func finish() -> Digests {
        state.withLock { state in
            Digests(
                hash: state.hash.text, sha256: state.sha256.map { Checksum.hexadecimal($0.finalize()) },
                size: state.hash.byteCount)
        }
    }

    struct Digests {
        var hash: String
        var sha256: String?
        /// Bytes.
        var size: Int
        /// What the file's folders add to a hash; see `FolderValue.hashSuffix`.
        var suffix = ""

        /// What a batch of these bytes may have as its hash.
        var hashes: [String] { ([hash] + (sha256.map { [BatchSummary.sha256Prefix + $0] } ?? [])).map { $0 + suffix } }
    }

    /// The digests of a whole file, nil if it is no regular file that can be read.
    static func ofFile(_ path: String, withSHA256: Bool) -> Digests? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let digest = SourceDigest(withSHA256: withSHA256)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { return nil }
            guard count > 0 else { return digest.finish() }
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
