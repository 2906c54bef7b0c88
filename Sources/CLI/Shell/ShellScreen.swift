import Glibc

/// The terminal a shell talks on: standard output, or standard error while results go elsewhere.
enum ShellScreen {
    static var descriptor: Int32 { isatty(1) == 1 ? 1 : 2 }

    static var size: TerminalSize { TerminalSize.current(of: descriptor) }

    static func write(_ text: String) { write(Array(text.utf8)) }

    static func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { return }
            rest = rest.dropFirst(written)
        }
    }
}
