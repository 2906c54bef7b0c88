import ArgumentParser
import Diagnostics
import Glibc
import Indicators

/// The language of errors: it must be known even where the command line could not be understood.
enum MessageLanguage {
    /// `--lang` wherever it stands among the words, else the variable or the user's file, else English.
    static var current: DisplayLanguage {
        let flag = named(by: CommandLine.arguments.dropFirst())
        return Setting.resolve("lang", flag: flag).value.flatMap { DisplayLanguage(rawValue: $0) } ?? .english
    }

    /// Of several the last one holds, as for every option.
    private static func named(by words: ArraySlice<String>) -> String? {
        var name: String?
        for (place, word) in zip(words.indices, words) {
            if word == "--" { break }
            if word == "--lang", words.indices.contains(place + 1) { name = words[place + 1] }
            if word.hasPrefix("--lang=") { name = String(word.dropFirst(7)) }
        }
        return name
    }

    /// The diagnostic as it is said in a language.
    static func said(_ diagnostic: Diagnostic, in language: DisplayLanguage) -> Diagnostic {
        let explained = FullWidthPunctuation.explained(diagnostic, in: language)
        return language == .chinese ? ChineseMessages.translated(explained) : explained
    }

    /// What is said beside results, as a line of standard error.
    static func line(_ diagnostic: Diagnostic, in language: DisplayLanguage) -> String {
        "fundwatch: " + DiagnosticRenderer.oneLine(said(diagnostic, in: language)) + "\n"
    }

    /// Help with its examples above all else; nil for what is no help, or has none.
    private static func withExamplesFirst(_ message: String) -> String? {
        let head = "OVERVIEW: "
        guard message.hasPrefix(head), let start = message.firstRange(of: "\n\nExamples:\n")?.lowerBound else { return nil }
        let rest = message[start...].dropFirst(2)
        let end = rest.firstRange(of: "\n\n")?.lowerBound ?? rest.endIndex
        return "\(head)\(rest[..<end])\n\n\(message[..<start].dropFirst(head.count))\(rest[end...])"
    }

    /// Ends with what the command line's parser says of its words, in Chinese where that is wanted; help stays as it is.
    static func exit(with error: any Error) -> Never {
        let code = Fundwatch.exitCode(for: error)
        if code == .success, let help = withExamplesFirst(Fundwatch.fullMessage(for: error)) {
            print(help)
            Glibc.exit(0)
        }
        guard current == .chinese, code == .validationFailure else { Fundwatch.exit(withError: error) }
        let lines = Fundwatch.fullMessage(for: error, columns: nil).split(separator: "\n", omittingEmptySubsequences: false)
        StandardError.write(lines.map { ChineseMessages.text(String($0)) }.joined(separator: "\n") + "\n")
        Glibc.exit(ExitCode.validationFailure.rawValue)
    }
}
