import Diagnostics

/// What can be put in place of a word somebody has begun.
struct Completion: Equatable {
    struct Candidate: Equatable {
        var text: String
        /// Follows the text if it is the only one, such as a blank or a bracket.
        var suffix = " "
    }

    /// The part of the word before the cursor, which a candidate replaces.
    var typed = ""
    var candidates: [Candidate] = []

    static let none = Completion()

    /// Characters with which all candidates begin; as typed, if they differ in case only.
    var commonPrefix: String {
        guard let first = candidates.first else { return typed }
        var prefix = Array(first.text.unicodeScalars)
        for candidate in candidates.dropFirst() {
            let other = Array(candidate.text.unicodeScalars)
            var count = 0
            while count < min(prefix.count, other.count), prefix[count] == other[count] { count += 1 }
            prefix.removeSubrange(count...)
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: prefix)
        return text
    }

    /// The candidates in columns, lines ended as a terminal in raw mode needs it.
    func listing(width: Int) -> String {
        let shown = candidates.prefix(200).map { TerminalText.sanitized($0.text) }
        let cell = min(width, (shown.map(DisplayWidth.of).max() ?? 0) + 2)
        let columnCount = max(1, width / max(1, cell))
        let rowCount = (shown.count + columnCount - 1) / columnCount
        var text = ""
        for row in 0..<rowCount {
            var line = ""
            for column in 0..<columnCount where column * rowCount + row < shown.count {
                let word = shown[column * rowCount + row]
                line += word + String(repeating: " ", count: max(0, cell - DisplayWidth.of(word)))
            }
            while line.hasSuffix(" ") { line.removeLast() }
            text += line + "\r\n"
        }
        if shown.count < candidates.count { text += "… \(candidates.count - shown.count) more\r\n" }
        return text
    }
}
