/// A line with a command of the shell: its name and what follows.
struct ShellCall {
    let name: String
    /// The rest of the line, without blanks at its ends.
    let argument: String
    /// The line as it was typed, for the columns of errors.
    let line: String

    init(_ typed: String) {
        line = typed
        let line = typed.trimmedBlanks
        // `\d+` and `\dt+` are how psql asks for more; here there is nothing left out.
        let word = line.prefix { !$0.isWhitespace }
        name = word.count > 2 && word.hasSuffix("+") ? String(word.dropLast()) : String(word)
        var rest = String(line.dropFirst(word.count)).trimmedBlanks
        // A `;` behind a command is a habit, not a part of a name.
        if !["\\!", ".shell", ".system", "\\echo", ".print"].contains(name), rest.hasSuffix(";") {
            rest = String(rest.dropLast()).trimmedBlanks
        }
        argument = rest
    }

    /// The argument as a file's name: quotes taken off, `~` put in full; nil if there is none.
    var fileName: String? {
        guard !argument.isEmpty else { return nil }
        for quote in ["'", "\""] where argument.count > 1 && argument.hasPrefix(quote) && argument.hasSuffix(quote) {
            return String(argument.dropFirst().dropLast())
        }
        if argument == "~" || argument.hasPrefix("~/"), let home = Environment.value("HOME") {
            return home + argument.dropFirst()
        }
        return argument
    }
}
