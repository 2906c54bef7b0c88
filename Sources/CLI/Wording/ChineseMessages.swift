import Diagnostics
import Indicators

/// Messages in Chinese, for `--lang zh`: what the engine says in English is found among them by its fixed words.
///
/// A message that is not among them stays as it is: English is better than silence. A test holds each of them against the
/// texts in the sources, so that none outlives what it translates.
enum ChineseMessages {
    private static let entries: [(template: MessageTemplate, chinese: String)] =
        [statements, habits, rules, values, phrases, files, parquet, reports, commands, serving, parserErrors, grammarErrors, systemErrors].flatMap { $0.split(separator: "\n") }
        .compactMap { line in
            guard let arrow = line.firstRange(of: " => ") else { return nil }
            return (MessageTemplate(String(line[..<arrow.lowerBound])), String(line[arrow.upperBound...]))
        }.sorted { $1.template < $0.template }

    /// The message in Chinese, or as it is.
    static func text(_ message: String) -> String { found(message) ?? message }

    private static func found(_ message: String) -> String? {
        for entry in entries {
            guard let values = entry.template.values(in: message), let said = said(values, at: entry.template.places) else { continue }
            return MessageTemplate.filled(entry.chinese, with: said)
        }
        return nil
    }

    /// What stands in the places of a template, in Chinese where it is not somebody's own words; nil if that cannot be said.
    private static func said(_ values: [String], at places: [MessageTemplate.Place]) -> [String]? {
        var result: [String] = []
        for (place, value) in zip(places, values) {
            switch place {
            case .any, .word: result.append(value)
            case .message: result.append(text(value))
            case .examples: result.append(value.split(separator: " · ").map { text(String($0)) }.joined(separator: " · "))
            case .columns: result.append(columns(value))
            case .reasons: result.append(RejectReasonText.counts(value, in: .chinese))
            case .phrase:
                if let chinese = found(value) {
                    result.append(chinese)
                } else if !value.contains(" ") || !value.contains(where: \.isLowercase) {
                    result.append(value)
                } else {
                    return nil
                }
            }
        }
        return result
    }

    /// `claim_id (or setl_id, 结算ID; did you mean "结算号"?), line_id (or …)`: the words between the names.
    private static func columns(_ listed: String) -> String {
        listed.replacing(#/(^|, )([a-z_]+) \(or /#) { "\($0.1)\($0.2) (或 " }
            .replacing(#/; did you mean "([^"]*)"\?\)/#) { "；是否为 \"\($0.1)\"？)" }
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
