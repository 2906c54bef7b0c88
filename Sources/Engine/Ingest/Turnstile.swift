/// Lets threads pass one at a time in the order of their numbers: 0, 1, 2 …
///
/// `@unchecked Sendable`: `next` and `isStopped` are touched only within the monitor.
final class Turnstile: @unchecked Sendable {
    private let monitor = Monitor()
    private var next = 0
    private var isStopped = false

    /// Waits for the turn of `number`; false if the turnstile was stopped instead. After true, call `leave`.
    func enter(_ number: Int) -> Bool {
        monitor.withLock {
            while next != number, !isStopped { monitor.wait() }
            return !isStopped
        }
    }

    /// Gives the turn to the next number.
    func leave() {
        monitor.withLock {
            next += 1
            monitor.wakeAll()
        }
    }

    /// Lets nobody in any more.
    func stop() {
        monitor.withLock {
            isStopped = true
            monitor.wakeAll()
        }
    }
}
