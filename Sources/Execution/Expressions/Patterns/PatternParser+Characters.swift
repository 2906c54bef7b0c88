/// Escapes and sets in brackets.
extension PatternParser {
    // MARK: Escapes

    mutating func escape() throws(PatternError) -> (PatternTree, Bool) {
        guard place < source.count, let letter = Unicode.Scalar(source[place]) else {
            throw PatternError("invalid escape \\ sequence")
        }
        switch letter {
        case "A": return advance(.assertion(.start))
        case "Z": return advance(.assertion(.end))
        case "m": return advance(.assertion(.wordStart))
        case "M": return advance(.assertion(.wordEnd))
        case "y": return advance(.assertion(.wordBorder))
        case "Y": return advance(.assertion(.noWordBorder))
        case "1"..."9": throw .unsupported("a back reference")
        default:
            if let characters = PatternParser.shorthand(letter) {
                place += 1
                return (.characters(characters), true)
            }
            return (.characters(set(.one(try characterEscape()))), true)
        }
    }

    mutating func advance(_ tree: PatternTree, by count: Int = 1) -> (PatternTree, Bool) {
        place += count
        return (tree, false)
    }

    private static func shorthand(_ letter: Unicode.Scalar) -> PatternTree.CharacterSet? {
        func others(_ characters: PatternTree.CharacterSet) -> PatternTree.CharacterSet {
            .init(ranges: characters.ranges, isNegated: true)
        }
        switch letter {
        case "d": return .digits
        case "s": return .spaces
        case "w": return .word
        case "D": return others(.digits)
        case "S": return others(.spaces)
        case "W": return others(.word)
        default: return nil
        }
    }

    /// The character behind a backslash.
    private mutating func characterEscape() throws(PatternError) -> UInt32 {
        let character = source[place]
        place += 1
        switch Unicode.Scalar(character) ?? "\u{FFFD}" {
        case "a": return 7
        case "b": return 8
        case "e": return 27
        case "f": return 12
        case "n": return 10
        case "r": return 13
        case "t": return 9
        case "v": return 11
        case "B": return 0x5C
        case "0": return 0
        case "u": return try hexadecimal(4)
        case "U": return try hexadecimal(8)
        case "x": return try hexadecimal(nil)
        case let letter
        where PatternTree.CharacterSet.letters.contains(letter.value)
            || PatternTree.CharacterSet.digits.contains(letter.value):
            throw PatternError("invalid escape \\ sequence")
        default: return character
        }
    }

    private mutating func hexadecimal(_ count: Int?) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        var digits = 0
        while place < source.count, count.map({ digits < $0 }) ?? true, let letter = Unicode.Scalar(source[place]),
            let digit = Character(letter).hexDigitValue
        {
            value = value &* 16 &+ UInt32(digit)
            digits += 1
            place += 1
        }
        guard digits > 0, count.map({ digits == $0 }) ?? true, Unicode.Scalar(value) != nil else {
            throw PatternError("invalid escape \\ sequence")
        }
        return value
    }

    // MARK: Brackets

    mutating func bracket() throws(PatternError) -> PatternTree.CharacterSet {
        var found = PatternTree.CharacterSet()
        found.isNegated = take("^")
        var isFirst = true
        while true {
            guard place < source.count else { throw PatternError("brackets [] not balanced") }
            if !isFirst, take("]") { break }
            isFirst = false
            if peek("["), peek(":", at: 1) {
                found.ranges += try namedClass()
                continue
            }
            if peek("\\"), place + 1 < source.count, let letter = Unicode.Scalar(source[place + 1]),
                let characters = PatternParser.shorthand(letter)
            {
                if characters.isNegated { throw PatternError("invalid escape \\ sequence") }
                place += 2
                found.ranges += characters.ranges
                continue
            }
            let low = try bracketCharacter()
            if peek("-"), place + 1 < source.count, !peek("]", at: 1) {
                place += 1
                let high = try bracketCharacter()
                guard low <= high else { throw PatternError("invalid character range") }
                found.ranges.append(low...high)
            } else {
                found.ranges.append(low...low)
            }
        }
        found = set(found)
        if found.isNegated, options.stopsAtLineEnds { found.ranges.append(0x0A...0x0A) }
        return found
    }

    /// `[[:<:]]` and `[[:>:]]`: the old ways to write `\m` and `\M`.
    func wordBorder() -> PatternTree.Assertion? {
        let rest = RegularExpression.text(source[place...].prefix(6))
        return rest == "[:<:]]" ? .wordStart : rest == "[:>:]]" ? .wordEnd : nil
    }

    private mutating func bracketCharacter() throws(PatternError) -> UInt32 {
        guard place < source.count else { throw PatternError("brackets [] not balanced") }
        if let mark = [Unicode.Scalar("."), "="].first(where: { peek("[") && peek($0, at: 1) }) {
            // `[.x.]` and `[=x=]` are x; names of characters are not known.
            guard peek(mark, at: 3), peek("]", at: 4) else { throw .unsupported("a collating element") }
            place += 5
            return source[place - 3]
        }
        if take("\\") {
            guard place < source.count else { throw PatternError("invalid escape \\ sequence") }
            return try characterEscape()
        }
        place += 1
        return source[place - 1]
    }

    private mutating func namedClass() throws(PatternError) -> [ClosedRange<UInt32>] {
        place += 2
        var name = ""
        while place < source.count, !peek(":") {
            name.unicodeScalars.append(Unicode.Scalar(source[place]) ?? " ")
            place += 1
        }
        guard take(":"), take("]") else { throw PatternError("brackets [] not balanced") }
        switch name {
        case "digit": return [0x30...0x39]
        case "alpha": return PatternTree.CharacterSet.letters.ranges
        case "alnum": return PatternTree.CharacterSet.letters.ranges + [0x30...0x39]
        case "upper": return options.ignoresCase ? PatternTree.CharacterSet.letters.ranges : [0x41...0x5A]
        case "lower": return options.ignoresCase ? PatternTree.CharacterSet.letters.ranges : [0x61...0x7A]
        case "space": return PatternTree.CharacterSet.spaces.ranges
        case "blank": return [0x09...0x09, 0x20...0x20]
        case "punct": return [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
        case "xdigit": return [0x30...0x39, 0x41...0x46, 0x61...0x66]
        case "cntrl": return [0x00...0x1F, 0x7F...0x7F]
        case "graph": return [0x21...0x7E]
        case "print": return [0x20...0x7E]
        case "word": return PatternTree.CharacterSet.word.ranges
        default: throw PatternError("invalid character class")
        }
    }
}
