/// The manual pages as the commands' own declarations make them: one for the program, one for each verb.
struct ManualPages {
    let program: HelpTree.Command
    let version: String
    /// The day of the version, which a page's foot shows.
    static let date = "2026-11-27"

    /// File name → page.
    func all() -> [String: String] {
        var pages = ["fundwatch.1": overview()]
        for verb in program.verbs { pages["fundwatch-\(verb.commandName).1"] = page(of: verb) }
        return pages
    }

    // MARK: - Pages

    private func overview() -> String {
        let text = HelpText(program.discussion)
        var lines = head("fundwatch", program.abstract)
        lines += [".SH SYNOPSIS", ".B fundwatch", ".br", ".B fundwatch", ".I verb", ".RI [ options ]"]
        lines += [".SH DESCRIPTION"] + paragraphs(text.paragraphs)
        lines += [".PP", ".B fundwatch help", ".I verb", "explains a verb, beginning with examples, and so does its manual page."]
        lines.append(".SH VERBS")
        for verb in program.verbs {
            lines += [".TP", ".BR fundwatch\\-\(Self.code(verb.commandName)) (1)", Self.prose(verb.abstract ?? "")]
        }
        lines.append(".SH COMMON OPTIONS")
        lines += ["Every verb takes these; its page leaves out those that do nothing there."]
        lines += commonOptions().flatMap { option($0) }
        lines += examples(text.examples) + Self.end
        return lines.joined(separator: "\n") + "\n"
    }

    /// Those of `sql` that every other verb declares as well.
    private func commonOptions() -> [HelpTree.Argument] {
        let declared = program.verbs.filter { $0.verbs.isEmpty }.map { Set(($0.arguments ?? []).flatMap(\.spellings)) }
        let query = program.verbs.first { $0.commandName == "sql" }
        return (query?.shown ?? []).filter { argument in
            !argument.spellings.isEmpty && declared.allSatisfy { $0.isSuperset(of: argument.spellings) }
        }
    }

    private func page(of verb: HelpTree.Command) -> String {
        let text = HelpText(verb.discussion)
        var lines = head("fundwatch-\(verb.commandName)", verb.abstract) + [".SH SYNOPSIS"]
        let parts = verb.verbs.isEmpty ? [verb] : verb.verbs
        for (number, part) in parts.enumerated() {
            if number > 0 { lines.append(".br") }
            lines += synopsis(part, of: verb)
        }
        lines += [".SH DESCRIPTION"] + paragraphs(text.paragraphs.isEmpty ? [verb.abstract ?? ""] : text.paragraphs)
        var shownExamples = text.examples
        if verb.verbs.isEmpty {
            lines += [".SH OPTIONS"] + verb.shown.flatMap { option($0) }
        } else {
            for part in verb.verbs {
                let own = HelpText(part.discussion)
                lines.append(".SH \(Self.code("\(verb.commandName) \(part.commandName)".uppercased()))")
                lines += paragraphs([part.abstract ?? ""] + own.paragraphs.filter { $0 != part.abstract })
                lines += part.shown.flatMap { option($0) }
                shownExamples += own.examples.filter { !shownExamples.contains($0) }
            }
        }
        lines += examples(shownExamples)
        lines += [".SH SEE ALSO", ".BR fundwatch (1),", ".BR fundwatch\\-config (5)"]
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Parts of a page

    private func head(_ name: String, _ abstract: String?) -> [String] {
        var summary = abstract ?? ""
        if summary.hasSuffix(".") { summary.removeLast() }
        return [
            ".\\\" Made from the program's own help; a test holds it against that.",
            ".TH \(Self.code(name).uppercased()) 1 \"\(Self.date)\" \"fundwatch \(version)\" \"User Commands\"", ".SH NAME",
            "\(Self.code(name)) \\- \(Self.prose(summary))",
        ]
    }

    private func synopsis(_ command: HelpTree.Command, of verb: HelpTree.Command) -> [String] {
        let isPart = command.commandName != verb.commandName || !verb.verbs.isEmpty
        var lines = [".B fundwatch \(Self.code(verb.commandName))" + (isPart ? " \(Self.code(command.commandName))" : "")]
        let options = command.shown.filter { $0.kind != "positional" }
        if options.contains(where: \.isOptional) { lines.append(".RI [ options ]") }
        for required in options where !required.isOptional {
            lines += [".B \(Self.code(required.spellings.last ?? ""))", ".I \(Self.code(required.valueName ?? "value"))"]
        }
        for argument in command.shown where argument.kind == "positional" {
            let name = Self.code(argument.valueName ?? "value") + (argument.isRepeating ? " ..." : "")
            lines.append(argument.isOptional ? ".RI [ \"\(name)\" ]" : ".I \(name)")
        }
        return lines
    }

    private func option(_ argument: HelpTree.Argument) -> [String] {
        let value = Self.code(argument.valueName ?? "value")
        let title: String
        if argument.kind == "positional" {
            title = ".I \(value)"
        } else {
            let names = argument.spellings.map { "\\fB\(Self.code($0))\\fR" }.joined(separator: ", ")
            title = names + (argument.kind == "option" ? " \\fI\(value)\\fR" : "")
        }
        var text = argument.abstract ?? ""
        if let standard = argument.defaultValue, argument.kind != "flag" { text += " (default: \(standard))" }
        if let values = argument.allValues, !values.allSatisfy({ text.contains($0) }) { text += " (values: \(values.joined(separator: ", ")))" }
        return [".TP", title, Self.prose(text)]
    }

    private func paragraphs(_ texts: [String]) -> [String] {
        texts.enumerated().flatMap { number, text in (number == 0 ? [] : [".PP"]) + [Self.prose(text)] }
    }

    private func examples(_ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [".SH EXAMPLES", ".nf"] + lines.map { Self.guarded(Self.code($0)) } + [".fi"]
    }

    // MARK: - Text

    /// What is typed as it is: every hyphen is one.
    private static func code(_ text: String) -> String { escaped(text).replacing("-", with: "\\-") }

    /// Sentences: a hyphen is one where an option or a name begins with it.
    private static func prose(_ text: String) -> String {
        var result = ""
        var before: Character = " "
        for character in escaped(text) {
            result += character == "-" && (before.isWhitespace || "(-".contains(before)) ? "\\-" : String(character)
            before = character
        }
        return guarded(result)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "'": result += "\\(aq"
            case "\"": result += "\\(dq"
            case "`": result += "\\(ga"
            case "~": result += "\\(ti"
            case "^": result += "\\(ha"
            case _ where scalar.value > 126: result += "\\[u" + hexadecimal(scalar.value) + "]"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// A line that begins with a dot would be a request.
    private static func guarded(_ line: String) -> String { line.hasPrefix(".") ? "\\&" + line : line }

    /// What the page of the program ends with, and no declaration says.
    private static let end = [
        ".SH ENVIRONMENT", ".TP",
        ".BR FUNDWATCH_STORE \", \" FUNDWATCH_THREADS \", \" FUNDWATCH_MEMORY \", \" FUNDWATCH_TIMEOUT \", \" FUNDWATCH_LANG \", \" FUNDWATCH_COLOR",
        "stand for the options of these names; see", ".BR fundwatch\\-config (5)", ".TP", ".B FUNDWATCH_CONFIG", "the configuration file", ".TP",
        ".BR NO_COLOR \", \" PAGER \", \" VISUAL \", \" EDITOR \", \" TMPDIR \", \" TZ", "as everywhere", ".SH FILES", ".TP",
        ".I $XDG_CONFIG_HOME/fundwatch/config.yaml", "settings, a key: value a line (else below ~/.config)".replacing("~", with: "\\(ti"), ".TP",
        ".I $XDG_STATE_HOME/fundwatch/history",
        "statements of the shell, readable by their owner only (else below ~/.local/state)".replacing("~", with: "\\(ti"), ".TP",
        ".I ./fundwatch\\-store", "the store, if nothing else is named", ".SH EXIT STATUS",
        "0 done; 1 query or check failed; 64 usage; 65 bad data or damaged store; 66 no such input; 70 a bug; 73 cannot create, disk full;",
        "74 input or output failed; 75 busy, limit or time\\-out; 77 permission; 78 configuration; 130, 143 ended by a signal.",
        ".SH SEE ALSO", ".BR fundwatch\\-config (5)",
    ]
}

/// What stands below the title of a command's help: its examples, and the paragraphs behind them.
struct HelpText {
    var examples: [String] = []
    var paragraphs: [String] = []

    init(_ discussion: String?) {
        for part in (discussion ?? "").split(separator: "\n\n") {
            let lines = part.split(separator: "\n").map(String.init)
            if lines.first == "Examples:" {
                examples += lines.dropFirst().map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : $0 }
            } else {
                paragraphs.append(lines.joined(separator: "\n"))
            }
        }
    }
}
