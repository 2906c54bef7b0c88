package import Diagnostics
import Glibc

/// A file of JSON lines, one an event, that only grows.
package final class RunLog {
    private let descriptor: Int32
    private let path: String

    /// Opens or makes the file. A last line that a crash has cut short is ended, so that the next one stands alone.
    package init(path: String) throws(Diagnostic) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemFailure.diagnostic("cannot open the run log", path, code: errno) }
        let size = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0x0A
        if size > 0, unsafe pread(descriptor, &last, 1, size - 1) == 1, last != 0x0A { try append([0x0A]) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package func write(_ event: RunEvent) throws(Diagnostic) {
        try append(Array(event.line(time: SystemClock.text(nanoseconds: SystemClock.nanoseconds())).utf8))
    }

    /// One call for each line, so that lines of two processes never mix.
    private func append(_ bytes: [UInt8]) throws(Diagnostic) {
        while true {
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count == bytes.count { return }
            if count < 0, errno == EINTR { continue }
            throw SystemFailure.diagnostic("cannot write the run log", path, code: count < 0 ? errno : ENOSPC)
        }
    }
}
