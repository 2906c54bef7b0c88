import Columns
import Diagnostics
import Glibc

/// Failed calls of the operating system as messages.
enum SystemFailure {
    static func diagnostic(_ what: String, _ path: String, code: Int32, mend: String? = nil) -> Diagnostic {
        let kind: FailureKind =
            switch code {
            case EACCES, EPERM, EROFS: .permission
            case ENOSPC, EDQUOT: .cannotCreate
            case ENOENT, ENOTDIR: .noInput
            default: .inputOutput
            }
        // `strerror` gives a NUL-terminated text that stays valid for the copy made here.
        return Diagnostic(kind, "\(what): \(unsafe String(cString: strerror(code)))", at: SourceLocation(file: path), mend: mend)
    }
}

/// The machine's clock; only the run log and the quiet time of files depend on it.
enum SystemClock {
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    static func nanoseconds() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// `2025-01-31T08:04:38.123Z`.
    static func text(nanoseconds: Int64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        let days = Int(CivilTime.day(ofMicroseconds: milliseconds * 1000))
        let rest = Int(milliseconds - Int64(days) * 86_400_000)
        let date = CivilDate(daysSinceEpoch: days)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
            + padded(rest / 3_600_000, 2) + ":" + padded(rest / 60_000 % 60, 2) + ":" + padded(rest / 1000 % 60, 2) + "."
            + padded(rest % 1000, 3) + "Z"
    }
}
