import Glibc

/// The operating system's files.
package struct PosixFileSystem: FileSystem {
    package init() {}

    private func check<Result: SignedInteger>(_ call: String, _ body: () -> Result) throws(FileError) -> Result {
        while true {
            let result = body()
            if result >= 0 { return result }
            let code = errno
            if code != EINTR { throw FileError(code: code, call: call) }
        }
    }

    package func openForReading(_ path: String) throws(FileError) -> Int32 {
        try check("open") { unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC) }
    }

    package func createFile(_ path: String) throws(FileError) -> Int32 {
        try check("open") { unsafe Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
    }

    package func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    package func size(of descriptor: Int32) throws(FileError) -> Int {
        var status = stat()
        _ = try check("fstat") { unsafe fstat(descriptor, &status) }
        return Int(status.st_size)
    }

    package func read(_ descriptor: Int32, into buffer: inout MutableRawSpan, at offset: Int) throws(FileError) -> Int {
        let wanted = buffer.byteCount
        var done = 0
        while done < wanted {
            // The pointer is used inside the closure only and stays within the span's bytes.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe pread(descriptor, bytes.baseAddress! + done, wanted - done, off_t(offset + done))
            }
            if count == 0 { break }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw FileError(code: code, call: "pread")
            }
            done += count
        }
        return done
    }

    package func write(_ descriptor: Int32, _ bytes: RawSpan) throws(FileError) {
        var done = 0
        while done < bytes.byteCount {
            // As above: the pointer does not leave the closure.
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(descriptor, raw.baseAddress! + done, raw.count - done)
            }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw FileError(code: code, call: "write")
            }
            done += count
        }
    }

    package func synchronize(_ descriptor: Int32) throws(FileError) {
        // Not repeated on failure: after a failed fsync the page cache cannot be trusted.
        if fsync(descriptor) != 0 { throw FileError(code: errno, call: "fsync") }
    }

    package func synchronizeFolder(_ path: String) throws(FileError) {
        let descriptor = try check("open") { unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { _ = Glibc.close(descriptor) }
        if fsync(descriptor) != 0 { throw FileError(code: errno, call: "fsync") }
    }

    package func rename(_ path: String, to target: String) throws(FileError) {
        _ = try check("rename") { unsafe Glibc.rename(path, target) }
    }

    package func renameNew(_ path: String, to target: String) throws(FileError) {
        _ = try check("link") { unsafe Glibc.link(path, target) }
        _ = unsafe Glibc.unlink(path)
    }

    package func remove(_ path: String) throws(FileError) {
        _ = try check("unlink") { unsafe Glibc.unlink(path) }
    }

    package func makeFolder(_ path: String) throws(FileError) {
        if unsafe Glibc.mkdir(path, 0o755) != 0, errno != EEXIST { throw FileError(code: errno, call: "mkdir") }
    }

    package func list(_ path: String) throws(FileError) -> [String] {
        guard let folder = unsafe opendir(path) else { throw FileError(code: errno, call: "opendir") }
        defer { _ = unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            // `d_name` is a NUL-terminated array inside the entry, valid until the next readdir.
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    package func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    package func lock(_ path: String) throws(FileError) -> Int32? {
        let descriptor = try check("open") { unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        let code = errno
        _ = Glibc.close(descriptor)
        if code == EWOULDBLOCK { return nil }
        throw FileError(code: code, call: "flock")
    }

    package func unlock(_ descriptor: Int32) {
        // Closing alone would leave the lock with a child of another thread that has not yet begun its program.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    package func writeLockHolder(_ descriptor: Int32, _ text: String) throws(FileError) {
        _ = try check("ftruncate") { ftruncate(descriptor, 0) }
        let bytes = Array(text.utf8)
        // The array outlives the call and its count is passed.
        _ = try check("pwrite") {
            unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        }
    }

    package func freeSize(at path: String) -> Int? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }
}

extension FileError {
    static let accessDenied = EACCES
    static let notPermitted = EPERM
    static let readOnly = EROFS
    static let noEntry = ENOENT
    static let noSpace = ENOSPC
    static let quotaExceeded = EDQUOT
    static let exists = EEXIST
    static let inputOutput = EIO

    /// The operating system's words for an `errno`.
    static func text(_ code: Int32) -> String {
        // `strerror` gives a NUL-terminated text that stays valid for the copy made here.
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

extension PosixFileSystem {
    /// Removes a folder if nothing is in it.
    package func removeEmptyFolder(_ path: String) { _ = unsafe rmdir(path) }
}
