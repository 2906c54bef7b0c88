import Diagnostics
import Glibc

/// The screen as a place for results: what does not fit goes through a pager.
final class PagedScreen {
    /// The pager was left before the end.
    struct PagerLeft: Error {}

    var usesPager: Bool {
        get { wantsPager && isatty(1) == 1 && isatty(0) == 1 }
        set { wantsPager = newValue }
    }
    private var wantsPager: Bool
    /// Whether Ctrl-C is the pager's while there is one.
    private let leavesInterruptToPager: Bool
    private var held: [UInt8] = []
    private var isThrough = false
    private var pager: ChildProgram?
    /// What the pager was given, for the screen if there turns out to be no such program; nil once that is too much to keep.
    private var given: [UInt8]? = []
    private static let keptSize = 1 << 20

    init(usesPager: Bool, leavesInterruptToPager: Bool = false) {
        self.leavesInterruptToPager = leavesInterruptToPager
        wantsPager = usesPager
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
            // Who leaves it early has seen enough: that ends what is written to it, not the process.
            signal(SIGPIPE, SIG_IGN)
            if leavesInterruptToPager { Interruption.isLeftToOthers(true) }
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
        end(pager)
        guard pager.wasMissing, let given else { throw PagerLeft() }
        isThrough = true
        try PagedScreen.write(given)
    }

    /// Shows what was held back, or waits until the pager is left.
    func close() {
        if let pager {
            end(pager)
            if pager.wasMissing, let given { try? PagedScreen.write(given) }
        } else if !held.isEmpty {
            try? PagedScreen.write(held)
            held = []
        }
    }

    private func end(_ pager: ChildProgram) {
        pager.wait()
        if leavesInterruptToPager { Interruption.isLeftToOthers(false) }
        self.pager = nil
    }

    /// `$PAGER`, else `less` where there is one; nil for none, which an empty `$PAGER` says, too.
    private static var command: String? {
        if let own = unsafe getenv("PAGER") {
            let words = unsafe String(cString: own)
            return words.allSatisfy(\.isWhitespace) ? nil : words
        }
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
