import Foundation

/// A page of the documentation with what a test can run of it.
struct DocumentationPage {
    /// What stands between two fences, and the heading above.
    struct Block {
        let heading: String
        let lines: [String]
    }

    /// A line behind `$ ` (and those on which its quotes go on), and what the page shows below it.
    struct Command {
        var text: String
        var shown: [String]
    }

    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    let name: String
    private let lines: [String]

    init(_ name: String) throws {
        self.name = name
        let text = try FileContent.text(Self.root.appendingPathComponent(name).path)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    func blocks(fence: String) -> [Block] {
        var blocks: [Block] = []
        var heading = ""
        var open: [String]?
        for line in lines {
            if let collected = open {
                if line == "```" {
                    blocks.append(Block(heading: heading, lines: collected))
                    open = nil
                } else {
                    open = collected + [line]
                }
            } else if line == "```" + fence {
                open = []
            } else if line.hasPrefix("#") {
                heading = String(line.drop { $0 == "#" || $0 == " " })
            }
        }
        return blocks
    }

    /// The commands of all blocks of the kind `console`, in their order.
    func commands() throws -> [Command] {
        var commands: [Command] = []
        for block in blocks(fence: "console") {
            var isOpen = false
            for line in block.lines {
                if isOpen {
                    commands[commands.count - 1].text += "\n" + line
                } else if line.hasPrefix("$ ") {
                    commands.append(Command(text: String(line.dropFirst(2)), shown: []))
                } else if commands.isEmpty {
                    throw Malformed(description: "\(name): \(line) stands below no command")
                } else {
                    commands[commands.count - 1].shown.append(line)
                    continue
                }
                isOpen = commands[commands.count - 1].text.filter { $0 == "\"" }.count % 2 == 1
            }
        }
        return commands
    }
}

extension DocumentationPage.Command {
    /// Verbs that show rows: as a table on a terminal, as CSV where the tests read them.
    private static let showingRows = [
        "sql", "report", "evidence", "indicators run", "indicators tune", "feedback show", "batches", "stats",
    ]

    /// The command as it gives in a file what the page shows of a terminal.
    var asOnATerminal: String {
        // What is in quotes is not the shell's.
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        let bare = parts.filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined(separator: "\"")
        let isPlain = !["|", ">", "&&", ";", " -o ", "--format", "--dossier"].contains { bare.contains($0) }
        let showsRows = Self.showingRows.contains { text.hasPrefix("fundwatch \($0) ") || text == "fundwatch \($0)" }
        return isPlain && showsRows ? text + " --format table" : text
    }

    /// The first line that the page shows and the output has not, or has and the page does not; nil if they agree.
    ///
    /// `…` alone stands for any lines, at the end of a line for the rest of it.
    func difference(from output: String) -> String? {
        var rest = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        if rest.last == "" { rest.removeLast() }
        var maySkip = false
        for line in shown {
            if line == "…" {
                maySkip = true
                continue
            }
            func isMet(_ other: String) -> Bool {
                line.hasSuffix("…") ? other.hasPrefix(line.dropLast()) : other == line
            }
            if maySkip { rest = rest.drop { !isMet($0) } }
            guard let found = rest.first, isMet(found) else {
                return "expected \(line), found \(rest.first ?? "the end")"
            }
            rest = rest.dropFirst()
            maySkip = false
        }
        return maySkip ? nil : rest.first.map { "the page does not show \($0)" }
    }
}
