import Foundation

/// The project's own source files, for tests that hold the rules of the house.
struct SourceTree {
    let root: URL

    init(filePath: String = #filePath) {
        root = URL(fileURLWithPath: filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// Folder names under `Sources`, sorted.
    func modules() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Sources").path).sorted()
    }

    /// Every Swift file below a folder of the project, with its path from the root.
    func swiftFiles(below folder: String) -> [(path: String, text: String)] {
        let base = root.appendingPathComponent(folder)
        guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return walker.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            let url = base.appendingPathComponent(name)
            return (try? String(contentsOf: url, encoding: .utf8)).map { ("\(folder)/\(name)", $0) }
        }
    }

    /// Modules a file imports.
    static func imports(of text: String) -> Set<String> {
        var names: Set<String> = []
        for line in text.split(separator: "\n") {
            var words = line.split(separator: " ").map(String.init)[...]
            while let first = words.first, ["package", "public", "internal", "private", "@preconcurrency", "@testable"].contains(first) {
                words = words.dropFirst()
            }
            guard words.first == "import", words.count >= 2 else { continue }
            let last = words.last ?? ""
            names.insert(String(last.split(separator: ".").first ?? ""))
        }
        return names
    }
}
