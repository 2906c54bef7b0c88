/// The lines of a text from a file.
enum TextLines {
    /// Lines as their line feeds divide them. To a string CRLF is one character, and no line feed; the CR stays with its line.
    static func of(_ text: String) -> [String] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
}
