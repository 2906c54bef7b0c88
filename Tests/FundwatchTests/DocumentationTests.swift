import Foundation
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

    @Test("the example's own package has its one target and this library") func examplePackage() throws {
        let folder = "docs/examples/FindOversizedPrescriptions"
        let manifest = try PackageManifest.read(in: Project.path(folder))
        let library = try PackageManifest.read(in: Project.root.path)
        #expect(manifest.targets.map(\.name) == ["FindOversizedPrescriptions"])
        let product = try #require(manifest.targets.first?.dependencies.first?.product)
        #expect(Array(product.compactMap(\.self).prefix(2)) == ["Fundwatch", library.name])
        let folders = manifest.dependencies.compactMap { $0.fileSystem?.first?.path }
        #expect(folders.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path } == [Project.root.resolvingSymlinksInPath().path])
        #expect(library.products.contains { $0.name == "Fundwatch" && $0.targets == ["Fundwatch"] })
        #expect(try Project.text("Makefile").contains("EXAMPLE := \(folder)\n"))
    }

    /// Lines with something on them, without their indentation.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            String(line.drop { $0 == " " })
        }.filter { !$0.isEmpty }
    }
}
