import Diagnostics
import Glibc
import Wire

/// The file that says who may connect to a server.
enum PasswordFile {
    /// Bytes of it.
    private static let sizeLimit = 1 << 20

    /// Reads the file. What is looked at is the open file, so that nobody can put another in its place meanwhile.
    ///
    /// - Throws: `noInput` if there is none, `permission` if it is another user's or others can read it, `configuration` for what is
    ///   no plain file, too large, or has lines that cannot be used.
    static func read(_ path: String) throws -> Credentials {
        let place = SourceLocation(file: path)
        // Without O_NONBLOCK a pipe would be waited for.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR {
                throw Diagnostic(.noInput, "there is no such file", at: place, mend: "check --password-file")
            }
            throw Diagnostic(.permission, "the file cannot be opened", at: place, mend: "make it the server's own user's")
        }
        defer { close(descriptor) }
        try check(descriptor, place)
        guard let bytes = FileBytes.read(descriptor, limit: sizeLimit), let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic(.configuration, "the file cannot be read as UTF-8", at: place, mend: "write user:secret a line")
        }
        do {
            return try Credentials(text: text)
        } catch let error as WireError {
            throw Diagnostic(.configuration, error.message, at: place, mend: error.hint)
        }
    }

    private static func check(_ descriptor: Int32, _ place: SourceLocation) throws {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Diagnostic(.inputOutput, "the file cannot be looked at", at: place) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Diagnostic(.configuration, "this is no regular file", at: place, mend: "name a file with user:secret a line")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw Diagnostic(.permission, "the passwords are another user's", at: place, mend: "run chown on it")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Diagnostic(.permission, "the passwords can be read by others", at: place, mend: "run chmod 600 on it")
        }
        guard status.st_size <= sizeLimit else {
            throw Diagnostic(
                .configuration, "the file has \(status.st_size) bytes, a list of passwords has \(sizeLimit) at most", at: place,
                mend: "check --password-file")
        }
    }
}
