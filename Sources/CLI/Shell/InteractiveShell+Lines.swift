import Diagnostics
import SQL

/// Lines as they come: commands are carried out, statements run once their `;` is there.
extension InteractiveShell {
    func take(_ line: String) {
        let trimmed = line.trimmedBlanks
        if isCommand(trimmed) {
            do { try carryOut(line) } catch { complain(placed(error)) }
            return
        }
        if pending.isEmpty {
            switch trimmed.lowercased() {
            case "quit", "exit", "quit;", "exit;":
                isOver = true
                return
            case "help", "help;", "?", "？":
                ShellScreen.write(ShellCommand.help(settings.language))
                return
            default: break
            }
        }
        // `select 1 \g` and `select 1 \gx` run what was typed, as `;` does.
        if let call = runCall(in: line) {
            pending += (pending.isEmpty ? "" : "\n") + call.before
            do {
                try withOutput(call.fileName) {
                    pending += ";"
                    runComplete(expanded: call.expands)
                }
            } catch {
                complain(placed(error))
            }
            return
        }
        pending += (pending.isEmpty ? "" : "\n") + line
        runComplete()
        if FullWidthPunctuation.endsStatement(pending) {
            note(wording.say("a statement ends with ; and not with the full-width ；(\\r takes back what was typed)", "语句以半角的 ; 结束，而不是全角的 ；（\\r 可清除已输入的内容）"))
        }
    }

    /// The last `\g`, `\gx` or `\G` of a line behind an open statement, with the file it names.
    private func runCall(in line: String) -> (before: String, expands: Bool, fileName: String?)? {
        guard let backslash = line.lastIndex(of: "\\") else { return nil }
        let call = ShellCall(String(line[backslash...]))
        guard ["\\g", "\\gx", "\\G"].contains(call.name) else { return nil }
        let before = String(line[..<backslash])
        guard StatementSplitter.completeness(of: pending + "\n" + before) == .open else { return nil }
        return (before, call.name != "\\g", call.fileName)
    }

    /// Runs every statement of `pending` that is closed, and keeps the rest.
    func runComplete(expanded: Bool = false) {
        let text = pending
        // Only files are counted through: on the terminal each statement begins with line 1.
        defer { if source.file == nil { source.firstLine = 1 } }
        let end = StatementSplitter.endOfLastStatement(in: text)
        let pieces = StatementSplitter.split(text).filter(\.isTerminated)
        let firstLine = source.firstLine
        guard end > 0 else {
            if StatementSplitter.completeness(of: text) == .empty {
                source.firstLine += text.utf8.count { $0 == 0x0A } + 1
                pending = ""
            }
            return
        }
        let bytes = Array(text.utf8)
        pending = String(decoding: bytes[end...], as: UTF8.self)
        source.firstLine += bytes[..<end].count { $0 == 0x0A }
        if StatementSplitter.completeness(of: pending) == .empty {
            source.firstLine += pending.utf8.count { $0 == 0x0A } + 1
            pending = ""
        }
        for piece in pieces {
            if !runPiece(bytes, piece.range, firstLine: firstLine, expanded: expanded), source.file != nil { break }
        }
    }

    /// Runs what is left of a file that ends within a string, a name or a comment: the parser says where that begins.
    func runOpenStatement() {
        let bytes = Array(pending.utf8)
        pending = ""
        _ = runPiece(bytes, 0..<bytes.count, firstLine: source.firstLine, expanded: false)
    }

    /// Runs one statement; positions in errors count from the beginning of what was typed, or of the file.
    ///
    /// - Returns: Whether what follows in a file may run: nothing does after Ctrl-C.
    private func runPiece(_ bytes: [UInt8], _ range: Range<Int>, firstLine: Int, expanded: Bool) -> Bool {
        let lineStart = (bytes[..<range.lowerBound].lastIndex(of: 0x0A) ?? -1) + 1
        let indent = String(repeating: " ", count: range.lowerBound - lineStart)
        let statement = String(decoding: bytes[range], as: UTF8.self)
        lastStatement = statement
        do {
            try run(statement: indent + statement, expanded: expanded)
        } catch let error as any DiagnosableError {
            var diagnostic = error.diagnostic
            if diagnostic.statement != nil, diagnostic.location.file == nil {
                diagnostic.location.line? += bytes[..<lineStart].count { $0 == 0x0A } + firstLine - 1
                diagnostic.location.file = source.file
            }
            complain(diagnostic)
            return diagnostic.kind != .interrupted
        } catch {
            complain(error)
        }
        return true
    }

    /// What a command of a file could not do, with its line there, unless the error names a place of its own.
    private func placed(_ error: any Error) -> any Error {
        guard let file = source.file, var diagnostic = (error as? any DiagnosableError)?.diagnostic,
            diagnostic.location == SourceLocation()
        else { return error }
        diagnostic.location = SourceLocation(file: file, line: source.line)
        return diagnostic
    }

    /// A backslash begins a command anywhere but within a text, a dot only where a statement would begin.
    private func isCommand(_ trimmed: String) -> Bool {
        if trimmed.hasPrefix("\\") {
            switch StatementSplitter.completeness(of: pending) {
            case .inString, .inQuotedName, .inComment: return false
            default: return true
            }
        }
        let second = trimmed.dropFirst().first
        return pending.isEmpty && trimmed.hasPrefix(".") && second?.isLetter ?? false
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmedBlanks: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
