package import Diagnostics
import Glibc

/// Keeps two runs apart that share a folder. The system gives the lock back however the process ends.
package final class RunLock {
    package static let fileName = ".nightly.lock"
    private let descriptor: Int32

    /// Takes the lock of a folder that is there.
    ///
    /// - Throws: `busy` naming the process that holds it.
    package init(folder: String) throws(Diagnostic) {
        let path = folder + "/" + RunLock.fileName
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard opened >= 0 else {
            throw SystemFailure.diagnostic("cannot make the lock file", path, code: errno)
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = RunLock.holder(opened)
            close(opened)
            if code != EWOULDBLOCK { throw SystemFailure.diagnostic("cannot lock", path, code: code) }
            throw Diagnostic(
                .busy, "another nightly run is at work here\(holder)", at: SourceLocation(file: folder),
                mend: "wait until it is done")
        }
        descriptor = opened
        let text = Array("process \(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        // The array outlives the call and its count is passed. What the file says is for people only.
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit {
        // Closing alone would leave the lock with a child of another thread that has not yet begun its program.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)).filter { (0x20..<0x7F).contains($0) }, as: UTF8.self)
        return text.isEmpty ? "" : ": \(text)"
    }
}
