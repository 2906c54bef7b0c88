import Diagnostics

/// CSV, JSON and the like on their way to a terminal.
enum ScreenText {
    /// Whole lines with every control character but line breaks and tabs made visible.
    static func visible(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var isFirst = true
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if !isFirst { text.append(0x0A) }
            isFirst = false
            let cells = line.split(separator: 0x09, omittingEmptySubsequences: false)
            text += cells.map { Array(TerminalText.sanitized(String(decoding: $0, as: UTF8.self)).utf8) }.joined(separator: [0x09])
        }
        return text
    }
}
