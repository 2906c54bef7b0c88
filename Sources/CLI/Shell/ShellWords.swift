/// The words of a command, as psql reads them.
enum ShellWords {
    /// Words with blanks between them; single quotes hold one together, and two of them within stand for one.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        var characters = text[...]
        while let character = characters.popFirst() {
            if character == "'" {
                if isQuoted, characters.first == "'" {
                    characters.removeFirst()
                    word = (word ?? "") + "'"
                } else {
                    isQuoted.toggle()
                    word = word ?? ""
                }
            } else if character.isWhitespace, !isQuoted {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let whole = word { words.append(whole) }
        return words
    }

    /// A file's name that begins at the folder of the file it stands in.
    static func beside(_ file: String?, _ path: String) -> String {
        guard !path.hasPrefix("/"), let file, let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }

    /// The text without the quotes around it, if there are any.
    static func unquoted(_ text: String) -> String {
        for quote in ["'", "\""] where text.count > 1 && text.hasPrefix(quote) && text.hasSuffix(quote) {
            return String(text.dropFirst().dropLast()).replacing(quote + quote, with: quote)
        }
        return text
    }
}
