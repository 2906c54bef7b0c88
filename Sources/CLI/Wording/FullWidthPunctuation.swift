import Diagnostics
import Indicators

/// Punctuation as Chinese keyboards give it, which looks like that of SQL and is part of names there.
enum FullWidthPunctuation {
    private static let marks: [(wide: Unicode.Scalar, plain: String)] = [
        ("，", ","), ("；", ";"), ("（", "("), ("）", ")"), ("‘", "'"), ("’", "'"), ("“", "\""), ("”", "\""), ("＝", "="),
        ("＞", ">"), ("＜", "<"), ("＊", "*"), ("。", "."), ("\u{3000}", " "),
    ]

    /// The diagnostic with a word on the first such mark in what it names; quoted names may hold any.
    static func explained(_ diagnostic: Diagnostic, in language: DisplayLanguage) -> Diagnostic {
        guard let statement = diagnostic.statement, let offset = diagnostic.location.byteOffset else { return diagnostic }
        let bytes = Array(statement.utf8)
        guard bytes.indices.contains(offset), bytes[offset] != UInt8(ascii: "\""),
            let mark = marks.first(where: { diagnostic.message.unicodeScalars.contains($0.wide) })
        else { return diagnostic }
        var result = diagnostic
        let mend =
            mark.plain == " "
            ? BilingualText("there is a full-width blank in it; write a plain one", "其中有全角空格；请改用半角空格")
            : BilingualText("\(mark.wide) is a full-width character; write \(mark.plain)", "\(mark.wide) 是全角标点；请改用半角的 \(mark.plain)")
        result.mend = mend[language]
        return result
    }

    /// Whether a line ends as a statement does, but for the width of its mark.
    static func endsStatement(_ line: String) -> Bool { line.hasSuffix("；") }
}
