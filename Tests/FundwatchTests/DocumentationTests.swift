import Fundwatch
import Testing

/// The pages of the library say what is so.
@Suite("Pages of the library")
struct DocumentationTests {
    static let example = "docs/examples/FindOversizedPrescriptions/Sources/FindOversizedPrescriptions/main.swift"
    static let pages = [
        "docs/library.md", "Sources/Fundwatch/Fundwatch.docc/Fundwatch.md",
        "Sources/Fundwatch/Fundwatch.docc/From-a-CSV-to-a-finding.md",
    ]

    @Test("the example prints what its page shows") func exampleOutput() throws {
        let printed = try Program.run("FindOversizedPrescriptions", [Project.path("SampleData")])
        let shown = try #require(try Project.blocks(of: "docs/library.md", fence: "text").first)
        #expect(printed.split(separator: "\n").map(String.init) == shown)
    }

    @Test("every piece of Swift on a page stands in a program that is compiled", arguments: pages)
    func snippets(page: String) throws {
        let sources = try [Self.example, "Tests/FundwatchTests/PageSnippets.swift"].map { Self.lines(try Project.text($0)) }
        let blocks = try Project.blocks(of: page, fence: "swift")
        #expect(!blocks.isEmpty)
        for block in blocks {
            let wanted = Self.lines(block.joined(separator: "\n"))
            let isFound = sources.contains { source in
                source.indices.contains { source[$0...].prefix(wanted.count).elementsEqual(wanted) }
            }
            #expect(isFound, "\(page): \(wanted.first ?? "") …")
        }
    }

    @Test("the example's own package has its one source file and this library") func examplePackage() throws {
        let package = try Project.text("docs/examples/FindOversizedPrescriptions/Package.swift")
        #expect(package.contains(".package(name: \"fundwatch\", path: \"../../..\")"))
        #expect(package.contains(".product(name: \"Fundwatch\", package: \"fundwatch\")"))
    }

    /// Lines with something on them, without their indentation.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            String(line.drop { $0 == " " })
        }.filter { !$0.isEmpty }
    }
}
