import CEdit
import Diagnostics
import Glibc

/// Reads lines from a terminal with editing, history and completion, through libedit.
@safe
final class LineEditor {
    enum Input {
        case line(String)
        /// Ctrl-C: what was typed is gone.
        case cancelled
        /// Ctrl-D, or the terminal is gone.
        case end
    }

    static let historyCount = 2000
    private let client: EditorClient
    private let edit: OpaquePointer
    private let log: OpaquePointer

    /// - Parameter complete: Gives what can follow the text before the cursor.
    init(complete: @escaping (String) -> Completion) throws {
        LineEditor.useUTF8()
        client = EditorClient(complete: complete)
                guard let log = unsafe history_init(),
            let edit = unsafe edit_open(ShellScreen.descriptor == 2, Unmanaged.passUnretained(client).toOpaque(), promptText)
        else { throw Diagnostic(.inputOutput, "the terminal cannot be used for editing") }
        unsafe self.log = log
        unsafe self.edit = edit
        unsafe edit_use_history(edit, log, Int32(LineEditor.historyCount))
        unsafe edit_take_signal_keys(edit)
        unsafe edit_add_function(edit, "fundwatch-complete", completeWord)
        unsafe edit_add_function(edit, "fundwatch-cancel", cancelLine)
        unsafe edit_add_function(edit, "fundwatch-suspend", suspend)
        for (key, function) in LineEditor.keys { unsafe edit_bind(edit, key, function) }
        // The user's own ~/.editrc has the last word.
        _ = unsafe el_source(edit, nil)
    }

    deinit {
        unsafe el_end(edit)
        unsafe history_end(log)
        unsafe free(client.prompt)
    }

    func read(prompt: String) -> Input {
        unsafe free(client.prompt)
        unsafe client.prompt = unsafe strdup(prompt)
        client.isCancelled = false
        var count: Int32 = 0
        guard let text = unsafe el_gets(edit, &count), count > 0 else {
            return client.isCancelled || (count < 0 && errno == EINTR) ? .cancelled : .end
        }
        if client.isCancelled { return .cancelled }
        var line = unsafe String(cString: text)
        while line.hasSuffix("\n") || line.hasSuffix("\r") { line.removeLast() }
        return .line(line)
    }

    func remember(_ text: String) { unsafe edit_remember(log, text) }

    /// What terminals send for keys that libedit leaves unbound.
    private static let keys = [
        ("^I", "fundwatch-complete"), ("^C", "fundwatch-cancel"), ("^Z", "fundwatch-suspend"), ("^R", "em-inc-search-prev"),
        ("^W", "ed-delete-prev-word"), ("\\e[3~", "ed-delete-next-char"), ("\\e[H", "ed-move-to-beg"),
        ("\\e[1~", "ed-move-to-beg"), ("\\eOH", "ed-move-to-beg"), ("\\e[F", "ed-move-to-end"),
        ("\\e[4~", "ed-move-to-end"), ("\\eOF", "ed-move-to-end"), ("\\e[1;5C", "em-next-word"),
        ("\\e[1;5D", "ed-prev-word"),
    ]

    /// Characters of more than one byte are read as such, whatever the locale says.
    private static func useUTF8() {
        unsafe setlocale(LC_CTYPE, "")
        if let name = unsafe nl_langinfo(nl_item(CODESET)), unsafe strcmp(name, "UTF-8") == 0 { return }
        unsafe setlocale(LC_CTYPE, "C.UTF-8")
    }
}

/// What libedit's callbacks work on.
@safe
private final class EditorClient {
    var prompt: UnsafeMutablePointer<CChar>?
    var isCancelled = false
    let complete: (String) -> Completion

    init(complete: @escaping (String) -> Completion) { self.complete = complete }

    /// The client of an editor, which keeps it alive.
    static func of(_ edit: OpaquePointer?) -> EditorClient? {
        guard let edit = unsafe edit, let pointer = unsafe edit_client(edit) else { return nil }
        return unsafe Unmanaged<EditorClient>.fromOpaque(pointer).takeUnretainedValue()
    }
}

private nonisolated func promptText(_ edit: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
    unsafe EditorClient.of(edit)?.prompt
}

/// Ctrl-C: shows it behind the line and ends the line, which is then thrown away.
private nonisolated func cancelLine(_ edit: OpaquePointer?, _ key: Int32) -> UInt8 {
    guard let client = unsafe EditorClient.of(edit) else { return UInt8(CC_ERROR) }
    client.isCancelled = true
    _ = unsafe el_cursor(edit, Int32(1 << 20))
    _ = unsafe el_insertstr(edit, "^C")
    unsafe el_push(edit, "\n")
    return UInt8(CC_REFRESH)
}

/// Ctrl-Z: stops the process as the terminal would, which gives the terminal back first and takes it again afterwards.
private nonisolated func suspend(_ edit: OpaquePointer?, _ key: Int32) -> UInt8 {
    raise(SIGTSTP)
    return UInt8(CC_NORM)
}

/// Tab: adds what all candidates have in common, or lists them. In pasted text a tab is only a blank.
private nonisolated func completeWord(_ edit: OpaquePointer?, _ key: Int32) -> UInt8 {
    guard let client = unsafe EditorClient.of(edit), let line = unsafe el_line(edit) else { return UInt8(CC_ERROR) }
    var waiting = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    if unsafe poll(&waiting, 1, 0) > 0 {
        _ = unsafe el_insertstr(edit, " ")
        return UInt8(CC_REFRESH)
    }
    let before = unsafe LineEditor.text(from: line.pointee.buffer, to: line.pointee.cursor)
    let completion = client.complete(before)
    guard let first = completion.candidates.first else { return UInt8(CC_ERROR) }
    let common = completion.commonPrefix
    if completion.candidates.count == 1 || common.unicodeScalars.count > completion.typed.unicodeScalars.count {
        let isWhole = completion.candidates.count == 1
        unsafe el_deletestr(edit, Int32(completion.typed.unicodeScalars.count))
        _ = unsafe el_insertstr(edit, isWhole ? first.text + first.suffix : common)
        return UInt8(CC_REFRESH)
    }
    let size = ShellScreen.size
    let whole = unsafe LineEditor.text(from: line.pointee.buffer, to: line.pointee.lastchar)
    // Drawing the line again clears as many rows above the cursor as a long line takes.
    let wrapped = (LineEditor.promptWidth + DisplayWidth.of(whole)) / size.columnCount
    let list = "\r\n" + completion.listing(width: size.columnCount) + String(repeating: "\r\n", count: wrapped)
    ShellScreen.write(list)
    return UInt8(CC_REDISPLAY)
}

extension LineEditor {
    fileprivate static let promptWidth = 11

    fileprivate static func text(from start: UnsafePointer<CChar>?, to end: UnsafePointer<CChar>?) -> String {
        guard let start = unsafe start, let end = unsafe end, unsafe end > start else { return "" }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: end - start)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
