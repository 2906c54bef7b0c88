import Diagnostics
import Glibc
import Synchronization
import Wire

/// The file that says who may connect to a server: of passwords, or of tokens.
///
/// It is looked at at every login and read again when it is another one than before: whoever takes a token out of it has taken
/// it back.
final class SecretFile: Sendable {
    /// Bytes of it.
    private static let sizeLimit = 1 << 20

    private let path: String
    private let kind: Credentials.Kind
    private let known = Mutex<(identity: Identity, credentials: Credentials)?>(nil)

    /// What tells one content of a file from another without reading it.
    private struct Identity: Equatable {
        var device: UInt
        var number: UInt
        var size: Int
        var mode: mode_t
        var owner: uid_t
        /// Of the content and of the mode, in nanoseconds.
        var changed: [Int]

        init(_ status: stat) {
            device = UInt(status.st_dev)
            number = UInt(status.st_ino)
            size = Int(status.st_size)
            mode = status.st_mode
            owner = status.st_uid
            changed = [status.st_mtim, status.st_ctim].flatMap { [$0.tv_sec, $0.tv_nsec] }
        }
    }

    init(_ path: String, kind: Credentials.Kind) {
        self.path = path
        self.kind = kind
    }

    private var option: String { kind == .passwords ? "--password-file" : "--token-file" }
    private var form: String { "user:\(kind.one)" }

    /// Who may connect now. What is looked at is the open file, so that nobody can put another in its place meanwhile.
    ///
    /// - Throws: `noInput` if there is none, `permission` if it is another user's or others can read it, `configuration` for what is
    ///   no plain file, too large, or has lines that cannot be used.
    func credentials() throws -> Credentials {
        let place = SourceLocation(file: path)
        // Without O_NONBLOCK a pipe would be waited for.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR {
                throw Diagnostic(.noInput, "there is no such file", at: place, mend: "check \(option)")
            }
            throw Diagnostic(.permission, "the file cannot be opened", at: place, mend: "make it the server's own user's")
        }
        defer { close(descriptor) }
        let identity = Identity(try checked(descriptor, place))
        if let known = known.withLock({ $0 }), known.identity == identity { return known.credentials }
        guard let bytes = FileBytes.read(descriptor, limit: SecretFile.sizeLimit), let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic(.configuration, "the file cannot be read as UTF-8", at: place, mend: "write \(form) a line")
        }
        do {
            let credentials = try Credentials(text: text, kind: kind)
            known.withLock { $0 = (identity, credentials) }
            return credentials
        } catch let error as WireError {
            throw Diagnostic(.configuration, error.message, at: place, mend: error.hint)
        }
    }

    private func checked(_ descriptor: Int32, _ place: SourceLocation) throws -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Diagnostic(.inputOutput, "the file cannot be looked at", at: place) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Diagnostic(.configuration, "this is no regular file", at: place, mend: "name a file with \(form) a line")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw Diagnostic(.permission, "the \(kind.rawValue) are another user's", at: place, mend: "run chown on it")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Diagnostic(.permission, "the \(kind.rawValue) can be read by others", at: place, mend: "run chmod 600 on it")
        }
        guard status.st_size <= SecretFile.sizeLimit else {
            throw Diagnostic(
                .configuration, "the file has \(status.st_size) bytes, a list of \(kind.rawValue) has \(SecretFile.sizeLimit) at most",
                at: place, mend: "check \(option)")
        }
        return status
    }
}
