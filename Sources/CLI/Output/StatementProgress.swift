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
    private let recent = Mutex(Recent())

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

    /// nil while no table is read and nothing is written.
    private func text() -> String? {
        let now = ContinuousClock.now
        if let delivery = activity.deliveredRows {
            guard delivery.total > 0 else { return nil }
            let state = wording.say("written", "已写出")
            return line(done: delivery.done, total: delivery.total, since: delivery.start, now, state: state)
        }
        let (done, total) = activity.scannedRows
        guard total > 0 else { return nil }
        // What follows the reading, such as a join, cannot be foreseen.
        if done >= total {
            let seconds = Int(StatementProgress.seconds(now - start))
            return wording.say(
                "\(CountText.text(total)) rows read, \(seconds) s so far", "已读取 \(CountText.text(total)) 行，用时 \(seconds) 秒")
        }
        return line(done: done, total: total, since: start, now, state: nil)
    }

    private func line(done: Int, total: Int, since begin: ContinuousClock.Instant, _ now: ContinuousClock.Instant, state: String?) -> String {
        let share = "\(done * 100 / total) %"
        var parts = [state.map { "\(share) \($0)" } ?? share]
        // By what was done lately: how long each row takes may change on the way.
        let rate = recent.withLock { $0.rate(done: done, since: begin, now) }
        if rate > 0 { parts += [wording.rate(rate), wording.left(seconds: Double(total - done) / rate)] }
        return wording.joined(parts)
    }

    private static func seconds(_ duration: Duration) -> Double {
        let (whole, attoseconds) = duration.components
        return Double(whole) + Double(attoseconds) / 1e18
    }

    /// What was done when, over the last seconds.
    private struct Recent {
        private static let window = Duration.seconds(4)
        private var begin: ContinuousClock.Instant?
        private var entries: [(time: ContinuousClock.Instant, done: Int)] = []

        /// Rows a second; 0 if none went by lately.
        mutating func rate(done: Int, since start: ContinuousClock.Instant, _ now: ContinuousClock.Instant) -> Double {
            if begin != start { (begin, entries) = (start, [(start, 0)]) }
            entries.append((now, done))
            // One entry before the window stays, so that the window is whole.
            while entries.count > 2, now - entries[1].time >= Recent.window { entries.removeFirst() }
            return Double(done - entries[0].done) / max(0.001, StatementProgress.seconds(now - entries[0].time))
        }
    }
}
