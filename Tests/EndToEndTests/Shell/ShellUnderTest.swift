import Foundation
import Glibc

/// The tool on a terminal of its own, with keys to press and a screen to look at.
final class ShellUnderTest {
    struct Stuck: Error, CustomStringConvertible {
        let screen: String
        var description: String { "the shell does not read its terminal; it shows\n\(screen)" }
    }

    private let processID: pid_t
    private let main: Int32
    /// The tool's end of the terminal, to ask how much it has not read yet.
    private let other: Int32
    private(set) var screen: VirtualTerminal
    private(set) var status: Int32?
    /// Everything the terminal was sent.
    private(set) var bytes: [UInt8] = []

    /// nil where there are no terminals.
    ///
    /// - Parameter isSystemShell: Whether `/bin/sh` is started instead, which finds the tool as a command.
    init?(
        _ arguments: [String], environment: [String: String], folder: String, rowCount: Int = 24, columnCount: Int = 80,
        output: String? = nil, isSystemShell: Bool = false
    ) throws {
        guard let terminal = PseudoTerminal.open() else { return nil }
        main = terminal.main
        screen = VirtualTerminal(rowCount: rowCount, columnCount: columnCount)
        var size = winsize(ws_row: UInt16(rowCount), ws_col: UInt16(columnCount), ws_xpixel: 0, ws_ypixel: 0)
        _ = unsafe ioctl(main, UInt(TIOCSWINSZ), &size)
        other = unsafe open(terminal.path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var spawning = Spawning()
        // The leader of a session that opens a terminal gets it as its own: Ctrl-C then reaches it.
        spawning.open(terminal.path, O_RDWR, as: 0)
        if let output { spawning.open(output, O_WRONLY | O_CREAT, as: 1) } else { spawning.duplicate(0, as: 1) }
        spawning.duplicate(0, as: 2)
        let variables = [
            "HOME": folder, "TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": "", "XDG_STATE_HOME": "", "XDG_CONFIG_HOME": "", "EDITRC": "",
            "PAGER": "", "LESS": "", "VISUAL": "", "EDITOR": "", "PS1": "$ ", "ENV": "", "PATH": folder + "/bin:/usr/bin:/bin",
        ].merging(environment) { $1 }
        let command = try isSystemShell ? ["/bin/sh", "-i"] : [ProductBinary.path()] + arguments
        processID = try spawning.start(
            "/bin/sh", ["-c", "cd \"$0\" && exec \"$@\"", folder] + command, environment: variables,
            leadsSession: true)
    }

    deinit {
        if status == nil {
            kill(processID, SIGKILL)
            var ignored: Int32 = 0
            unsafe waitpid(processID, &ignored, 0)
        }
        close(main)
        close(other)
    }

    var isRunning: Bool {
        if status != nil { return false }
        var found: Int32 = 0
        if unsafe waitpid(processID, &found, WNOHANG) == processID { status = found }
        return status == nil
    }

    func press(_ keys: String) {
        let bytes = Array(keys.utf8)
        shownBeforeKeys = self.bytes.count
        _ = unsafe write(main, bytes, bytes.count)
    }

    func send(signal number: Int32) { kill(processID, number) }

    /// Bytes the screen had when keys were pressed last. The terminal hands keys on by itself, on a busy machine late: until
    /// something of them shows the tool may still wait for what came before. Few keys show nothing, so this has an end.
    private var shownBeforeKeys = 0

    private func mayHaveTaken(keysSince start: ContinuousClock.Instant) -> Bool {
        bytes.count > shownBeforeKeys || ContinuousClock.now - start > .seconds(1)
    }

    /// Waits until the tool has read everything, shown what it has to show and waits for keys again, or has ended.
    func settle() throws {
        let start = ContinuousClock.now
        var calmCount = 0
        usleep(10_000)
        while calmCount < 3 {
            let isQuiet = !drain(waiting: 5)
            if !isRunning {
                _ = drain(waiting: 20)
                return
            }
            calmCount = isQuiet && isReading && mayHaveTaken(keysSince: start) ? calmCount + 1 : 0
            if ContinuousClock.now - start > .seconds(60) { throw Stuck(screen: text) }
        }
    }

    /// Presses keys that begin long work, and waits until it is at work: in the system's shell the tool is the command in the
    /// foreground and listens to Ctrl-C; then it has spent a fifth of a second of the processor, however long that takes.
    func pressAndWaitForWork(_ keys: String) throws {
        let before = ProcessActivity(of: processID)
        press(keys)
        let start = ContinuousClock.now
        while true {
            _ = drain(waiting: 5)
            if ContinuousClock.now - start > .seconds(60) || !isRunning { throw Stuck(screen: text) }
            // The main end of a terminal tells which processes have it.
            let foreground = tcgetpgrp(main)
            guard foreground > 0, let now = ProcessActivity(of: foreground), now.isCalled("fundwatch"), now.catches(SIGINT) else { continue }
            let spent = now.ticks - (foreground == processID ? before?.ticks ?? 0 : 0)
            if spent >= 20, foreground != processID || !isReading { return }
        }
    }

    /// Waits until the screen shows a text.
    func wait(for text: String) throws {
        let start = ContinuousClock.now
        while !self.text.contains(text) {
            _ = drain(waiting: 5)
            if ContinuousClock.now - start > .seconds(60) { throw Stuck(screen: self.text) }
        }
    }

    /// All rows down to the cursor's.
    var text: String { (0...screen.row).map { screen.text(of: $0) }.joined(separator: "\n") }

    /// Whether the terminal shows what is typed by itself.
    var echoes: Bool {
        var settings = termios()
        return unsafe tcgetattr(other, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Whether it has nothing left to read from the terminal and waits for more.
    private var isReading: Bool {
        var unread: Int32 = 0
        guard unsafe ioctl(other, UInt(FIONREAD), &unread) == 0, unread == 0 else { return false }
        guard let call = try? String(contentsOfFile: "/proc/\(processID)/syscall", encoding: .utf8) else { return true }
        // `read` has the number 0; its first argument is the descriptor.
        return call.hasPrefix("0 0x0 ") || call.hasPrefix("63 0x0 ")
    }

    /// Takes what the terminal was sent; whether there was anything.
    private func drain(waiting milliseconds: Int32) -> Bool {
        var ready = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&ready, 1, milliseconds) > 0, ready.revents & Int16(POLLIN) != 0 else { return false }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe read(main, &piece, piece.count)
        guard count > 0 else { return false }
        bytes += piece[..<count]
        screen.feed(Array(piece[..<count]))
        return true
    }
}
