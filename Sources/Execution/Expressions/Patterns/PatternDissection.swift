/// Finds what each group of a match took: from left to right every part takes as much, or as little, as it wants and the
/// parts behind it allow.
struct PatternDissection {
    let program: PatternProgram
    let text: [UInt32]

    func fill(
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
            try fillRepeated(&groups, part.inner, inner, minimum, maximum, isGreedy, span)
        case .empty, .characters, .assertion, .ahead: break
        }
    }

    private func matches(_ part: PatternProgram.Part, _ span: Range<Int>) throws(PatternError) -> Bool {
        try program.ends(from: part.first, to: part.last, text, span).last == span.upperBound
    }

    private func fillSequence(
        _ groups: inout [Range<Int>?], _ parts: [PatternProgram.Part], _ span: Range<Int>
    ) throws(PatternError) {
        // Forwards: where each part may begin, and where it may end from there.
        var ways = [[Int: [Int]]](repeating: [:], count: parts.count)
        var begins: Set<Int> = [span.lowerBound]
        for (index, part) in parts.enumerated() {
            var ends: Set<Int> = []
            for place in begins {
                let found = try program.ends(from: part.first, to: part.last, text, place..<span.upperBound)
                ways[index][place] = found
                ends.formUnion(found)
            }
            begins = ends
        }
        // Backwards: from which of these places the end of the span can be reached.
        var reachable = [Set<Int>](repeating: [], count: parts.count + 1)
        reachable[parts.count] = [span.upperBound]
        for index in parts.indices.reversed() {
            for (place, ends) in ways[index] where ends.contains(where: reachable[index + 1].contains) {
                reachable[index].insert(place)
            }
        }
        var place = span.lowerBound
        for (index, part) in parts.enumerated() {
            let ends = ways[index][place] ?? []
            let isGreedy = part.tree.isGreedy ?? true
            let allowed = ends.filter(reachable[index + 1].contains)
            guard let end = isGreedy ? allowed.last : allowed.first else { return }
            try fill(&groups, part, place..<end)
            place = end
        }
    }

    /// The last round of a repetition tells what its groups took.
    private func fillRepeated(
        _ groups: inout [Range<Int>?], _ copies: [PatternProgram.Part], _ inner: PatternTree, _ minimum: Int,
        _ maximum: Int?, _ isGreedy: Bool?, _ span: Range<Int>
    ) throws(PatternError) {
        guard let copy = copies.first, maximum != 0 else { return }
        if span.isEmpty {
            if minimum > 0 { try fill(&groups, copy, span) }
            return
        }
        // A fixed number of rounds leaves to each of them how much it takes.
        let prefersLong = (minimum == maximum ? inner.isGreedy : isGreedy) ?? true
        // Rounds from each place to the end of the span: the fewest and the most that are possible, or none.
        var place = span.lowerBound
        var round = 0
        var last = span
        while place < span.upperBound {
            round += 1
            if let maximum, round > maximum { break }
            let ends = try program.ends(from: copy.first, to: copy.last, text, place..<span.upperBound)
                .filter { $0 > place }
            var chosen: Int?
            let wanted: [Int] = prefersLong ? ends.reversed() : ends
            for end in wanted {
                let rest = maximum.map { $0 - round }
                guard try canReach(copy, end, span.upperBound, minimum - round, rest) else { continue }
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
    private func canReach(
        _ copy: PatternProgram.Part, _ place: Int, _ end: Int, _ minimum: Int, _ maximum: Int?
    ) throws(PatternError) -> Bool {
        // What may be empty fills up missing rounds.
        let mayBeEmpty = try program.ends(from: copy.first, to: copy.last, text, place..<place).isEmpty == false
        var front: Set<Int> = [place]
        var round = 0
        var seen: Set<Int> = [place]
        if place == end { return minimum <= 0 || mayBeEmpty }
        while !front.isEmpty {
            round += 1
            if let maximum, round > maximum { return false }
            var next: Set<Int> = []
            for begin in front {
                for target in try program.ends(from: copy.first, to: copy.last, text, begin..<end) where target > begin
                {
                    next.insert(target)
                }
            }
            if next.contains(end), round >= minimum || mayBeEmpty { return true }
            // Without a lower bound, a place reached once need not be reached again.
            front = minimum <= round ? next.subtracting(seen) : next
            seen.formUnion(next)
        }
        return false
    }
}
