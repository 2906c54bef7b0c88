import Diagnostics
import Engine
import Glibc
import Indicators
import Storage

/// The shell's own commands.
extension InteractiveShell {
    /// Carries out a line such as `\d claims` or `.mode csv`.
    func carryOut(_ line: String) throws {
        Interruption.forgetCancellation()
        let call = ShellCall(line)
        guard let command = ShellCommand(name: call.name) else {
            let near = EditDistance.nearest(to: call.name, among: ShellCommand.allNames)
            let mend =
                ShellCommand.instead(of: call.name)?[settings.language]
                ?? near.map { wording.say("did you mean \($0)?", "是否想用 \($0)？") } ?? wording.say("\\? lists them", "\\? 列出全部命令")
            throw Diagnostic(.usage, wording.say("there is no command \(call.name)", "没有命令 \(call.name)"), mend: mend)
        }
        switch command {
        case .describe: try describe(call.argument)
        case .tables: try listRelations(views: false, pattern: call.argument)
        case .views: try listRelations(views: true, pattern: call.argument)
        case .functions: try listNames(Database.functionNames, title: wording.say("function", "函数"), pattern: call.argument)
        case .indicators: try listIndicators()
        case .indicator: try runIndicator(call.argument)
        case .output: try openOutput(call.fileName)
        case .once:
            try openOutput(try required(call.fileName, command), isForOneResult: true)
        case .copy: try copy(call)
        case .read:
            let path = try required(call.fileName, command)
            try readFile(call.name == "\\ir" ? besideSource(path) : path)
        case .edit: try edit(call.fileName)
        case .run, .runExpanded: try runBuffer(expanded: command == .runExpanded, into: call.fileName)
        case .show: ShellScreen.write((pending.isEmpty ? lastStatement : pending) + "\n")
        case .reset: pending = ""
        case .history: try showHistory(call.argument)
        case .say: ShellScreen.write(call.argument + "\n")
        case .open: try open(try required(call.fileName, command))
        case .place: try showPlace()
        case .preset: try preset(call.argument)
        case .folder: try changeFolder(call.fileName ?? Environment.value("HOME") ?? "/")
        case .system:
            _ = ChildProgram(call.argument.isEmpty ? "exec \"${SHELL:-/bin/sh}\"" : call.argument)?.wait()
            Interruption.forgetCancellation()
        case .help: ShellScreen.write(ShellCommand.help(settings.language))
        case .quit: isOver = true
        case .mode, .expanded, .timing, .rowLimit, .nullText, .pager, .language, .settings:
            try change(command, to: call.argument)
        }
    }

    var arguments: ShellArgument { ShellArgument(language: settings.language) }

    private func change(_ command: ShellCommand, to argument: String) throws {
        switch command {
        case .mode:
            if !argument.isEmpty { settings.format = try arguments.format(argument) }
            settingNote("mode", settings.format.rawValue)
        case .expanded:
            settings.expansion = try arguments.expansion(argument, now: settings.expansion)
            settingNote("expanded", settings.expansion.rawValue)
        case .timing:
            settings.showsTime = try arguments.flag(argument, now: settings.showsTime, "\\timing")
            settingNote("timing", settings.showsTime ? "on" : "off")
        case .pager:
            settings.usesPager = try arguments.flag(argument, now: settings.usesPager, ".pager")
            settingNote("pager", settings.usesPager ? "on" : "off")
        case .rowLimit:
            if !argument.isEmpty { settings.rowLimit = try arguments.rowLimit(argument) }
            settingNote("maxrows", settings.rowLimit.map { "\($0)" } ?? "0")
        case .nullText:
            settings.nullText = ShellWords.unquoted(argument)
            noteNullText()
        case .language:
            if !argument.isEmpty { settings.language = try arguments.choice(argument, wording.say("language", "语言"), DisplayLanguage.allCases) }
            settingNote("lang", settings.language.rawValue)
        default: try showSettings()
        }
    }

    private func settingNote(_ name: String, _ value: String) { note("\(name): \(value)") }

    func noteNullText() { settingNote("nullvalue", "\"\(settings.nullText)\"") }

    private func showSettings() throws {
        var rows: [[String]] = [
            ["store", database.path], ["mode", settings.format.rawValue], ["expanded", settings.expansion.rawValue],
            ["timing", settings.showsTime ? "on" : "off"], ["pager", settings.usesPager ? "on" : "off"],
            ["maxrows", "\(settings.rowLimit ?? 0)"], ["nullvalue", "\"\(settings.nullText)\""],
            ["lang", settings.language.rawValue], ["output", output?.path ?? ""],
        ]
        try database.run("show all") { outcome in
            guard case .rows(let result) = outcome.content else { return }
            rows += result.rows().map { $0.map { ResultText.string($0) ?? "" } }
        }
        ShellScreen.write(
            TextTable(names: [wording.say("name", "名称"), wording.say("setting", "设置")], alignsRight: [false, false], rows: rows).rendered(withCount: false))
    }

    private func required(_ argument: String?, _ command: ShellCommand) throws -> String {
        if let argument { return argument }
        throw missingArgument(command)
    }

    func missingArgument(_ command: ShellCommand) -> Diagnostic { arguments.missing(command) }

    private func runBuffer(expanded: Bool, into path: String?) throws {
        let text = pending.isEmpty ? lastStatement : pending
        guard !text.isEmpty else { return }
        try withOutput(path) {
            pending = text + ";"
            runComplete(expanded: expanded)
        }
    }

    private func open(_ path: String) throws {
        let opened = Database(path: path, options: options)
        let snapshot = try opened.snapshot()
        for damage in snapshot?.damage ?? [] { StandardError.write(MessageLanguage.line(damage.diagnostic, in: settings.language)) }
        database = opened
        names.use(opened)
        note(snapshot == nil ? wording.noStore(at: path) : wording.say("store: \(path)", "数据仓：\(path)"))
    }

    private func changeFolder(_ path: String) throws {
        guard unsafe chdir(path) == 0 else {
            throw Diagnostic(
                .noInput, "cannot change to the folder: " + (unsafe String(cString: strerror(errno))),
                at: SourceLocation(file: path))
        }
    }
}
