import Foundation
import Glibc

/// A terminal that only a test looks at.
enum PseudoTerminal {
    /// TIOCSPTLCK and TIOCGPTN of Linux, macros Swift does not see.
    private static let unlockRequest: UInt = 0x4004_5431
    private static let numberRequest: UInt = 0x8004_5430

    /// A new terminal: the end a test reads and writes, and the path of the other; nil if there are no terminals.
    static func open() -> (main: Int32, path: String)? {
        let main = unsafe Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard main >= 0 else { return nil }
        var lock: Int32 = 0
        var number: Int32 = 0
        guard unsafe ioctl(main, unlockRequest, &lock) == 0, unsafe ioctl(main, numberRequest, &number) == 0 else {
            close(main)
            return nil
        }
        return (main, "/dev/pts/\(number)")
    }

    /// Runs the tool with a terminal as its standard output and gives what it wrote there; nil if there are no terminals.
    static func output(of arguments: [String], environment: [String: String] = [:]) throws -> String? {
        guard let (master, path) = open() else { return nil }
        defer { close(master) }
        let process = try RunningProcess(ProductBinary.path(), arguments, environment: environment, output: path)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        let start = ContinuousClock.now
        // Reading fails once the last writer has closed the other end.
        while ContinuousClock.now - start < .seconds(60) {
            var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&waiting, 1, 100) == 0 {
                if process.isRunning { continue } else { break }
            }
            let count = unsafe read(master, &piece, piece.count)
            if count <= 0 { break }
            bytes += piece[..<count]
        }
        _ = try process.wait()
        return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
    }
}
