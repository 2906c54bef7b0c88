import Glibc

/// A program the shell starts on the same terminal: a pager, an editor, a command of the system.
final class ChildProgram {
    private let processID: pid_t
    private var inputDescriptor: Int32 = -1

    /// Starts a command through `/bin/sh`; `arguments` are `$1`, `$2`, … in it. nil if it cannot be started.
    init?(_ command: String, arguments: [String] = [], readsFromPipe: Bool = false) {
        var ends: [Int32] = [-1, -1]
        if readsFromPipe {
            guard unsafe pipe(&ends) == 0 else { return nil }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if readsFromPipe { unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], 0) }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGPIPE, SIGHUP] { unsafe sigaddset(&signals, number) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var words = unsafe ChildProgram.pointers(["/bin/sh", "-c", command, "sh"] + arguments)
        var settings = unsafe ChildProgram.pointers(ChildProgram.environment)
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        var started: pid_t = 0
        let code = unsafe posix_spawn(&started, "/bin/sh", &actions, &attributes, &words, &settings)
        if readsFromPipe { close(ends[0]) }
        guard code == 0 else {
            if readsFromPipe { close(ends[1]) }
            return nil
        }
        processID = started
        inputDescriptor = ends[1]
    }

    /// Writes to the program's standard input.
    ///
    /// - Returns: false if it reads no more, or after Ctrl-C.
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(inputDescriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR, !Interruption.isRequested { continue }
            if written <= 0 { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }

    /// Whether the shell found no such program; known once it was waited for.
    private(set) var wasMissing = false

    /// Closes its input and waits for its end.
    ///
    /// - Returns: Whether it ended with code 0.
    @discardableResult
    func wait() -> Bool {
        if inputDescriptor >= 0 { close(inputDescriptor) }
        inputDescriptor = -1
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) < 0 {
            if errno != EINTR { return false }
        }
        wasMissing = [126, 127].contains(status >> 8 & 0xFF)
        return status == 0
    }

    /// Whether a program of that name is in the search path.
    static func isInstalled(_ name: String) -> Bool {
        (Environment.value("PATH") ?? "/usr/bin:/bin").split(separator: ":").contains {
            unsafe access($0 + "/" + name, X_OK) == 0
        }
    }

    /// This process's variables; `less` keeps wide tables on one line, shows colours and leaves a short text on the screen.
    private static var environment: [String] {
        var all: [String] = []
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            unsafe all.append(String(cString: entry))
            unsafe next += 1
        }
        if Environment.value("LESS") == nil { all.append("LESS=-FRSX") }
        return all
    }

    /// Copies of texts for C, ended by a null pointer; the caller frees them.
    private static func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe texts.map { unsafe strdup($0) } + [nil]
    }
}
