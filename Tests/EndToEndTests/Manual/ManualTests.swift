import Foundation
import Testing

/// The manual pages of `docs/man`. `FUNDWATCH_GOLDEN=rewrite swift test --filter ManualTests` writes what the commands declare today.
@Suite("Manual")
struct ManualTests {
    private static var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/man")
    }

    private static func pages() throws -> ManualPages {
        let version = try ToolUnderTest.run(["--version"]).output
        return ManualPages(
            program: try HelpTree.ofProgram(), version: version.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? version)
    }

    @Test("each page says what its command declares, and there is one for each verb") func pagesAreMade() throws {
        let pages = try Self.pages().all()
        #expect(pages.count > 20)
        if ProcessInfo.processInfo.environment["FUNDWATCH_GOLDEN"] == "rewrite" {
            for (name, page) in pages { try Data(page.utf8).write(to: Self.folder.appendingPathComponent(name)) }
        }
        for (name, page) in pages {
            let file = try? String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
            #expect(file == page, "\(name) is not what the program says; FUNDWATCH_GOLDEN=rewrite writes it anew")
        }
        let made = Set(pages.keys).union(["fundwatch-config.5"])
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)) == made)
    }

    /// Read the other way round: what `--help` prints for people is on the page.
    @Test("every option that --help of a verb shows is on its page, and no other") func optionsOfHelp() throws {
        for verb in try HelpTree.ofProgram().verbs {
            let page = try String(contentsOf: Self.folder.appendingPathComponent("fundwatch-\(verb.commandName).1"), encoding: .utf8)
                .replacing("\\-", with: "-")
            var shown: Set<String> = []
            for part in verb.verbs.isEmpty ? [[verb.commandName]] : verb.verbs.map({ [verb.commandName, $0.commandName] }) {
                let help = try ToolUnderTest.run(part + ["--help"]).output
                // An option stands at the margin of its list.
                for line in help.split(separator: "\n") {
                    if let option = line.firstMatch(of: #/^  (?:-\w, )?(--[\w-]+)/#) { shown.insert(String(option.1)) }
                }
            }
            shown.subtract(["--help", "--version"])
            let documented = Set(page.matches(of: #/\\fB(--[\w-]+)\\fR/#).map { String($0.1) })
            #expect(documented == shown, "\(verb.commandName)")
        }
    }

    @Test("the page of the program knows every exit code, that of the settings every setting") func fixedParts() throws {
        let page = try String(contentsOf: Self.folder.appendingPathComponent("fundwatch.1"), encoding: .utf8)
        for code in ["64", "65", "66", "70", "73", "74", "75", "77", "78", "130, 143"] { #expect(page.contains("\(code) "), "\(code)") }
        let settings = try String(contentsOf: Self.folder.appendingPathComponent("fundwatch-config.5"), encoding: .utf8)
        let report = try ToolUnderTest.run(["doctor", "--format", "csv"]).output
        let names = report.split(separator: "\n").compactMap { $0.firstMatch(of: #/^setting,(\w+),/#).map { String($0.1) } }
        #expect(names.count >= 6)
        for name in names { #expect(settings.contains(".B \(name)\n"), "\(name)") }
    }

    @Test("an option that does nothing in a verb is taken there, and its help does not show it") func ignoredOptions() throws {
        let folder = try TemporaryFolder()
        let help = try ToolUnderTest.run(["doctor", "--help"]).output
        #expect(help.contains("--format") && !help.contains("--timing"))
        let serving = try ToolUnderTest.run(["serve", "--help"]).output
        #expect(!serving.contains("--excel") && !serving.contains("--output") && serving.contains("--memory"))
        let outcome = try ToolUnderTest.run(["generate", "--lines", "10", "--out", folder.path("data"), "--threads", "2", "--timing"])
        #expect(outcome.ending == .exited(code: 0))
    }
}
