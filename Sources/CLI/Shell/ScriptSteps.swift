import SQL

/// A text as it runs: statements, and between them commands of the shell that make sense without somebody at a terminal.
enum ScriptStep {
    /// Statements, above them as many empty lines as stand before them, so that errors name the right line.
    case statements(String)
    case command(ShellCommand, ShellCall, line: Int)
}

enum ScriptSteps {
    /// Commands that a script may hold. Others stay where they are, and the parser says that they are no SQL.
    private static let commands: Set<ShellCommand> = [
        .timing, .expanded, .mode, .nullText, .rowLimit, .pager, .preset, .output, .once, .copy, .read, .say, .quit,
    ]

    /// The steps of a text in order.
    static func of(_ text: String) -> [ScriptStep] {
        // Most texts are statements alone.
        let lines = TextLines.of(text)
        guard lines.contains(where: { command(in: $0) != nil }) else { return [.statements(text)] }
        var steps: [ScriptStep] = []
        var open = OpenText()
        for (index, line) in lines.enumerated() {
            guard let (known, call) = command(in: line), open.admits(call.name) else {
                open.add(line)
                continue
            }
            if let statements = open.takeComplete() { steps.append(.statements(statements)) }
            steps.append(.command(known, call, line: index + 1))
            // The command's own line, without it.
            open.add("")
        }
        if let rest = open.takeAll() { steps.append(.statements(rest)) }
        return steps
    }

    private static func command(in line: String) -> (ShellCommand, ShellCall)? {
        guard let first = line.first(where: { !$0.isWhitespace }), first == "\\" || first == "." else { return nil }
        let call = ShellCall(line)
        guard let known = ShellCommand(name: call.name), commands.contains(known) else { return nil }
        return (known, call)
    }

    /// Lines that are no step yet.
    private struct OpenText {
        /// Line ends and blanks in place of what is a step already.
        private var before = ""
        private var text = ""

        mutating func add(_ line: String) { text += line + "\n" }

        /// As in the shell: a backslash begins a command anywhere but within a text, a dot only where a statement would begin.
        func admits(_ name: String) -> Bool {
            switch StatementSplitter.completeness(of: text) {
            case .inString, .inQuotedName, .inComment: false
            case .open: name.hasPrefix("\\")
            case .empty, .complete: true
            }
        }

        /// What is closed by `;`; an open statement goes on behind the command.
        mutating func takeComplete() -> String? {
            let end = StatementSplitter.endOfLastStatement(in: text)
            let bytes = Array(text.utf8)
            let done = String(decoding: bytes[..<end], as: UTF8.self)
            let result = StatementSplitter.completeness(of: done) == .empty ? nil : before + done
            before += OpenText.blanked(bytes[..<end])
            text = String(decoding: bytes[end...], as: UTF8.self)
            if StatementSplitter.completeness(of: text) == .empty {
                before += OpenText.blanked(bytes[end...])
                text = ""
            }
            return result
        }

        mutating func takeAll() -> String? { StatementSplitter.completeness(of: text) == .empty ? nil : before + text }

        private static func blanked(_ bytes: ArraySlice<UInt8>) -> String {
            String(decoding: bytes.map { $0 == 0x0A ? $0 : 0x20 }, as: UTF8.self)
        }
    }
}
