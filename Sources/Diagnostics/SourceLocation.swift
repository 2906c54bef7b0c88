/// A place in a file or in a statement: what an editor jumps to.
///
/// Lines and columns are 1-based, columns count bytes of UTF-8; `byteOffset` is 0-based from the start of the file or text.
package struct SourceLocation: Hashable, Sendable {
    package var file: String?
    package var line: Int?
    package var column: Int?
    package var byteOffset: Int?

    package init(file: String? = nil, line: Int? = nil, column: Int? = nil, byteOffset: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.byteOffset = byteOffset
    }

    /// The location of a byte of `text`, with line and column counted from 1.
    package init(file: String? = nil, byteOffset: Int, in text: String) {
        var line = 1
        var column = 1
        var offset = 0
        for byte in text.utf8 {
            if offset == byteOffset { break }
            offset += 1
            if byte == 0x0A {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        self.init(file: file, line: line, column: column, byteOffset: byteOffset)
    }

    /// `file:line:column` with the parts that are known, or an empty string.
    package var description: String {
        var parts: [String] = []
        if let file { parts.append(file) }
        if let line { parts.append(String(line)) }
        if let line = line, line >= 0, let column { parts.append(String(column)) }
        return parts.joined(separator: ":")
    }
}
