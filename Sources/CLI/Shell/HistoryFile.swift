import Diagnostics
import Glibc

/// The statements of earlier sessions, one a line, in a file that only its owner may read.
///
/// Every statement is added at once, so that sessions beside each other and a lost terminal lose nothing.
struct HistoryFile {
    let path: String

    /// `$XDG_STATE_HOME/fundwatch/history`, else below `~/.local/state`; nil without a home.
    static var standard: HistoryFile? {
        UserFolder.path("XDG_STATE_HOME", else: ".local/state").map { HistoryFile(path: $0 + "/fundwatch/history") }
    }

    /// The last `limit` entries, oldest first. The file stays as it is.
    func newest(_ limit: Int) -> [String] {
        lines().suffix(limit).map { HistoryFile.decoded(String(decoding: $0, as: UTF8.self)) }
    }

    /// Cuts a file that grew far beyond `limit` entries to the last of them: once, when a session begins.
    func trim(to limit: Int) {
        let lines = lines()
        if lines.count > 2 * limit { replace(with: Array(lines.suffix(limit).joined(separator: [0x0A])) + [0x0A]) }
    }

    private func lines() -> [ArraySlice<UInt8>] { FileBytes.read(path, limit: 64 << 20)?.split(separator: 0x0A) ?? [] }

    /// Adds an entry.
    ///
    /// - Throws: `Diagnostic` if the file cannot be written.
    func append(_ entry: String) throws {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if let code = UserFolder.make(folder) { throw failure(code) }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        fchmod(descriptor, 0o600)
        let bytes = Array((HistoryFile.encoded(entry) + "\n").utf8)
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else { throw failure(errno) }
    }

    private func replace(with bytes: [UInt8]) {
        let temporary = path + ".partial-\(getpid())"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let isWritten = unsafe write(descriptor, bytes, bytes.count) == bytes.count
        close(descriptor)
        let isReplaced = unsafe isWritten && rename(temporary, path) == 0
        if !isReplaced { unsafe unlink(temporary) }
    }

    private func failure(_ code: Int32) -> Diagnostic {
        let reason = unsafe String(cString: strerror(code))
        return Diagnostic(.cannotCreate, "the history is not kept: \(reason)", at: SourceLocation(file: path))
    }

    private static func encoded(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func decoded(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                result.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
