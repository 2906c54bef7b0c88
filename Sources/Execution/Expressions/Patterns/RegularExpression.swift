/// A regular expression as PostgreSQL's advanced ones, without back references and looking behind.
///
/// Matches are PostgreSQL's: the leftmost, and of these the longest or the shortest, as the expression's first quantifier
/// says; groups take their share from left to right. The time to find a match grows with the length of the text times the
/// length of the expression, whatever the two are. What its groups took is worked out only where it is asked for; that may
/// take the square of the match's length, and is refused beyond a number of steps.
final class RegularExpression: Sendable {
    struct Options: Hashable, Sendable {
        var ignoresCase = false
        /// `.` and `[^…]` leave line ends alone.
        var stopsAtLineEnds = false
        /// `^` and `$` match at line ends too.
        var anchorsAtLineEnds = false
        /// White space and comments in the expression mean nothing.
        var isExpanded = false
        /// The expression is a plain text.
        var isLiteral = false
    }

    /// A stretch of a text, in characters.
    typealias Span = Range<Int>

    let program: PatternProgram
    /// Groups in parentheses, by their opening ones.
    let groupCount: Int

    init(_ pattern: String, _ options: Options) throws(PatternError) {
        var parser = PatternParser(pattern, options)
        let tree = try parser.parse()
        groupCount = parser.groupCount
        program = try PatternProgram(tree)
    }

    /// The first match that begins at or behind `start`: the whole, then each group, nil for one that took no part.
    func firstMatch(in text: [UInt32], from start: Int, wantsGroups: Bool) throws(PatternError) -> [Span?]? {
        guard let span = try program.search(text, from: start) else { return nil }
        if groupCount == 0 || !wantsGroups { return [span] }
        var groups = [Span?](repeating: nil, count: groupCount + 1)
        groups[0] = span
        var dissection = PatternDissection(program: program, text: text)
        try dissection.fill(&groups, program.root, span)
        return groups
    }

    /// Whether the text has a match.
    func matches(_ text: [UInt32]) throws(PatternError) -> Bool {
        try program.search(text, from: 0, isEnough: true) != nil
    }

    /// A text's characters.
    static func characters(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    static func text(_ characters: ArraySlice<UInt32>) -> String {
        var text = String.UnicodeScalarView()
        for value in characters { text.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
        return String(text)
    }
}

/// What is wrong with a regular expression, in PostgreSQL's words.
struct PatternError: Error, Hashable {
    let message: String

    init(_ reason: String) { message = "invalid regular expression: \(reason)" }

    private init(whole message: String) { self.message = message }

    static func unsupported(_ what: String) -> PatternError {
        PatternError(whole: "\(what) in a regular expression is not supported")
    }

    static let tooComplex = PatternError(whole: "regular expression is too complex")
}
