import Diagnostics
import Glibc
import Storage
import Synchronization

/// A private folder that is gone when its owner or the process ends.
package final class TemporaryFolder: Sendable {
    package let path: String
    private static let open = Mutex<Set<String>>([])

    /// Makes it below `$TMPDIR`, else `/tmp`.
    ///
    /// - Throws: `cannotCreate`.
    package init(prefix: String) throws {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/" + prefix + "XXXXXX").utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw Diagnostic(
                .cannotCreate, "cannot create a temporary folder: " + (unsafe String(cString: strerror(errno))),
                at: SourceLocation(file: base), mend: "name a folder with space in $TMPDIR")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let isFirst = TemporaryFolder.open.withLock { open in
            open.insert(path)
            return open.count == 1
        }
        if isFirst { atexit(removeTemporaryFolders) }
    }

    deinit {
        TemporaryFolder.remove(path)
        _ = TemporaryFolder.open.withLock { $0.remove(path) }
    }

    /// Removes what a process that ends without unwinding would leave.
    static func removeAll() {
        for path in open.withLock({ $0 }) { remove(path) }
    }

    private static func remove(_ path: String) {
        guard let names = try? PosixFileSystem().list(path) else { return }
        for name in names {
            let inner = path + "/" + name
            if unsafe unlink(inner) != 0 { remove(inner) }
        }
        unsafe rmdir(path)
    }
}

/// A free function: a C callback captures nothing.
private func removeTemporaryFolders() { TemporaryFolder.removeAll() }
