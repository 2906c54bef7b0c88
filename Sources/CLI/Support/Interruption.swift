import Glibc
import Synchronization

/// Ctrl-C and the terminate signal: work stops at the next chunk or morsel and leaves everything as it was.
enum Interruption {
    private static let receivedSignal = Atomic<Int32>(0)
    /// How long the work has to stop by itself.
    ///
    /// A read from a pipe that nobody writes to never looks at the signal. Ending then is as safe as a crash: what is not
    /// committed is not there, and the next writer removes its files.
    private static let graceSeconds: UInt32 = 5

    static func install() {
        signal(SIGALRM, deadlineHandler)
        signal(SIGINT, interruptionHandler)
        signal(SIGTERM, interruptionHandler)
    }

    /// The signal that asked to stop, nil if none did.
    static var signalNumber: Int32? {
        let number = receivedSignal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Lets a signal end the process at once, for work that changes nothing and never asks.
    static func endAtOnce() {
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }

    static var isRequested: Bool { signalNumber != nil }

    /// A second signal ends the process at once.
    static func receive(_ number: Int32) {
        if receivedSignal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
        alarm(graceSeconds)
    }

    static func endNow() { _exit(128 + (signalNumber ?? SIGALRM)) }
}

/// A free function, so that nothing but the signal number is captured.
private func interruptionHandler(_ number: Int32) { Interruption.receive(number) }

private func deadlineHandler(_ number: Int32) { Interruption.endNow() }
