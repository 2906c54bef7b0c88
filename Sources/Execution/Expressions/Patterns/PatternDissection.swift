/// Finds what each group of a match took: from left to right every part takes as much, or as little, as it wants and the
/// parts behind it allow.
struct PatternDissection {
    let program: PatternProgram
    let text: [UInt32]
    /// States looked at so far.
    private var stepCount = 0

    /// States that may be looked at, character after character and again and again, for the groups of one match.
    private static let stepLimit = 100_000_000

    init(program: PatternProgram, text: [UInt32]) {
        self.program = program
        self.text = text
    }

    /// Where a part that begins at one of these places, ascending, can end up to a place, ascending.
    private mutating func ends(
        from first: Int, to last: Int, beginning places: [Int], upTo end: Int
    ) throws(PatternError) -> [Int] {
        let found = try program.ends(from: first, to: last, text, beginning: places, upTo: end, counting: &stepCount)
        if stepCount > PatternDissection.stepLimit { throw .tooComplex }
        return found
    }

    mutating func fill(
        _ groups: inout [Range<Int>?], _ part: PatternProgram.Part, _ span: Range<Int>
    ) throws(PatternError) {
        guard part.tree.hasGroups else { return }
        switch part.tree {
        case .group(let number, _):
            groups[number] = span
            try fill(&groups, part.inner[0], span)
        case .alternatives:
            for inner in part.inner {
                guard try matches(inner, span) else { continue }
                try fill(&groups, inner, span)
                return
            }
        case .sequence: try fillSequence(&groups, part.inner, span)
        case .repeated(let inner, let minimum, let maximum, let isGreedy):
            try fillRepeated(&groups, part, inner, minimum, maximum, isGreedy, span)
        case .empty, .characters, .assertion, .ahead: break
        }
    }

    private mutating func matches(_ part: PatternProgram.Part, _ span: Range<Int>) throws(PatternError) -> Bool {
        try ends(from: part.first, to: part.last, beginning: [span.lowerBound], upTo: span.upperBound).last == span.upperBound
    }

    private mutating func fillSequence(
        _ groups: inout [Range<Int>?], _ parts: [PatternProgram.Part], _ span: Range<Int>
    ) throws(PatternError) {
        var place = span.lowerBound
        for (index, part) in parts.enumerated() {
            let found = try ends(from: part.first, to: part.last, beginning: [place], upTo: span.upperBound)
            let isGreedy = part.tree.isGreedy ?? true
            var chosen: Int?
            for end in isGreedy ? found.reversed() : found {
                guard try canFollow(parts[(index + 1)...], end, span.upperBound) else { continue }
                chosen = end
                break
            }
            guard let end = chosen else { return }
            try fill(&groups, part, place..<end)
            place = end
        }
    }

    /// Whether parts one behind the other lead from one place to another.
    private mutating func canFollow(
        _ parts: ArraySlice<PatternProgram.Part>, _ place: Int, _ end: Int
    ) throws(PatternError) -> Bool {
        var front = [place]
        for part in parts {
            front = try ends(from: part.first, to: part.last, beginning: front, upTo: end)
            if front.isEmpty { return false }
        }
        return front.last == end
    }

    /// The last round of a repetition tells what its groups took.
    private mutating func fillRepeated(
        _ groups: inout [Range<Int>?], _ part: PatternProgram.Part, _ inner: PatternTree, _ minimum: Int, _ maximum: Int?,
        _ isGreedy: Bool?, _ span: Range<Int>
    ) throws(PatternError) {
        guard let copy = part.inner.first, let lastCopy = part.inner.last, maximum != 0 else { return }
        if span.isEmpty {
            if minimum > 0 { try fill(&groups, copy, span) }
            return
        }
        // A fixed number of rounds leaves to each of them how much it takes.
        let prefersLong = (minimum == maximum ? inner.isGreedy : isGreedy) ?? true
        var place = span.lowerBound
        var round = 0
        var last = span
        while place < span.upperBound {
            round += 1
            if let maximum, round > maximum { break }
            let found = try ends(from: copy.first, to: copy.last, beginning: [place], upTo: span.upperBound)
                .filter { $0 > place }
            var chosen: Int?
            for end in prefersLong ? found.reversed() : found {
                let isPossible: Bool
                if end == span.upperBound, round >= minimum {
                    isPossible = true
                } else if maximum == nil, round >= minimum {
                    // As many rounds as it takes: the automaton itself goes round.
                    let rest = try ends(from: lastCopy.first, to: part.last, beginning: [end], upTo: span.upperBound)
                    isPossible = rest.last == span.upperBound
                } else {
                    isPossible = try canReach(copy, end, span.upperBound, minimum - round, maximum.map { $0 - round })
                }
                guard isPossible else { continue }
                chosen = end
                break
            }
            guard let end = chosen else { return }
            last = place..<end
            place = end
        }
        try fill(&groups, copy, last)
    }

    /// Whether rounds from a place on can end at another, neither too few nor too many of them.
    private mutating func canReach(
        _ copy: PatternProgram.Part, _ place: Int, _ end: Int, _ minimum: Int, _ maximum: Int?
    ) throws(PatternError) -> Bool {
        // What may be empty fills up missing rounds.
        let mayBeEmpty = try !ends(from: copy.first, to: copy.last, beginning: [place], upTo: place).isEmpty
        if place == end { return minimum <= 0 || mayBeEmpty }
        var front = [place]
        var round = 0
        var seen: Set<Int> = [place]
        while let lowest = front.first {
            round += 1
            if let maximum, round > maximum { return false }
            // A round that takes nothing leads nowhere; those of other places may end where one begins.
            var next = try ends(from: copy.first, to: copy.last, beginning: front, upTo: end)
            next.removeAll { $0 <= lowest }
            if next.last == end, round >= minimum || mayBeEmpty { return true }
            // Without a lower bound, a place reached once need not be reached again.
            front = minimum <= round ? next.filter { !seen.contains($0) } : next
            seen.formUnion(next)
        }
        return false
    }
}
