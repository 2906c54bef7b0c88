import Diagnostics
import Glibc

/// The screen as a place for results: what does not fit goes through a pager.
final class PagedScreen {
    /// The pager was left before the end.
    struct PagerLeft: Error {}

    private let usesPager: Bool
    private var held: [UInt8] = []
    private var isThrough = false
    private var pager: ChildProgram?
    /// What the pager was given, for the screen if there turns out to be no such program; nil once that is too much to keep.
    private var given: [UInt8]? = []
    private static let keptSize = 1 << 20

    init(usesPager: Bool) {
        self.usesPager = usesPager && isatty(1) == 1 && isatty(0) == 1
    }

    /// - Throws: `PagerLeft`, or `interrupted` after Ctrl-C.
    func take(_ bytes: [UInt8]) throws {
        if Interruption.isRequested { throw Diagnostic(.interrupted, "interrupted") }
        if let pager {
            try give(bytes, to: pager)
            return
        }
        guard usesPager, !isThrough else {
            try PagedScreen.write(bytes)
            return
        }
        held += bytes
        guard PagedScreen.rowCount(of: held, columns: ShellScreen.size.columnCount) >= ShellScreen.size.rowCount else { return }
        if let command = PagedScreen.command, let started = ChildProgram(command, readsFromPipe: true) {
            pager = started
            let first = held
            held = []
            try give(first, to: started)
        } else {
            isThrough = true
            try PagedScreen.write(held)
            held = []
        }
    }

    private func give(_ bytes: [UInt8], to pager: ChildProgram) throws {
        given?.append(contentsOf: bytes)
        if given?.count ?? 0 > PagedScreen.keptSize { given = nil }
        if pager.write(bytes) { return }
        pager.wait()
        self.pager = nil
        guard pager.wasMissing, let given else { throw PagerLeft() }
        isThrough = true
        try PagedScreen.write(given)
    }

    /// Shows what was held back, or waits until the pager is left.
    func close() {
        if let pager {
            pager.wait()
            self.pager = nil
            if pager.wasMissing, let given { try? PagedScreen.write(given) }
        } else if !held.isEmpty {
            try? PagedScreen.write(held)
            held = []
        }
    }

    /// `$PAGER`, else `less` where there is one.
    private static var command: String? {
        if let own = Environment.value("PAGER") { return own }
        return ChildProgram.isInstalled("less") ? "less" : nil
    }

    /// Rows of a screen that lines take, long ones several.
    private static func rowCount(of bytes: [UInt8], columns: Int) -> Int {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().reduce(0) { sum, line in
            let width = DisplayWidth.of(String(decoding: line, as: UTF8.self))
            return sum + max(1, (width + columns - 1) / columns)
        }
    }

    private static func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            if Interruption.isRequested { throw Diagnostic(.interrupted, "interrupted") }
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, min($0.count, 1 << 16)) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw Diagnostic(.inputOutput, "cannot write to the screen: " + (unsafe String(cString: strerror(errno))))
            }
            rest = rest.dropFirst(written)
        }
    }
}
