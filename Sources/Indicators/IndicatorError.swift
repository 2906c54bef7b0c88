package import Diagnostics

/// What can be wrong with an indicator, its file, its settings or its answer.
package enum IndicatorError: DiagnosableError, Hashable {
    case unknownIndicator(String, nearest: String?)
    case unknownParameter(String, indicator: String, nearest: String?, known: [String])
    case badValue(parameter: String, indicator: String, text: String, expected: String)
    /// A column that nobody chose, and the claims have none of the names it may have.
    case noColumn(parameter: String, indicator: String, names: [String])
    case noSuchColumn(String, parameter: String, indicator: String, nearest: String?)
    case columnType(String, parameter: String, indicator: String, found: String, expected: String)
    case badSetting(String)
    case badDate(option: String, text: String)
    case emptyPeriod(from: String, to: String)
    case badFile(file: String, line: Int, message: String, mend: String)
    case unreadable(path: String, reason: String)
    case unreadableProfile(path: String)
    case badAnswer(indicator: String, message: String)

    package var diagnostic: Diagnostic {
        switch self {
        case .unknownIndicator(let id, let nearest):
            return Diagnostic(
                .usage, "there is no indicator \"\(id)\"",
                mend: nearest.map { "did you mean \"\($0)\"?" } ?? "\"fundwatch indicators list\" shows them all")
        case .unknownParameter(let name, let indicator, let nearest, let known):
            let mend =
                nearest.map { "did you mean \"\($0)\"?" }
                ?? (known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))")
            return Diagnostic(.usage, "indicator \"\(indicator)\" has no parameter \"\(name)\"", mend: mend)
        case .badValue(let parameter, let indicator, let text, let expected):
            return Diagnostic(
                .usage, "parameter \"\(parameter)\" of indicator \"\(indicator)\" is \"\(text)\"; expected \(expected)",
                mend: "\"fundwatch indicators show \(indicator)\" shows the default")
        case .noColumn(let parameter, let indicator, let names):
            return Diagnostic(
                .usage, "indicator \"\(indicator)\" needs a column that the claims do not have: \(names.joined(separator: ", "))",
                mend: "load files that have one, or name the column with --set \(parameter)=…")
        case .noSuchColumn(let column, let parameter, let indicator, let nearest):
            return Diagnostic(
                .usage, "parameter \"\(parameter)\" of indicator \"\(indicator)\": claims has no column \"\(column)\"",
                mend: nearest.map { "did you mean \"\($0)\"?" } ?? "\"fundwatch sql 'select * from claims limit 1'\" shows its columns")
        case .columnType(let column, let parameter, let indicator, let found, let expected):
            return Diagnostic(
                .usage,
                "parameter \"\(parameter)\" of indicator \"\(indicator)\": column \"\(column)\" of claims is \(found); expected \(expected)",
                mend: "\"fundwatch indicators show \(indicator)\" says what the column is for")
        case .badSetting(let text):
            return Diagnostic(.usage, "setting \"\(text)\" is not name=value", mend: "write --set name=value")
        case .badDate(let option, let text):
            return Diagnostic(
                .usage, "\(option) \"\(text)\" is not a day", mend: "write it as 2025-01-31, 20250131 or 2025/1/31")
        case .emptyPeriod(let from, let to):
            return Diagnostic(
                .usage, "the period from \(from) to \(to) holds no day",
                mend: "--to is the first day that counts no more; it must be later than --from")
        case .badFile(let file, let line, let message, let mend):
            return Diagnostic(.configuration, message, at: SourceLocation(file: file, line: line), mend: mend)
        case .unreadable(let path, let reason):
            return Diagnostic(.noInput, "cannot read \"\(path)\": \(reason)", mend: "check the path given to --library")
        case .unreadableProfile(let path):
            return Diagnostic(
                .noInput, "cannot read the profile", at: SourceLocation(file: path), mend: "check the path given to --profile")
        case .badAnswer(let indicator, let message):
            return Diagnostic(
                .configuration, "indicator \"\(indicator)\": \(message)",
                mend: "the figures query must give institution_id (text), events and exposure (whole numbers) and amount (numeric)")
        }
    }
}

extension IndicatorError {
    /// The same, said of a place in a file.
    func placed(at place: SourceLocation) -> IndicatorError {
        let found = diagnostic
        return .badFile(
            file: place.file ?? "", line: place.line ?? 1, message: found.message, mend: found.mend ?? "mend the profile")
    }
}
