import Diagnostics

/// Messages in Chinese, for `--lang zh`: what the engine says in English is found among them by its fixed words.
///
/// A message that is not among them stays as it is: English is better than silence.
enum ChineseMessages {
    private static let entries: [(template: MessageTemplate, chinese: String)] =
        [statements, values, files, reports, commands, systemErrors].flatMap { $0.split(separator: "\n") }.compactMap { line in
            guard let arrow = line.firstRange(of: " => ") else { return nil }
            return (MessageTemplate(String(line[..<arrow.lowerBound])), String(line[arrow.upperBound...]))
        }.sorted { $0.template.fixedCount > $1.template.fixedCount }

    /// The message in Chinese, or as it is.
    static func text(_ message: String) -> String {
        if let chinese = found(message) { return chinese }
        // Examples of rejected lines stand beside each other.
        let parts = message.split(separator: " · ").map(String.init)
        return parts.count > 1 ? parts.map(text).joined(separator: " · ") : message
    }

    private static func found(_ message: String) -> String? {
        for entry in entries {
            guard let values = entry.template.values(in: message) else { continue }
            // Within a message may stand another one, such as what the system says of a file; a name is seldom several words.
            return MessageTemplate.filled(entry.chinese, with: values.map { $0.contains(" ") ? text($0) : $0 })
        }
        return nil
    }

    /// The diagnostic in Chinese: the mend stands behind the message, as it does in English.
    static func translated(_ diagnostic: Diagnostic) -> Diagnostic {
        var result = diagnostic
        result.message = text(diagnostic.message)
        if let mend = diagnostic.mend {
            // A mend may have several parts, each a message of its own.
            let parts = found(mend).map { [$0] } ?? mend.split(separator: "; ").map { text(String($0)) }
            result.message += "；" + parts.joined(separator: "；")
            result.mend = nil
        }
        return result
    }
}
