import Foundation

/// Files of the project that tests read.
enum Project {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func path(_ name: String) -> String { root.appendingPathComponent(name).path }

    static func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    /// The blocks of a page between fences of this kind.
    static func blocks(of page: String, fence: String) throws -> [[String]] {
        var blocks: [[String]] = []
        var block: [String]?
        for line in try text(page).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let open = block {
                if line == "```" {
                    blocks.append(open)
                    block = nil
                } else {
                    block = open + [line]
                }
            } else if line == "```" + fence {
                block = []
            }
        }
        return blocks
    }
}
