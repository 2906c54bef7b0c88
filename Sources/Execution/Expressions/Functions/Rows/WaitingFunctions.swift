import Columns
import Glibc

/// Functions that take their time, which cancelling and the time limit end as they end everything else.
enum WaitingFunctions {
    static let all: [String: RowFunction] = [
        "pg_sleep": RowFunction { (values, _, context) throws(RowFailure) in
            guard case .double(let seconds) = values[0] else { return .null }
            guard let running = context.running else { throw RowFailure(.unsupported("pg_sleep is not supported here")) }
            try wait(seconds, running)
            return .text("")
        }
    ]

    /// How long a cancelled statement may go on waiting.
    private static let longestNap = Duration.milliseconds(20)

    private static func wait(_ seconds: Double, _ running: ExecutionOptions) throws(RowFailure) {
        // Neither less than nothing nor what is no number is waited for; for ever is until somebody ends it.
        guard seconds > 0 else { return }
        let end = ContinuousClock.now + .seconds(min(seconds, 1e9))
        while true {
            do throws(ExecutionError) { try running.checkRunning() } catch { throw RowFailure(error.kind) }
            let rest = end - ContinuousClock.now
            guard rest > .zero else { return }
            let nap = min(rest, longestNap).components
            usleep(UInt32(nap.attoseconds / 1_000_000_000_000) + 1)
        }
    }
}
