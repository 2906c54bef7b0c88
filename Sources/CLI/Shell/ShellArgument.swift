import Diagnostics
import Indicators

/// What follows a command of the shell, as the value that it stands for.
struct ShellArgument {
    let language: DisplayLanguage

    private func say(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }

    /// `on` or `off`; nothing turns what holds now.
    func flag(_ text: String, now: Bool, _ what: String) throws -> Bool {
        switch text.lowercased() {
        case "": return !now
        case "on", "true", "1": return true
        case "off", "false", "0": return false
        default: throw Diagnostic(.usage, say("\(what) \"\(text)\" is neither on nor off", "\(what) \"\(text)\" 既不是 on 也不是 off"))
        }
    }

    /// The value of that name, or an error that lists the names.
    func choice<Value: RawRepresentable>(
        _ text: String, _ what: String, _ all: [Value]
    ) throws -> Value where Value.RawValue == String {
        if let value = all.first(where: { $0.rawValue == text.lowercased() }) { return value }
        let names = all.map(\.rawValue)
        let near = EditDistance.nearest(to: text, among: names).map { say("did you mean \"\($0)\"?", "是否想写 \"\($0)\"？") }
        throw Diagnostic(
            .usage, say("\(what) \"\(text)\" is not known", "不认识\(what.first?.isASCII ?? false ? " " + what : what) \"\(text)\""),
            mend: near ?? say("choose one of ", "可选 ") + names.joined(separator: say(", ", "、")))
    }

    /// A form of results, by our name or another shell's.
    func format(_ text: String) throws -> OutputFormat {
        try OutputFormat(otherwise: text) ?? choice(text, say("format", "格式"), OutputFormat.ofScreens)
    }

    /// How `\x` shows rows; nothing turns what holds now.
    func expansion(_ text: String, now: ShellSettings.Expansion) throws -> ShellSettings.Expansion {
        text.isEmpty ? (now == .on ? .off : .on) : try choice(text, "\\x", ShellSettings.Expansion.allCases)
    }

    /// A number of rows, nil for all, which is written 0.
    func rowLimit(_ text: String) throws -> Int? {
        guard let count = Int(text), count >= 0 else {
            throw Diagnostic(
                .usage, say(".maxrows \"\(text)\" is not a number of rows", ".maxrows \"\(text)\" 不是行数"),
                mend: say("write .maxrows 1000, or 0 for all", "请写 .maxrows 1000，或以 0 表示全部"))
        }
        return count == 0 ? nil : count
    }

    /// Files that read each other for ever are not.
    static let deepestFile = 16

    func tooDeep(_ path: String) -> Diagnostic {
        Diagnostic(.usage, say("files read files more than \(ShellArgument.deepestFile) deep", "文件互相引用超过 \(ShellArgument.deepestFile) 层"), at: SourceLocation(file: path))
    }

    /// A setting of `\pset` that there is none of.
    func unknownPreset(_ name: String) -> Diagnostic {
        Diagnostic(
            .usage, say("\\pset \"\(name)\" is not known", "\\pset 没有 \"\(name)\" 这项设置"),
            mend: say("choose one of null, format, pager, expanded", "可选 null、format、pager、expanded"))
    }

    func missing(_ command: ShellCommand) -> Diagnostic {
        let name = command.names[0]
        return Diagnostic(.usage, say("\(name) expects \(command.argument)", "\(name) 后面应有 \(command.argument(in: .chinese))"))
    }
}
