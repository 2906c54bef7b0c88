import Diagnostics
import Engine
import Glibc

/// Results into files, statements from files.
extension InteractiveShell {
    /// `\o FILE`: what follows goes into the file, which appears when it is closed; without a name, to the screen again.
    ///
    /// A file that cannot be written leaves everything as it is: results go on where they went.
    ///
    /// - Parameter isForOneResult: Whether the screen has its turn again after the next result.
    func openOutput(_ path: String?, isForOneResult: Bool = false) throws {
        guard let path else { return try closeOutput() }
        let opened = try openedOutput(path)
        try closeOutput()
        output = opened
        endsOutputWithResult = isForOneResult
    }

    /// `\g FILE`: what runs in the meantime gives its first result to the file; then results go where they went.
    func withOutput(_ path: String?, _ body: () -> Void) throws {
        guard let path else { return body() }
        let opened = try openedOutput(path)
        let earlier = (output, endsOutputWithResult)
        (output, endsOutputWithResult) = (opened, true)
        body()
        // Without a result the file is not made.
        (output, endsOutputWithResult) = earlier
    }

    private func openedOutput(_ path: String) throws -> Output {
        if path.hasPrefix("|") {
            throw Diagnostic(
                .usage, wording.say("results go into files, not into commands", "结果只能写入文件，不能送入命令"),
                mend: wording.say("write ", "请写 ") + "\\! fundwatch sql \"…\" \(path)")
        }
        let format = try OutputFormat.of(fileName: path, else: settings.format)
        try format.checkPacking(of: path)
        return (path, try OutputSink(path: path, packing: FilePacking(fileName: path)), format)
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
        guard depth < ShellArgument.deepestFile else { throw arguments.tooDeep(path) }
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
        for line in TextLines.of(text) {
            number += 1
            source.line = number
            if pending.isEmpty { source.firstLine = number }
            take(line.last == "\r" ? String(line.dropLast()) : line)
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

    /// `\ir FILE`: a name that begins at the folder of the file it stands in.
    func besideSource(_ path: String) -> String { ShellWords.beside(source.file, path) }

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
            throw Diagnostic(
                .query, wording.say("the editor \(program) failed; nothing was run", "编辑器 \(program) 失败；没有执行任何语句"),
                mend: wording.say("name another with EDITOR", "请用 EDITOR 另指"))
        }
    }
}
