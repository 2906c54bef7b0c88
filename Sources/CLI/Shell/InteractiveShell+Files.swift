import Diagnostics
import Glibc

/// Results into files, statements from files.
extension InteractiveShell {
    /// `\o FILE`: what follows goes into the file, which appears when it is closed; without a name, to the screen again.
    func openOutput(_ path: String?) throws {
        try closeOutput()
        guard let path else { return }
        if path.hasPrefix("|") {
            throw Diagnostic(
                .usage, "results go into files, not into commands", mend: "write \\! fundwatch sql \"…\" \(path)")
        }
        let format = try OutputFormat.of(fileName: path, else: settings.format)
        output = (path, try OutputSink(path: path), format)
    }

    func closeOutput() throws {
        guard let open = output else { return }
        output = nil
        endsOutputWithResult = false
        try open.sink.finish()
        note(wording.say("written: \(open.path)", "已写入：\(open.path)"))
    }

    /// `\i FILE`: statements and commands of a file, as if they were typed; stops at Ctrl-C.
    func readFile(_ path: String) throws {
        guard depth < 16 else {
            throw Diagnostic(.usage, "files read files more than 16 deep", at: SourceLocation(file: path))
        }
        let text = try TextInput.read(path: path)
        let outer = (pending, source)
        defer {
            (pending, source) = outer
            depth -= 1
        }
        depth += 1
        pending = ""
        source = Source(file: path)
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if pending.isEmpty { source.firstLine = number }
            take(line.last == "\r" ? String(line.dropLast()) : String(line))
            if isOver || Interruption.isRequested { break }
        }
        isOver = false
        if !Interruption.isRequested, !pending.trimmedBlanks.isEmpty {
            pending += "\n;"
            runComplete()
            // What an open quote has swallowed is said, not forgotten.
            if !pending.isEmpty { runOpenStatement() }
        }
    }

    /// `\e [FILE]`: opens an editor on a file, or on the statement in hand, and runs what was written.
    func edit(_ path: String?) throws {
        let program = Environment.value("VISUAL") ?? Environment.value("EDITOR") ?? "vi"
        if let path {
            try runEditor(program, path)
            try readFile(path)
            return
        }
        var template = Array((Environment.value("TMPDIR") ?? "/tmp").utf8.map { CChar(bitPattern: $0) })
        template += "/fundwatch-XXXXXX.sql".utf8.map { CChar(bitPattern: $0) } + [0]
        let descriptor = unsafe mkstemps(&template, 4)
        guard descriptor >= 0 else {
            throw Diagnostic(.cannotCreate, "no file for the editor: " + (unsafe String(cString: strerror(errno))))
        }
        let name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        defer { unsafe _ = unlink(name) }
        let before = pending.isEmpty ? lastStatement : pending
        let bytes = Array((before.isEmpty ? "" : before + (pending.isEmpty ? ";\n" : "\n")).utf8)
        _ = unsafe write(descriptor, bytes, bytes.count)
        close(descriptor)
        try runEditor(program, name)
        let text = try TextInput.read(path: name)
        pending = text.trimmedBlanks
        guard !pending.isEmpty else { return }
        ShellScreen.write(TerminalLines.sanitized(pending) + "\n")
        runComplete()
    }

    private func runEditor(_ program: String, _ path: String) throws {
        let child = ChildProgram("exec \(program) \"$1\"", arguments: [path])
        let isDone = child?.wait() ?? false
        Interruption.forgetCancellation()
        guard isDone else {
            throw Diagnostic(.query, "the editor \(program) failed; nothing was run", mend: "name another with EDITOR")
        }
    }
}
