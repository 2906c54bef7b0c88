import Foundation
import Glibc

/// What the system tells of a running process.
struct ProcessActivity {
    /// Hundredths of a second that its threads have run.
    let ticks: Int
    private let name: Substring
    private let caughtSignals: UInt64

    /// nil if there is no such process.
    init?(of processID: pid_t) {
        guard let numbers = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
            let status = try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8),
            let opening = numbers.firstIndex(of: "("), let closing = numbers.lastIndex(of: ")")
        else { return nil }
        name = numbers[numbers.index(after: opening)..<closing]
        // Behind the name: state, parent, group, session, terminal, …; the 12th and 13th are the time in the program and in the system.
        let fields = numbers[numbers.index(after: closing)...].split(separator: " ")
        ticks = fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
        let mask = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last
        caughtSignals = mask.flatMap { UInt64($0, radix: 16) } ?? 0
    }

    func isCalled(_ name: String) -> Bool { self.name == name }

    /// Whether it has a handler for a signal.
    func catches(_ signal: Int32) -> Bool { caughtSignals >> UInt64(signal - 1) & 1 == 1 }
}
