/// A regular expression taken apart.
indirect enum PatternTree: Sendable {
    case empty
    case characters(CharacterSet)
    case assertion(Assertion)
    case sequence([PatternTree])
    case alternatives([PatternTree])
    case group(Int, PatternTree)
    /// At least `minimum` times, and no more than `maximum` if there is one.
    case repeated(PatternTree, minimum: Int, maximum: Int?, isGreedy: Bool?)
    /// What follows matches the tree, or does not.
    case ahead(PatternTree, negated: Bool)

    enum Assertion: Sendable {
        case start, end, lineStart, lineEnd, wordStart, wordEnd, wordBorder, noWordBorder
    }

    /// Characters by ranges of their code points, ascending; `isNegated` takes all others.
    struct CharacterSet: Hashable, Sendable {
        var ranges: [ClosedRange<UInt32>] = []
        var isNegated = false

        func contains(_ character: UInt32) -> Bool {
            for range in ranges where range.contains(character) { return !isNegated }
            return isNegated
        }

        static func one(_ character: UInt32) -> CharacterSet { CharacterSet(ranges: [character...character]) }
        static let any = CharacterSet(ranges: [], isNegated: true)
        static let digits = CharacterSet(ranges: [0x30...0x39])
        static let spaces = CharacterSet(ranges: [0x09...0x0D, 0x20...0x20])
        static let letters = CharacterSet(ranges: [0x41...0x5A, 0x61...0x7A])
        /// Letters, digits and the underscore, ASCII only, as in the C collation.
        static let word = CharacterSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])

        /// Letters in both cases.
        var ignoringCase: CharacterSet {
            var all = ranges
            for range in ranges {
                for (letters, distance) in [(UInt32(0x41)...UInt32(0x5A), Int64(32)), (0x61...0x7A, -32)] {
                    let low = max(range.lowerBound, letters.lowerBound)
                    let high = min(range.upperBound, letters.upperBound)
                    if low <= high { all.append(UInt32(Int64(low) + distance)...UInt32(Int64(high) + distance)) }
                }
            }
            return CharacterSet(ranges: all, isNegated: isNegated)
        }
    }

    /// Whether a match of the tree wants to be long; nil where nothing in it has a say.
    var isGreedy: Bool? {
        switch self {
        case .empty, .characters, .assertion, .ahead: nil
        case .sequence(let parts): parts.lazy.compactMap(\.isGreedy).first
        case .alternatives(let parts): parts.count == 1 ? parts[0].isGreedy : true
        case .group(_, let inner): inner.isGreedy
        case .repeated(_, _, _, let isGreedy): isGreedy
        }
    }

    var hasGroups: Bool {
        switch self {
        case .group: true
        case .sequence(let parts), .alternatives(let parts): parts.contains(where: \.hasGroups)
        case .repeated(let inner, _, _, _): inner.hasGroups
        case .empty, .characters, .assertion, .ahead: false
        }
    }
}
