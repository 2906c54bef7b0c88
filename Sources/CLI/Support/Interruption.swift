import Glibc
import Synchronization

/// Ctrl-C and the terminate signal: work stops at the next chunk or morsel and leaves everything as it was.
enum Interruption {
    private static let receivedSignal = Atomic<Int32>(0)

    static func install() {
        signal(SIGINT, interruptionHandler)
        signal(SIGTERM, interruptionHandler)
    }

    /// The signal that asked to stop, nil if none did.
    static var signalNumber: Int32? {
        let number = receivedSignal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    static var isRequested: Bool { signalNumber != nil }

    /// A second signal ends the process at once.
    static func receive(_ number: Int32) {
        if receivedSignal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
    }
}

/// A free function, so that nothing but the signal number is captured.
private func interruptionHandler(_ number: Int32) { Interruption.receive(number) }
