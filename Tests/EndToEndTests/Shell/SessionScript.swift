import Foundation

/// A recorded session: keys that are pressed, and what the screen then shows.
///
///     # A comment.
///     set PAGER=cat
///     run sql --lang zh
///     > select 1 as a;
///     | fundwatch> select 1 as a;
///     | a
///
/// `run sh` is a session with the system's shell, in which the tool is a command among others: pipes, files, exit codes.
/// `store claims` gives the store with claims instead of the one with visits.
/// `> ` types a line and Enter, `~ ` types without Enter, `& ` types a line and Enter and waits until it is at work. Keys in
/// angle brackets are pressed: `<Tab>`, `<C-c>`, `<Up>`. The rows of the screen that are new follow behind `| `.
/// `FUNDWATCH_GOLDEN=rewrite swift test --filter ShellSessionTests` writes what the screen shows today.
struct SessionScript {
    struct Step {
        var comments: [String] = []
        var keys = ""
        var endsLine = true
        var waits = true
        var expected: [String] = []
        var line = 0
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sessions")

    static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".session") }.map { String($0.dropLast(8)) }.sorted()
    }

    static var isRewriting: Bool { ProcessInfo.processInfo.environment["FUNDWATCH_GOLDEN"] == "rewrite" }
    static func url(_ name: String) -> URL { folder.appendingPathComponent(name + ".session") }

    /// Lines before the first step.
    private(set) var head: [String] = []
    private(set) var steps: [Step] = []
    private(set) var arguments: [String] = []
    private(set) var environment: [String: String] = [:]
    /// Whether the session is one with the system's shell.
    private(set) var usesSystemShell = false
    /// The store it works on, and the files beside it.
    private(set) var scene = SessionScene.visits
    private(set) var rowCount = 24
    private(set) var columnCount = 80

    init(text: String) {
        var comments: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).enumerated() {
            let rest = String(line.dropFirst(2))
            switch line.prefix(2) {
            case "> ", "~ ", "& ":
                steps.append(
                    Step(
                        comments: comments, keys: rest, endsLine: !line.hasPrefix("~"), waits: !line.hasPrefix("&"),
                        line: index + 1))
                comments = []
            case ">": steps.append(Step(comments: comments, line: index + 1))
            case "| ", "|": if !steps.isEmpty { steps[steps.count - 1].expected.append(rest) }
            default:
                if steps.isEmpty { readHead(line) } else if !line.isEmpty { comments.append(line) }
            }
        }
    }

    private mutating func readHead(_ line: String) {
        head.append(line)
        let words = line.split(separator: " ").map(String.init)
        switch words.first {
        case "run":
            usesSystemShell = words.dropFirst().first == "sh"
            arguments = usesSystemShell ? [] : Array(words.dropFirst())
        case "store": scene = SessionScene(rawValue: words.last ?? "") ?? .visits
        case "size":
            rowCount = words.count > 2 ? Int(words[1]) ?? 24 : 24
            columnCount = words.count > 2 ? Int(words[2]) ?? 80 : 80
        case "set":
            let parts = line.dropFirst(4).split(separator: "=", maxSplits: 1).map(String.init)
            environment[parts[0]] = parts.count > 1 ? parts[1] : ""
        default: break
        }
    }

    /// The script with what the screen showed in place of what it should show.
    func text(showing screens: [[String]]) -> String {
        var lines = head
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        for (step, screen) in zip(steps, screens) {
            lines += [""] + step.comments
            lines.append((step.waits ? step.endsLine ? "> " : "~ " : "& ") + step.keys)
            lines += screen.map { $0.isEmpty ? "|" : "| " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension SessionScript.Step {
    /// The keys in the pieces in which they are pressed: a key with a name is pressed when what is before it was read.
    var presses: [String] {
        var pieces: [String] = []
        var text = ""
        var rest = keys[...]
        while let first = rest.first {
            let named = Self.named.first { rest.hasPrefix($0.name) }
            if let named {
                if !text.isEmpty { pieces.append(text) }
                text = ""
                pieces.append(named.bytes)
                rest = rest.dropFirst(named.name.count)
            } else {
                text.append(first)
                rest = rest.dropFirst()
            }
        }
        if endsLine { text += "\r" }
        return text.isEmpty ? pieces : pieces + [text]
    }

    private static let named: [(name: String, bytes: String)] = [
        ("<Tab>", "\t"), ("<C-c>", "\u{3}"), ("<C-d>", "\u{4}"), ("<C-r>", "\u{12}"), ("<C-w>", "\u{17}"), ("<C-a>", "\u{1}"),
        ("<C-e>", "\u{5}"), ("<C-u>", "\u{15}"), ("<BS>", "\u{7F}"), ("<Enter>", "\r"), ("<Up>", "\u{1B}[A"),
        ("<Down>", "\u{1B}[B"), ("<Home>", "\u{1B}[H"), ("<End>", "\u{1B}[F"), ("<Right>", "\u{1B}[C"),
        ("<Left>", "\u{1B}[D"), ("<Delete>", "\u{1B}[3~"),
    ]
}
