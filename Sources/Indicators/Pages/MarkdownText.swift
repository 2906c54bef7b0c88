/// Pieces of a page in Markdown.
enum MarkdownText {
    /// Columns of a written line; rows of tables are as long as they are.
    private static let lineWidth = 150

    /// A paragraph, broken between words; further lines begin with `indent` blanks.
    ///
    /// A line begins with no sign that would make it a list, a quotation or a heading.
    static func paragraph(_ text: String, indent: Int = 0) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            let mayBegin = word.first.map { $0.isLetter || $0 == "(" || $0 == "`" } ?? false
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if mayBegin, (lines.count > 1 ? indent : 0) + last.count + 1 + word.count > lineWidth {
                lines.append(String(word))
            } else {
                lines[lines.count - 1] += " " + word
            }
        }
        return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
    }

    static func table(_ header: [String], _ rows: [[String]]) -> String {
        let lines = [header, header.map { _ in "---" }] + rows
        return lines.enumerated().map { number, cells in
            number == 1 ? "|" + cells.joined(separator: "|") + "|" : "| " + cells.joined(separator: " | ") + " |"
        }.joined(separator: "\n")
    }

    /// A text in a cell of a table, with nothing in it that Markdown would take for its own.
    static func cell(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\|*`<".contains(character) { result += "\\" }
            result.append(character)
        }
        return result
    }

    static func code(_ text: String) -> String { "`" + text + "`" }

    /// With a full stop, if it ends without one.
    static func sentence(_ text: String) -> String {
        guard let last = text.last, !".!?。".contains(last) else { return text }
        return text + "."
    }

    /// With a capital, if it begins with a word.
    static func capitalized(_ text: String) -> String {
        guard let word = text.split(separator: " ").first, word.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-") }) else { return text }
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
