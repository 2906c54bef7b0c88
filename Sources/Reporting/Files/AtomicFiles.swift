import Glibc

/// Writes files so that a reader sees each either as it was or whole and new.
package enum AtomicFiles {
    // The C calls below take paths as terminated texts that Swift keeps alive for the call.

    /// Writes every file beside its place and syncs it, then renames all of them, then syncs the folder.
    ///
    /// - Throws: `ReportError`; files written beside are removed, and those in place stay as they were unless a rename fails.
    package static func write(_ files: [(name: String, bytes: [UInt8])], to folder: String) throws(ReportError) {
        try createFolder(folder)
        var pending: [(from: String, to: String)] = []
        do throws(ReportError) {
            for file in files {
                let target = folder + "/" + file.name
                let partial = folder + "/." + file.name + ".partial"
                pending.append((partial, target))
                try writeSynced(file.bytes, to: partial)
            }
            for (partial, target) in pending where unsafe rename(partial, target) != 0 {
                throw ReportError.cannotWrite(path: target, reason: lastReason())
            }
            try syncFolder(folder)
        } catch {
            for (partial, _) in pending { _ = unsafe unlink(partial) }
            throw error
        }
    }

    /// Makes the folder and those above it.
    package static func createFolder(_ path: String) throws(ReportError) {
        var built = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            built += "/" + part
            if unsafe mkdir(built, 0o777) != 0, errno != EEXIST {
                let isPermission = errno == EACCES || errno == EPERM
                throw .cannotCreate(path: path, reason: lastReason(), isPermission: isPermission)
            }
        }
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: lastReason(), isPermission: errno == EACCES) }
        _ = close(descriptor)
    }

    private static func writeSynced(_ bytes: [UInt8], to path: String) throws(ReportError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw .cannotCreate(path: path, reason: lastReason(), isPermission: errno == EACCES || errno == EPERM)
        }
        var failure: String?
        var written = 0
        while written < bytes.count, failure == nil {
            // The pointer is offset within the array and the count ends where the array ends.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                failure = lastReason()
            }
        }
        if failure == nil, fsync(descriptor) != 0 { failure = lastReason() }
        if close(descriptor) != 0, failure == nil { failure = lastReason() }
        if let failure { throw .cannotWrite(path: path, reason: failure) }
    }

    private static func syncFolder(_ path: String) throws(ReportError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastReason()) }
        let isSynced = fsync(descriptor) == 0
        let reason = lastReason()
        _ = close(descriptor)
        if !isSynced { throw .cannotWrite(path: path, reason: reason) }
    }

    private static func lastReason() -> String {
        // strerror returns a terminated text that lives at least until the next call.
        let text = unsafe strerror(errno)
        return unsafe text.map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
}
