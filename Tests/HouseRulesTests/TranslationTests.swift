import Foundation
import Testing

/// The messages in Chinese are found by the English ones: one that no source says any more translates nothing.
@Suite("Translations")
struct TranslationTests {
    private struct Entry {
        let group: String
        let english: String
        let chinese: String
    }

    /// Said by libraries and the system, not by our sources.
    private static let foreign: Set = ["parserErrors", "grammarErrors", "systemErrors"]
    /// Put together from parts, so that no text in the sources is the whole of them.
    private static let composed: Set = [
        "{}:{word}:{word}: {phrase}", "{}: {phrase}", "column \"{}\", row group {word}: {message}", "column \"{}\", row group {word}, page {word}: {message}",
        "row group {word}: {message}", "{}: no such file", "{}: this is a folder, expected a Parquet file", "{}: nothing is read over the network", "{}: there is no such file",
        "{}: there is no sheet \"{}\"", "{}: sheet \"{}\" has no cells", "block {word} of column \"{}\": {message}", "line {word}, {}: {message}",
        "{word}: \"{}\" is no type that a file can be read as",
        "{} is not an identifier: a spreadsheet has rewritten it", "{} is not a day such as 2025-01-31",
    ]
    private static var places: Regex<(Substring, Substring)> { /\{(|word|phrase|message|examples|columns|reasons)\}/ }

    private static func entries() -> [Entry] {
        var entries: [Entry] = []
        for file in SourceTree().swiftFiles(below: "Sources/CLI/Wording") where file.path.contains("ChineseMessages+") {
            var group = ""
            for line in file.text.split(separator: "\n") {
                if let start = line.firstMatch(of: /static let (\w+) = """/) { group = String(start.1) }
                let text = line.dropFirst(8).replacing("\\\\", with: "\\")
                guard line.hasPrefix("        "), let arrow = text.firstRange(of: " => ") else { continue }
                entries.append(
                    Entry(group: group, english: String(text[..<arrow.lowerBound]), chinese: String(text[arrow.upperBound...])))
            }
        }
        return entries
    }

    private static func literals() -> Set<String> {
        var literals: Set<String> = []
        for file in SourceTree().swiftFiles(below: "Sources") where !file.path.contains("ChineseMessages+") {
            literals.formUnion(SourceLiterals(of: file.text).all.map { $0.replacing("\n", with: " ") })
        }
        return literals
    }

    private static func pattern(_ pieces: [some StringProtocol]) -> String {
        pieces.map { NSRegularExpression.escapedPattern(for: String($0)) }.joined(separator: ".*")
    }

    private static func isMatch(_ pattern: String, _ text: String) throws -> Bool {
        let expression = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
        return expression.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }

    @Test("each message that has a Chinese text stands in the sources") func noDeadEntries() throws {
        let literals = Self.literals()
        let joined = literals.joined(separator: "\n")
        // Texts that are mostly put in, such as `"\(name)" is not a \(kind)`, fit a message the other way round.
        let open = try literals.filter { $0.contains(SourceLiterals.hole) && $0.count(where: \.isLetter) >= 6 }.map {
            try NSRegularExpression(pattern: "^" + Self.pattern($0.split(separator: SourceLiterals.hole, omittingEmptySubsequences: false)) + "$")
        }
        for entry in Self.entries() where !Self.foreign.contains(entry.group) && !Self.composed.contains(entry.english) {
            let pieces = entry.english.split(separator: Self.places, omittingEmptySubsequences: false)
            let pattern = Self.pattern(pieces)
            // A phrase is a part of a message.
            if try Self.isMatch(entry.group == "phrases" ? pattern : "^" + pattern + "$", joined) { continue }
            if entry.english.hasSuffix(": {message}"), literals.contains(String(entry.english.dropLast(11))) { continue }
            let plain = pieces.joined(separator: "x")
            let range = NSRange(location: 0, length: plain.utf16.count)
            #expect(open.contains { $0.firstMatch(in: plain, range: range) != nil }, "nothing says \(entry.english)")
        }
    }

    @Test("no message has two Chinese texts, and each names places that there are") func entriesAreSound() {
        var seen: Set<String> = []
        for entry in Self.entries() {
            #expect(seen.insert(entry.english).inserted, "twice: \(entry.english)")
            let count = entry.english.matches(of: Self.places).count
            let filled = entry.chinese.matches(of: /\{([0-9]*)\}/)
            #expect(filled.count <= count || count == 0, "\(entry.english)")
            for place in filled {
                if let number = Int(place.1) { #expect((1...max(count, 1)).contains(number), "\(entry.english)") }
            }
        }
        #expect(seen.count > 200)
    }

    @Test("what is said to hands that know other engines is there in Chinese") func habits() throws {
        let patterns = try Self.entries().map { entry in
            try NSRegularExpression(
                pattern: "^" + Self.pattern(entry.english.split(separator: Self.places, omittingEmptySubsequences: false)) + "$")
        }
        let files = SourceTree().swiftFiles(below: "Sources").filter { $0.path.hasSuffix("Habits.swift") && !$0.path.contains("Sources/CLI") }
        #expect(files.count == 3)
        let hints = files.flatMap { SourceLiterals(of: $0.text).all }.filter { $0.contains(" ") && $0.count(where: \.isLetter) > 3 }
        #expect(hints.count > 60)
        for hint in hints {
            let range = NSRange(location: 0, length: hint.utf16.count)
            #expect(patterns.contains { $0.firstMatch(in: hint, range: range) != nil }, "no Chinese for \(hint)")
        }
    }

    @Test("texts are read from source as they are shown") func literals() {
        let source = #"""
            let a = "plain \"quoted\"" // "a comment"
            let b = "from \(name(of: "inner")) to " + other
            let c = "one; "
                + "two"
            """#
        let hole = String(SourceLiterals.hole)
        #expect(SourceLiterals(of: source).all == ["plain \"quoted\"", "inner", "from \(hole) to \(hole)", "one; two"])
    }
}
