import Dispatch
import Engine
import Indicators
import Synchronization

/// A line on the terminal that says how far a statement is, from half a second on: `34 %, 12,000,000 rows/s, 3 s left`.
final class StatementProgress: Sendable {
    private struct State {
        var isOver = false
        var isShown = false
    }

    private let activity: StatementActivity
    private let wording: ProgressWording
    private let write: @Sendable (String) -> Void
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// Begins at once; call `stop` when the statement is over.
    ///
    /// - Parameter write: Puts text on the terminal.
    init(_ activity: StatementActivity, language: DisplayLanguage, write: @escaping @Sendable (String) -> Void) {
        self.activity = activity
        wording = ProgressWording(language: language)
        self.write = write
        showLater(after: .milliseconds(500))
    }

    /// Takes the line away; nothing is written after it.
    func stop() {
        state.withLock { state in
            state.isOver = true
            if state.isShown { write("\r\u{1B}[K") }
            state.isShown = false
        }
    }

    private func showLater(after delay: DispatchTimeInterval) {
        DispatchQueue.global().asyncAfter(deadline: .now() + delay) { [self] in
            let goesOn = state.withLock { state in
                guard !state.isOver else { return false }
                if let text = text() {
                    write("\r\u{1B}[K" + text)
                    state.isShown = true
                }
                return true
            }
            if goesOn { showLater(after: .milliseconds(200)) }
        }
    }

    /// nil while no table is read.
    private func text() -> String? {
        let (done, total) = activity.scannedRows
        guard total > 0 else { return nil }
        let (whole, attoseconds) = (ContinuousClock.now - start).components
        let seconds = Double(whole) + Double(attoseconds) / 1e18
        // What follows the reading, such as a join, cannot be foreseen.
        if done >= total {
            return wording.say(
                "\(CountText.text(total)) rows read, \(Int(seconds)) s so far", "已读取 \(CountText.text(total)) 行，用时 \(Int(seconds)) 秒")
        }
        let rate = Double(done) / max(0.001, seconds)
        var parts = ["\(done * 100 / total) %", wording.rate(rate)]
        if done > 0 { parts.append(wording.left(seconds: Double(total - done) / rate)) }
        return wording.joined(parts)
    }
}
