import Diagnostics
import Glibc
import Synchronization

/// A private file for rows that memory has no room for.
///
/// It has no name, or loses it at once, so nothing of it is left however the process ends; the last to hold it closes it.
final class SpillFile: Sendable {
    private let descriptor: Int32
    private let directory: String
    private let end = Atomic<Int>(0)
    private let counters: OperatorCounters

    /// - Parameter directories: Places to try, in this order.
    /// - Throws: `cannotCreate`, naming the last place, if no file can be made in any of them.
    init(in directories: [String], counters: OperatorCounters) throws(ExecutionError) {
        self.counters = counters
        var failure: (directory: String, code: Int32) = ("", ENOENT)
        for directory in directories {
            let opened = SpillFile.open(in: directory)
            if opened.descriptor >= 0 {
                descriptor = opened.descriptor
                self.directory = directory
                return
            }
            failure = (directory, opened.code)
        }
        throw ExecutionError(
            .diagnosed(
                Diagnostic(
                    .cannotCreate,
                    "cannot create a temporary file in \"\(failure.directory)\": \(SpillFile.text(of: failure.code))",
                    mend: "name a folder with room with --temp-dir, or raise --memory")))
    }

    deinit { _ = close(descriptor) }

    /// A file without a name where the file system has such, else one whose name is taken away at once.
    private static func open(in directory: String) -> (descriptor: Int32, code: Int32) {
        // O_TMPFILE is a macro that is not imported: this bit together with O_DIRECTORY.
        let unnamed = 0o20_000_000 | O_DIRECTORY
        let descriptor = unsafe Glibc.open(directory, O_RDWR | O_CLOEXEC | unnamed, 0o600)
        if descriptor >= 0 { return (descriptor, 0) }
        let code = errno
        guard code == EOPNOTSUPP || code == EISDIR || code == EINVAL else { return (-1, code) }
        var template = Array("\(directory)/.fundwatch-spill-XXXXXX".utf8CString)
        let named = unsafe mkstemp(&template)
        if named < 0 { return (-1, errno) }
        _ = unsafe unlink(template)
        _ = fcntl(named, F_SETFD, FD_CLOEXEC)
        return (named, 0)
    }

    /// Appends bytes and returns where they start.
    ///
    /// - Throws: `cannotCreate` when the disk is full, else `inputOutput`.
    func append(_ bytes: [UInt8]) throws(ExecutionError) -> Int {
        let start = end.wrappingAdd(bytes.count, ordering: .relaxed).oldValue
        var done = 0
        while done < bytes.count {
            let from = done
            // The buffer outlives the call, and `from` is below its count.
            let written = unsafe bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe pwrite(descriptor, base + from, bytes.count - from, start + from)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw failure(writing: errno)
            }
            done += written
        }
        counters.count(spilled: bytes.count)
        return start
    }

    /// - Throws: `inputOutput` if the bytes cannot be read back whole.
    func read(at offset: Int, size: Int) throws(ExecutionError) -> [UInt8] {
        var code: Int32 = 0
        // Bytes that were read are the ones the count says are there.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            while count < size {
                let got = unsafe pread(descriptor, base + count, size - count, offset + count)
                if got < 0 && errno == EINTR { continue }
                if got <= 0 {
                    code = got < 0 ? errno : EIO
                    return
                }
                count += got
            }
        }
        guard bytes.count == size else { throw damage("cannot read a temporary file in \(directory): \(SpillFile.text(of: code))") }
        return bytes
    }

    /// For bytes that came back other than they were written.
    func damage(_ message: String? = nil) -> ExecutionError {
        ExecutionError(
            .diagnosed(
                Diagnostic(
                    .inputOutput, message ?? "a temporary file in \(directory) gave back other bytes than were written",
                    mend: "check the disk, or name another folder with --temp-dir")))
    }

    private func failure(writing code: Int32) -> ExecutionError {
        if code == ENOSPC || code == EDQUOT {
            return ExecutionError(
                .diagnosed(
                    Diagnostic(
                        .cannotCreate, "the disk of \(directory) is full: no room for rows that memory has no room for",
                        mend: "name a folder with room with --temp-dir, raise --memory or narrow the query")))
        }
        return ExecutionError(
            .diagnosed(
                Diagnostic(
                    .inputOutput, "cannot write a temporary file in \(directory): \(SpillFile.text(of: code))",
                    mend: "name another folder with --temp-dir")))
    }

    private static func text(of code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
