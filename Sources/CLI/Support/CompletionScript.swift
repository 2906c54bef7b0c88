import ArgumentParser

/// The completion scripts of the shells, with what the parser's library leaves out of them: the verbs behind `help`.
enum CompletionScript {
    /// The script that the words ask for; nil if they ask for none of a shell we know.
    static func asked(by words: [String]) -> String? {
        let option = "--generate-completion-script"
        let name = words.count == 2 && words[0] == option ? words[1] : words.count == 1 && words[0].hasPrefix(option + "=") ? String(words[0].dropFirst(option.count + 1)) : ""
        guard let shell = CompletionShell(rawValue: name) else { return nil }
        return script(for: shell)
    }

    private static func script(for shell: CompletionShell) -> String {
        let script = Fundwatch.completionScript(for: shell)
        let verbs = Fundwatch.configuration.subcommands.compactMap { $0.configuration.commandName }.joined(separator: " ")
        switch shell {
        case .bash:
            let start = "_fundwatch_help() {\n"
            return script.replacing(
                start,
                with: start + "    if [[ \"${COMP_CWORD}\" -eq 2 ]]; then\n        COMPREPLY+=($(compgen -W '\(verbs)' -- \"${COMP_WORDS[2]}\"))\n    fi\n")
        case .zsh: return script.replacing("'*:subcommands:'", with: "'*:subcommands:(\(verbs))'")
        case .fish:
            let isHelp = "test (count (commandline -opc)) -eq 2; and contains -- help (commandline -opc)"
            return script + "\ncomplete -c 'fundwatch' -n '\(isHelp)' -fa '\(verbs)'\n"
        default: return script
        }
    }
}
