import Diagnostics

/// Text of several lines on its way to a terminal.
enum TerminalLines {
    /// Control characters made visible, line breaks kept.
    static func sanitized(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.sanitized(String($0)) }
            .joined(separator: "\n")
    }
}
