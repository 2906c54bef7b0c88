import Glibc
import Synchronization

/// Ctrl-C and the terminate signal: work stops at the next chunk or morsel and leaves everything as it was.
enum Interruption {
    private static let receivedSignal = Atomic<Int32>(0)
    private static let endsStatementsOnly = Atomic<Bool>(false)
    private static let endsAtDeadline = Atomic<Bool>(true)
    /// How long the work has to stop by itself.
    ///
    /// A read from a pipe that nobody writes to never looks at the signal. Ending then is as safe as a crash: what is not
    /// committed is not there, and the next writer removes its files.
    private static let graceSeconds: UInt32 = 5

    static func install() {
        makeState()
        signal(SIGALRM, deadlineHandler)
        signal(SIGINT, interruptionHandler)
        signal(SIGTERM, interruptionHandler)
        // Whoever asks for the runtime's own report of a crash gets that.
        guard !isBacktraceWanted(Environment.value("SWIFT_BACKTRACE")) else { return }
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { signal(number, faultHandler) }
    }

    /// Makes what the handlers read. A `static let` is made where it is first touched, under a lock: a handler that came to
    /// that first, and interrupted another that does, would wait for itself.
    private static func makeState() {
        receivedSignal.store(0, ordering: .relaxed)
        endsStatementsOnly.store(false, ordering: .relaxed)
        endsAtDeadline.store(true, ordering: .relaxed)
    }

    /// Whether `SWIFT_BACKTRACE`, a list such as `enable=yes,color=no`, asks for a report. `enable=no` asks for none.
    private static func isBacktraceWanted(_ setting: String?) -> Bool {
        for entry in (setting ?? "").lowercased().split(separator: ",") where entry.hasPrefix("enable=") {
            return !["no", "n", "false", "f", "off", "0"].contains(entry.dropFirst(7))
        }
        return false
    }

    /// Ends after a fault of our own with the code for it: what is not committed is not there, and the next writer removes
    /// what is left. Only calls that a handler may make, and nothing that has to be made first: the text is part of the program.
    static func endFaulty() {
        let text: StaticString = """
            fundwatch: internal error: this is a bug of fundwatch, not of your data; the store holds whole commits only. \
            Please report it with the command that led here (SWIFT_BACKTRACE=enable=yes shows where)

            """
        unsafe write(2, text.utf8Start, text.utf8CodeUnitCount)
        _exit(70)
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

    /// From now on Ctrl-C only stops the statement in hand, again and again; other signals ask to stop as before.
    static func cancelStatementsOnly() {
        endsStatementsOnly.store(true, ordering: .relaxed)
        signal(SIGHUP, interruptionHandler)
        signal(SIGPIPE, SIG_IGN)
    }

    /// From now on a first signal only asks to stop, with all the time that takes; a second one ends the process.
    static func takeTime() {
        endsAtDeadline.store(false, ordering: .relaxed)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Whether Ctrl-C is another program's on the same terminal, as it is a pager's.
    static func isLeftToOthers(_ isLeft: Bool) { signal(SIGINT, isLeft ? SIG_IGN : interruptionHandler) }

    /// Before the next statement: an earlier Ctrl-C is over.
    static func forgetCancellation() {
        _ = receivedSignal.compareExchange(expected: SIGINT, desired: 0, ordering: .relaxed)
    }

    /// The signal that asked the process to end, Ctrl-C in a shell not counted.
    static var terminationNumber: Int32? { signalNumber.flatMap { $0 == SIGINT ? nil : $0 } }

    /// A second signal ends the process at once.
    static func receive(_ number: Int32) {
        if number == SIGINT, endsStatementsOnly.load(ordering: .relaxed) {
            _ = receivedSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
            return
        }
        if endsStatementsOnly.load(ordering: .relaxed) {
            _ = receivedSignal.compareExchange(expected: SIGINT, desired: 0, ordering: .relaxed)
        }
        if receivedSignal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
        if endsAtDeadline.load(ordering: .relaxed) { alarm(graceSeconds) }
    }

    static func endNow() { _exit(128 + (signalNumber ?? SIGALRM)) }
}

/// A free function, so that nothing but the signal number is captured.
private func interruptionHandler(_ number: Int32) { Interruption.receive(number) }

private func faultHandler(_ number: Int32) { Interruption.endFaulty() }

private func deadlineHandler(_ number: Int32) { Interruption.endNow() }
