import Diagnostics
import Glibc
import Indicators

/// Files that one command takes one after the other, each by itself.
enum InputFiles {
    private static let shownCount = 10

    /// Finds the files that cannot be read before any of them is; of one file alone its reader says it.
    static func check(_ files: [String]) throws {
        guard files.count > 1 else { return }
        let refused = files.compactMap { file in refusal(of: file).map { (file: file, reason: $0) } }
        guard let first = refused.first else { return }
        if refused.count == 1 {
            throw Diagnostic(
                first.reason.kind, "\(first.reason.text); nothing was loaded", at: SourceLocation(file: first.file),
                mend: "check the path, or leave it out")
        }
        let listed = refused.prefix(shownCount).map { "\(TerminalText.sanitized($0.file)) (\($0.reason.text))" }.joined(separator: ", ")
        throw Diagnostic(
            .noInput, "\(refused.count) of \(files.count) files cannot be read, and nothing was loaded: \(listed)"
                + (refused.count > shownCount ? ", …" : ""),
            mend: "check the paths, or leave them out")
    }

    /// What became of the other files when one of them could not be loaded.
    static func account(_ files: [String], failed: Int) -> BilingualText {
        let (before, after) = (files[..<failed], files[(failed + 1)...])
        let loaded = before.isEmpty
            ? BilingualText("none was loaded", "均未载入")
            : BilingualText("loaded before it: \(names(before))", "此前已载入：\(names(before))")
        let rest = after.isEmpty ? BilingualText("", "") : BilingualText("; not tried: \(names(after))", "；未处理：\(names(after))")
        let failing = TerminalText.sanitized(files[failed])
        return BilingualText("\(failing) was not loaded; \(loaded.english)\(rest.english)", "\(failing) 未载入；\(loaded.chinese)\(rest.chinese)")
    }

    private static func names(_ files: ArraySlice<String>) -> String {
        files.prefix(shownCount).map(TerminalText.sanitized).joined(separator: ", ")
            + (files.count > shownCount ? ", … (\(files.count))" : "")
    }

    private static func refusal(of file: String) -> (kind: FailureKind, text: String)? {
        // Addresses are refused by a word of their own.
        if file == "-" || file.contains("://") { return nil }
        var information = stat()
        guard unsafe stat(file, &information) == 0 else {
            return errno == EACCES ? (.permission, "the file may not be read") : (.noInput, "no such file")
        }
        if information.st_mode & S_IFMT == S_IFDIR { return (.noInput, "this is a folder") }
        return unsafe access(file, R_OK) == 0 ? nil : (.permission, "the file may not be read")
    }
}
