import Diagnostics
import Indicators
import SQL

/// Punctuation as Chinese keyboards give it, which looks like that of SQL and is part of names there.
enum FullWidthPunctuation {
    private static let marks: [(wide: Unicode.Scalar, plain: String)] = [
        ("，", ","), ("；", ";"), ("（", "("), ("）", ")"), ("‘", "'"), ("’", "'"), ("“", "\""), ("”", "\""), ("＝", "="),
        ("＞", ">"), ("＜", "<"), ("＊", "*"), ("。", "."), ("\u{3000}", " "),
    ]

    /// The diagnostic with a word on the first such mark in the name it points at; strings and quoted names may hold any.
    static func explained(_ diagnostic: Diagnostic, in language: DisplayLanguage) -> Diagnostic {
        guard let statement = diagnostic.statement, let offset = diagnostic.location.byteOffset,
            let name = nameWithMark(in: statement, at: offset),
            // Without its comma `v.fee，v.day` is a name of three parts, of which the first is complained of.
            diagnostic.message.contains(name) || diagnostic.message.hasPrefix("schema "),
            let mark = marks.first(where: { name.unicodeScalars.contains($0.wide) })
        else { return diagnostic }
        var result = diagnostic
        let mend =
            mark.plain == " "
            ? BilingualText("there is a full-width blank in it; write a plain one", "其中有全角空格；请改用半角空格")
            : BilingualText("\(mark.wide) is a full-width character; write \(mark.plain)", "\(mark.wide) 是全角标点；请改用半角的 \(mark.plain)")
        result.mend = mend[language]
        return result
    }

    /// The unquoted name at a place, or a later part of the same dotted name, that holds such a mark.
    private static func nameWithMark(in statement: String, at offset: Int) -> String? {
        var isAfterPoint = true
        for token in TypedText(statement).tokens where token.range.upperBound > offset {
            if token.text == ".", token.kind == .symbol {
                isAfterPoint = true
                continue
            }
            guard isAfterPoint, token.isName else { return nil }
            if token.kind == .word, marks.contains(where: { token.text.unicodeScalars.contains($0.wide) }) { return token.text }
            isAfterPoint = false
        }
        return nil
    }

    /// Whether what was typed so far ends as a statement does, but for the width of its mark. Comments and strings do not count.
    static func endsStatement(_ text: String) -> Bool {
        let typed = TypedText(text)
        guard let last = typed.tokens.last, last.kind == .word else { return false }
        return last.text.hasSuffix("；") && !typed.endsInComment
    }
}
