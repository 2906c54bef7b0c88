import Glibc

/// Rows and columns of a terminal.
struct TerminalSize: Equatable {
    var rowCount: Int
    var columnCount: Int

    /// The size of the terminal behind a descriptor, 24 by 80 where it does not say.
    static func current(of descriptor: Int32) -> TerminalSize {
        var size = winsize()
        let code = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return TerminalSize(
            rowCount: code == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24,
            columnCount: code == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80)
    }
}
