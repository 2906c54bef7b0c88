import Diagnostics
import Glibc
import Indicators
import Synchronization

/// A line on the terminal that says how far work of known size is: `34 %, 1.2 GiB read, 5,000,000 rows, 2,400,000 rows/s, 3 s left`.
///
/// It appears after half a second, so that quick work says nothing.
final class ProgressLine: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
    }

    private let start = ContinuousClock.now
    private let totalSize: Int?
    private let language: DisplayLanguage
    private let state = Mutex(State())

    /// - Parameter totalSize: Bytes there are to read; nil if nobody knows.
    init(totalSize: Int?, language: DisplayLanguage) {
        self.totalSize = totalSize
        self.language = language
    }

    /// Work on a file; standard input has no size.
    convenience init(file: String, language: DisplayLanguage) {
        var status = stat()
        let isFile = unsafe stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        self.init(totalSize: isFile ? Int(status.st_size) : nil, language: language)
    }

    func show(read size: Int, rows: Int) {
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            let last = state.lastShown ?? start + .milliseconds(400)
            guard now - last >= .milliseconds(100) else { return false }
            state.lastShown = now
            return true
        }
        if isDue { StandardError.write("\r\u{1B}[K" + text(read: size, rows: rows, after: now - start)) }
    }

    func clear() {
        let wasShown = state.withLock { state in
            defer { state.lastShown = nil }
            return state.lastShown != nil
        }
        if wasShown { StandardError.write("\r\u{1B}[K") }
    }

    func text(read size: Int, rows: Int, after duration: Duration) -> String {
        let (whole, attoseconds) = duration.components
        let seconds = max(0.001, Double(whole) + Double(attoseconds) / 1e18)
        var parts: [String] = []
        if let totalSize, totalSize > 0 { parts.append("\(min(100, size * 100 / totalSize)) %") }
        let wording = ProgressWording(language: language)
        parts.append(wording.say("\(ByteSize.text(size)) read", "已读取 \(ByteSize.text(size))"))
        if rows > 0 {
            parts.append(wording.rows(rows))
            parts.append(wording.rate(Double(rows) / seconds))
        }
        if let totalSize, size > 0, size < totalSize {
            parts.append(wording.left(seconds: seconds * Double(totalSize - size) / Double(size)))
        }
        return wording.joined(parts)
    }
}
