import Foundation

/// A script of statements with what each must give, in one plain-text file.
///
///     # A comment stays where it is.
///     > select 1 as a,
///     >   null as b
///     a | b
///     1 | NULL
///
/// A block is comments, then lines of one statement behind `> ` (or `plan> `, which shows the plan too), then what it gave,
/// up to an empty line. `FUNDWATCH_GOLDEN=rewrite swift test --filter GoldenTests` writes what the statements give today.
struct GoldenScript {
    struct Block {
        var comments: [String] = []
        /// Empty for a block of comments only.
        var statement = ""
        var showsPlan = false
        var expected: [String] = []
        /// 1-based line of the file.
        var line = 0
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")

    /// Names of all scripts, sorted.
    static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".golden") }.map { String($0.dropLast(7)) }.sorted()
    }

    static var isRewriting: Bool { ProcessInfo.processInfo.environment["FUNDWATCH_GOLDEN"] == "rewrite" }

    var blocks: [Block] = []

    static func url(_ name: String) -> URL { folder.appendingPathComponent(name + ".golden") }

    init(text: String) {
        var block = Block()
        func isEmpty(_ block: Block) -> Bool { block.comments.isEmpty && block.statement.isEmpty }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).enumerated() {
            if line.isEmpty {
                if !isEmpty(block) { blocks.append(block) }
                block = Block()
            } else if block.statement.isEmpty || block.expected.isEmpty, let part = GoldenScript.statementPart(line) {
                if block.statement.isEmpty { block.line = index + 1 }
                block.showsPlan = line.hasPrefix("plan")
                block.statement += (block.statement.isEmpty ? "" : "\n") + part
            } else if block.statement.isEmpty {
                block.comments.append(line)
            } else {
                block.expected.append(line)
            }
        }
        if !isEmpty(block) { blocks.append(block) }
    }

    private static func statementPart(_ line: String) -> String? {
        for prefix in ["plan> ", "> "] where line.hasPrefix(prefix) { return String(line.dropFirst(prefix.count)) }
        return line == ">" ? "" : nil
    }

    /// The script with what its statements gave in place of what they should give.
    func text(giving results: [[String]]) -> String {
        zip(blocks, results).map { block, result in
            var lines = block.comments
            if !block.statement.isEmpty {
                for (index, part) in block.statement.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                    lines.append((block.showsPlan && index == 0 ? "plan> " : "> ") + part)
                }
            }
            return (lines + result).joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }
}
