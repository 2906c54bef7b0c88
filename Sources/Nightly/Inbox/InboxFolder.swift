package import Diagnostics
import Glibc

/// The folder that deliveries come into, with `processed/` and `failed/` inside it.
package struct InboxFolder: Sendable {
    package static let processed = "processed"
    package static let failed = "failed"
    package let path: String

    package init(path: String) { self.path = path }

    /// Looks for files that nobody is writing to: unchanged for `settleSeconds`, and open for writing nowhere on this machine.
    ///
    /// Files changed just now are looked at again once that time has passed, so a run waits for `settleSeconds` at most; for one that
    /// ends with a whole line and that nobody has open, a second: whoever still wrote to it would hardly have stopped just there.
    /// - Throws: `noInput` if there is no such folder, `interrupted`.
    package func scan(settleSeconds: Double, isCancelled: () -> Bool) throws(Diagnostic) -> InboxScan {
        var scan = InboxScan()
        let first = try list(&scan)
        let settleNanoseconds = Int64(settleSeconds * 1e9)
        let now = SystemClock.nanoseconds()
        let isYoung = { (file: InboxFile) in settleNanoseconds > 0 && now - file.modified < settleNanoseconds }
        var waitNanoseconds: Int64 = 0
        for file in first where isYoung(file) {
            let endsWell = !isOpenForWriting(file.name) && endsWithLine(file)
            let ownNanoseconds = endsWell ? min(settleNanoseconds, InboxFolder.wholeFileNanoseconds) : settleNanoseconds
            // A time in the future says nothing: such a file is watched for the whole time.
            waitNanoseconds = max(waitNanoseconds, min(ownNanoseconds, ownNanoseconds - (now - file.modified)))
        }
        try sleep(nanoseconds: waitNanoseconds, isCancelled: isCancelled)
        for file in first {
            let isQuiet = !isYoung(file) || self.file(named: file.name) == file
            if isQuiet, !isOpenForWriting(file.name) { scan.complete.append(file) } else { scan.waiting.append(file) }
        }
        return scan
    }

    /// How long a file that ends with a whole line is watched.
    private static let wholeFileNanoseconds: Int64 = 1_000_000_000

    /// Whether the last byte is a line feed, as in a text that is written to its end.
    private func endsWithLine(_ file: InboxFile) -> Bool {
        let descriptor = unsafe open(path(of: file.name), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0, file.size > 0 else { return false }
        defer { close(descriptor) }
        var last: UInt8 = 0
        // One byte into a variable that outlives the call.
        return unsafe pread(descriptor, &last, 1, file.size - 1) == 1 && last == 0x0A
    }

    package func path(of name: String) -> String { path + "/" + name }

    /// Whether the file is as it was seen.
    package func isUnchanged(_ file: InboxFile) -> Bool { self.file(named: file.name) == file }

    /// Moves a file into a folder of the inbox under a name that is free there.
    ///
    /// The file gets its second name before it loses the first, and nothing is ever replaced. A move that ended between the two is
    /// found again by the file itself.
    /// - Returns: The name it has there.
    package func move(_ name: String, into folder: String) throws(Diagnostic) -> String {
        let source = path(of: name)
        let target = path + "/" + folder
        try makeFolder(target)
        while true {
            let freeName = freeName(for: name, in: folder)
            let new = target + "/" + freeName
            let isThere = serial(of: new) != nil
            let linkCode = isThere ? 0 : unsafe link(source, new) == 0 ? 0 : errno
            if linkCode == 0 {
                syncFolder(target)
                guard unsafe unlink(source) == 0 else {
                    throw SystemFailure.diagnostic("cannot move it into \"\(folder)\"", source, code: errno)
                }
                syncFolder(path)
                return freeName
            }
            if linkCode == EEXIST { continue }
            // Not every file system has second names; nobody else writes into the folder while the lock is held.
            guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(linkCode), unsafe Glibc.rename(source, new) == 0 else {
                throw SystemFailure.diagnostic("cannot move it into \"\(folder)\"", source, code: linkCode)
            }
            syncFolder(target)
            syncFolder(path)
            return freeName
        }
    }

    /// The first name for the file that no other file of the folder has.
    package func freeName(for name: String, in folder: String) -> String {
        let own = serial(of: path(of: name))
        var number = 1
        while true {
            let candidate = InboxName.numbered(name, number)
            guard let taken = serial(of: path + "/" + folder + "/" + candidate), taken != own else { return candidate }
            number += 1
        }
    }

    /// Device and number of a file; nil if there is none of that name.
    private func serial(of file: String) -> [UInt64]? {
        var status = stat()
        return unsafe lstat(file, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
    }

    package func makeFolder(_ folder: String) throws(Diagnostic) {
        if unsafe mkdir(folder, 0o777) != 0, errno != EEXIST {
            throw SystemFailure.diagnostic("cannot make the folder", folder, code: errno)
        }
    }

    package func isReadable(_ name: String) -> Bool { unsafe access(path(of: name), R_OK) == 0 }

    // MARK: - Looking

    /// Names that are no UTF-8 are made so, since no path could be written with them.
    private func list(_ scan: inout InboxScan) throws(Diagnostic) -> [InboxFile] {
        guard let folder = unsafe opendir(path) else {
            throw SystemFailure.diagnostic(
                "there is no inbox that can be read", path, code: errno, mend: "make the folder, or name another with --inbox")
        }
        defer { _ = unsafe closedir(folder) }
        var files: [InboxFile] = []
        while let entry = unsafe readdir(folder) {
            // `d_name` is a NUL-terminated array inside the entry, valid until the next readdir.
            let bytes = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            let name = InboxName.readable(bytes)
            if String(validating: bytes, as: UTF8.self) == nil { rename(bytes, to: name) }
            guard InboxName.isDelivery(name), let file = file(named: name) else {
                if !name.hasPrefix("."), !isFolder(name) { scan.ignored.append(name) }
                continue
            }
            files.append(file)
        }
        scan.ignored.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Nil for anything but a regular file.
    private func file(named name: String) -> InboxFile? {
        var status = stat()
        guard unsafe lstat(path(of: name), &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return InboxFile(
            name: name, size: Int(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec), serial: UInt64(status.st_ino))
    }

    private func isFolder(_ name: String) -> Bool {
        var status = stat()
        return unsafe lstat(path(of: name), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func rename(_ bytes: [UInt8], to name: String) {
        if serial(of: path(of: name)) != nil { return }
        let old = Array(path.utf8) + [0x2F] + bytes + [0]
        // The array ends with a NUL and outlives the call; a failure leaves a file that is not found below.
        _ = unsafe old.withUnsafeBytes { buffer in
            unsafe Glibc.rename(buffer.assumingMemoryBound(to: CChar.self).baseAddress!, path(of: name))
        }
    }

    /// Whether a process of this machine has the file open for writing: then the kernel grants nobody a read lease on it.
    /// Where leases are not to be had (another user's file, a network folder) the answer is no.
    private func isOpenForWriting(_ name: String) -> Bool {
        let descriptor = unsafe open(path(of: name), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Whoever opens the file for writing while the lease lasts would end this process with a signal.
        signal(SIGIO, SIG_IGN)
        if fcntl(descriptor, setLeaseCommand, Int32(F_RDLCK)) == 0 {
            _ = fcntl(descriptor, setLeaseCommand, Int32(F_UNLCK))
            return false
        }
        return errno == EAGAIN
    }

    private func sleep(nanoseconds: Int64, isCancelled: () -> Bool) throws(Diagnostic) {
        let end = SystemClock.nanoseconds() + nanoseconds
        while true {
            if isCancelled() { throw Diagnostic(.interrupted, "interrupted") }
            let rest = end - SystemClock.nanoseconds()
            if rest <= 0 { return }
            usleep(UInt32(min(rest / 1000 + 1, 50_000)))
        }
    }
}

/// `F_SETLEASE` of fcntl(2), which is no constant that Swift sees.
private let setLeaseCommand: Int32 = 1024

/// Makes a folder's new names durable; without it they are only less durable.
func syncFolder(_ path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
}
