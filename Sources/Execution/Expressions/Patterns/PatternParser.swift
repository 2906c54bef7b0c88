/// Reads a regular expression. Source: PostgreSQL 15, "POSIX Regular Expressions".
struct PatternParser {
    let source: [UInt32]
    var place = 0
    private(set) var options: RegularExpression.Options
    private(set) var groupCount = 0
    private var depth = 0

    private static let depthLimit = 200
    private static let repetitionLimit = 255

    init(_ pattern: String, _ options: RegularExpression.Options) {
        source = RegularExpression.characters(pattern)
        self.options = options
    }

    mutating func parse() throws(PatternError) -> PatternTree {
        readDirector()
        if options.isLiteral {
            let parts = source[place...].map { PatternTree.characters(set(.one($0))) }
            return parts.isEmpty ? .empty : .sequence(parts)
        }
        try readEmbeddedOptions()
        let tree = try alternatives()
        if place < source.count { throw PatternError("parentheses () not balanced") }
        return tree
    }

    // MARK: Characters

    func peek(_ character: Unicode.Scalar, at distance: Int = 0) -> Bool {
        place + distance < source.count && source[place + distance] == character.value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek(character) else { return false }
        place += 1
        return true
    }

    func set(_ characters: PatternTree.CharacterSet) -> PatternTree.CharacterSet {
        options.ignoresCase ? characters.ignoringCase : characters
    }

    /// `***=` makes the rest a plain text, `***:` an expression.
    private mutating func readDirector() {
        guard peek("*"), peek("*", at: 1), peek("*", at: 2) else { return }
        if peek("=", at: 3) {
            options.isLiteral = true
            place = 4
        } else if peek(":", at: 3) {
            place = 4
        }
    }

    /// `(?i)` and the like, at the very start.
    private mutating func readEmbeddedOptions() throws(PatternError) {
        guard peek("("), peek("?", at: 1), place + 2 < source.count,
            PatternTree.CharacterSet.letters.contains(source[place + 2])
        else { return }
        place += 2
        while place < source.count, !peek(")") {
            guard let letter = Unicode.Scalar(source[place]), options.apply(Character(letter)) else {
                throw PatternError("invalid embedded option")
            }
            place += 1
        }
        guard take(")") else { throw PatternError("invalid embedded option") }
    }

    private mutating func skipBlanks() {
        guard options.isExpanded else { return }
        while place < source.count {
            if PatternTree.CharacterSet.spaces.contains(source[place]) {
                place += 1
            } else if peek("#") {
                while place < source.count, source[place] != 0x0A { place += 1 }
            } else {
                return
            }
        }
    }

    // MARK: Structure

    private mutating func alternatives() throws(PatternError) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        if depth > PatternParser.depthLimit { throw .tooComplex }
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence() throws(PatternError) -> PatternTree {
        var parts: [PatternTree] = []
        while true {
            skipBlanks()
            if place == source.count || peek("|") || (peek(")") && depth > 1) { break }
            parts.append(try quantified())
        }
        if parts.isEmpty { return .empty }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func quantified() throws(PatternError) -> PatternTree {
        let (atom, mayRepeat) = try atom()
        skipBlanks()
        guard let (minimum, maximum, isFixed) = try bounds() else { return atom }
        guard mayRepeat else { throw PatternError("quantifier operand invalid") }
        // `{m}` wants what the atom wants, `{m,m}` is as greedy as any other.
        let isLong = !take("?")
        let isGreedy = isFixed ? atom.isGreedy : isLong
        let repeated = PatternTree.repeated(atom, minimum: minimum, maximum: maximum, isGreedy: isGreedy)
        skipBlanks()
        if peek("*") || peek("+") || peek("?") || isBound() { throw PatternError("quantifier operand invalid") }
        return repeated
    }

    private func isBound() -> Bool {
        peek("{") && place + 1 < source.count && PatternTree.CharacterSet.digits.contains(source[place + 1])
    }

    private mutating func bounds() throws(PatternError) -> (Int, Int?, isFixed: Bool)? {
        if take("*") { return (0, nil, false) }
        if take("+") { return (1, nil, false) }
        if take("?") { return (0, 1, false) }
        guard isBound() else { return nil }
        place += 1
        let minimum = try number()
        var maximum: Int? = minimum
        let isFixed = !take(",")
        if !isFixed { maximum = peek("}") ? nil : try number() }
        guard take("}") else { throw PatternError("braces {} not balanced") }
        if let maximum, maximum < minimum { throw PatternError("invalid repetition count(s)") }
        return (minimum, maximum, isFixed)
    }

    private mutating func number() throws(PatternError) -> Int {
        var value = 0
        var hasDigits = false
        while place < source.count, PatternTree.CharacterSet.digits.contains(source[place]) {
            value = value * 10 + Int(source[place] - 0x30)
            hasDigits = true
            place += 1
            if value > PatternParser.repetitionLimit { throw PatternError("invalid repetition count(s)") }
        }
        if !hasDigits { throw PatternError("invalid repetition count(s)") }
        return value
    }

    /// One atom, and whether a quantifier may follow it.
    private mutating func atom() throws(PatternError) -> (PatternTree, Bool) {
        let character = source[place]
        place += 1
        switch Unicode.Scalar(character) ?? "\u{FFFD}" {
        case "(": return try parenthesis()
        case "[":
            if let border = wordBorder() { return advance(.assertion(border), by: 6) }
            return (.characters(try bracket()), true)
        case ".":
            let all = PatternTree.CharacterSet.any
            return (.characters(options.stopsAtLineEnds ? .init(ranges: [0x0A...0x0A], isNegated: true) : all), true)
        case "^": return (.assertion(options.anchorsAtLineEnds ? .lineStart : .start), false)
        case "$": return (.assertion(options.anchorsAtLineEnds ? .lineEnd : .end), false)
        case "*", "+", "?": throw PatternError("quantifier operand invalid")
        case "{" where place < source.count && PatternTree.CharacterSet.digits.contains(source[place]):
            throw PatternError("quantifier operand invalid")
        case ")": throw PatternError("parentheses () not balanced")
        case "\\": return try escape()
        default: return (.characters(set(.one(character))), true)
        }
    }

    private mutating func parenthesis() throws(PatternError) -> (PatternTree, Bool) {
        var group: Int?
        var isNegated: Bool?
        if take("?") {
            if take(":") {
            } else if take("=") {
                isNegated = false
            } else if take("!") {
                isNegated = true
            } else if peek("<") {
                throw .unsupported("looking behind")
            } else {
                throw PatternError("quantifier operand invalid")
            }
        } else {
            groupCount += 1
            group = groupCount
        }
        let isAhead = isNegated != nil
        let known = groupCount
        let inner = try alternatives()
        guard take(")") else { throw PatternError("parentheses () not balanced") }
        if isAhead {
            // Groups in there capture nothing.
            groupCount = known
            return (.ahead(inner, negated: isNegated == true), false)
        }
        return (group.map { .group($0, inner) } ?? inner, true)
    }
}

extension RegularExpression.Options {
    /// Takes in an option letter; false if there is none of that name.
    mutating func apply(_ letter: Character) -> Bool {
        switch letter {
        case "i": ignoresCase = true
        case "c": ignoresCase = false
        case "n", "m":
            stopsAtLineEnds = true
            anchorsAtLineEnds = true
        case "p": stopsAtLineEnds = true
        case "w": anchorsAtLineEnds = true
        case "s":
            stopsAtLineEnds = false
            anchorsAtLineEnds = false
        case "x": isExpanded = true
        case "t": isExpanded = false
        case "q": isLiteral = true
        case "e": break
        default: return false
        }
        return true
    }
}
