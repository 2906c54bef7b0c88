import Foundation
import Testing

@Suite("Layout and names")
struct LayoutTests {
    @Test("the folders and files a newcomer looks for are there", arguments: [
        "Package.swift", "README.md", "LICENSE", "Makefile", ".ci/run", ".swift-format", "SampleData/README.md",
        "docs/architecture.md", "docs/file-format.md", "docs/sql.md", "docs/indicators.md", "docs/ranking.md",
        "docs/benchmarks.md", "docs/decisions",
    ])
    func exists(path: String) {
        #expect(FileManager.default.fileExists(atPath: SourceTree().root.appendingPathComponent(path).path), "\(path)")
    }

    @Test("no file of a module has another's name") func fileNamesAreUnique() throws {
        let tree = SourceTree()
        for module in try tree.modules() {
            let names = tree.swiftFiles(below: "Sources/\(module)").map { String($0.path.split(separator: "/").last ?? "") }
            #expect(Set(names).count == names.count, "two files of one name in \(module)")
        }
    }

    @Test("no file is named after what it is not") func namesSayWhat() throws {
        let tree = SourceTree()
        for file in tree.swiftFiles(below: "Sources") {
            let name = String(file.path.split(separator: "/").last ?? "")
            for word in ["Utils", "Util.", "Helper", "Manager", "Common.", "Misc"] {
                #expect(!name.contains(word), "\(file.path)")
            }
        }
    }

    @Test("the README shows the two commands") func readmeShowsCommands() throws {
        let text = try String(contentsOf: SourceTree().root.appendingPathComponent("README.md"), encoding: .utf8)
        #expect(text.contains("make demo") && text.contains("make test"))
    }
}
