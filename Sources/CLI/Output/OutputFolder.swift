import Diagnostics
import Glibc

/// Folders that results are written into.
enum OutputFolder {
    /// Makes a folder and those above it.
    ///
    /// - Throws: `cannotCreate`, or `permission`.
    static func make(_ path: String) throws {
        var built = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            built += "/" + part
            if unsafe mkdir(built, 0o777) != 0, errno != EEXIST {
                let kind: FailureKind = errno == EACCES || errno == EPERM || errno == EROFS ? .permission : .cannotCreate
                let reason = unsafe String(cString: strerror(errno))
                throw Diagnostic(kind, "cannot make the folder: \(reason)", at: SourceLocation(file: path), mend: "choose another with --out")
            }
        }
    }
}
