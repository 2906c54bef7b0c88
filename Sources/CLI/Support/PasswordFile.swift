import Diagnostics
import Glibc
import Wire

/// The file that says who may connect to a server.
enum PasswordFile {
    /// - Throws: `noInput` if there is none, `permission` if others can read it, `configuration` for lines that cannot be used.
    static func read(_ path: String) throws -> Credentials {
        let place = SourceLocation(file: path)
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw Diagnostic(.noInput, "there is no such file", at: place, mend: "check --password-file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Diagnostic(.permission, "the passwords can be read by others", at: place, mend: "run chmod 600 on it")
        }
        guard let bytes = FileBytes.read(path, limit: 1 << 20), let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic(.inputOutput, "the file cannot be read as UTF-8", at: place)
        }
        do {
            return try Credentials(text: text)
        } catch let error as WireError {
            throw Diagnostic(.configuration, error.message, at: place, mend: error.hint)
        }
    }
}
