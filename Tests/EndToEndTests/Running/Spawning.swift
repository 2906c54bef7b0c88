import Foundation
import Glibc

/// What is to be set up for a process before it starts.
@safe
struct Spawning: ~Copyable {
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let code: Int32
        var description: String { "\(call) failed: \(unsafe String(cString: strerror(code)))" }
    }

    private var actions: posix_spawn_file_actions_t

    init() {
        unsafe actions = posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
    }

    deinit {
        var ended = unsafe actions
        unsafe posix_spawn_file_actions_destroy(&ended)
    }

    mutating func open(_ path: String, _ flags: Int32, as descriptor: Int32) {
        unsafe posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o600)
    }

    mutating func duplicate(_ descriptor: Int32, as target: Int32) {
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, target)
    }

    /// Starts an executable with no signal blocked or ignored, whatever the tests' own process does with signals.
    ///
    /// - Parameter leadsSession: Whether it begins a session of its own, to which a terminal can belong.
    mutating func start(
        _ executable: String, _ arguments: [String], environment: [String: String], leadsSession: Bool = false
    ) throws -> pid_t {
        var variables = ProcessInfo.processInfo.environment
        for name in variables.keys where name.hasPrefix("FUNDWATCH_") || ["NO_COLOR", "SWIFT_BACKTRACE"].contains(name) {
            variables[name] = nil
        }
        variables["XDG_CONFIG_HOME"] = "/nonexistent"
        variables.merge(environment) { $1 }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        // POSIX_SPAWN_SETSID, which glibc hides from Swift, is 0x80.
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (leadsSession ? 0x80 : 0)))
        var values = unsafe Spawning.pointers([executable] + arguments)
        var settings = unsafe Spawning.pointers(variables.map { "\($0.key)=\($0.value)" })
        defer { unsafe (values + settings).forEach { unsafe free($0) } }
        var processID: pid_t = 0
        let code = unsafe posix_spawn(&processID, executable, &actions, &attributes, &values, &settings)
        guard code == 0 else { throw Failure(call: "posix_spawn of \(executable)", code: code) }
        return processID
    }

    /// Copies of texts for C, ended by a null pointer; the caller frees them.
    private static func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe texts.map { unsafe strdup($0) } + [nil]
    }
}
