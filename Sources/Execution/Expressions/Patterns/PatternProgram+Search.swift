extension PatternProgram {
    /// States that are alive at one place of a text, each with where its match began.
    ///
    /// Beginnings ascend in the list: the first to reach a state is the best, and others need not.
    private struct States {
        private(set) var list: [Int] = []
        /// By state: the earliest beginning, or -1.
        private(set) var starts: [Int]
        /// States whose ways onward are yet to be gone.
        fileprivate var pending: [Int] = []

        init(count: Int) { starts = [Int](repeating: -1, count: count) }

        /// - Returns: whether the state was not there.
        mutating func insert(_ state: Int, _ start: Int) -> Bool {
            if starts[state] >= 0 { return false }
            starts[state] = start
            list.append(state)
            return true
        }

        mutating func clear() {
            for state in list { starts[state] = -1 }
            list.removeAll(keepingCapacity: true)
        }
    }

    /// The leftmost match that begins at or behind `start`, as long or as short as the expression wants it.
    ///
    /// - Parameter isEnough: Any match will do.
    func search(_ text: [UInt32], from start: Int, isEnough: Bool = false) throws(PatternError) -> Range<Int>? {
        guard var place = firstPlace(in: text, from: start) else { return nil }
        var now = States(count: steps.count)
        var next = States(count: steps.count)
        var best: Range<Int>?
        while true {
            if best == nil, now.list.isEmpty {
                guard let first = firstPlace(in: text, from: place) else { return nil }
                place = first
            }
            // A match that begins here comes last: an earlier one is better.
            if best == nil { try add(root.first, place, to: &now, text, place, stop: root.last) }
            let begun = now.starts[root.last]
            if begun >= 0 {
                if isEnough { return begun..<place }
                if let known = best {
                    if begun < known.lowerBound || begun == known.lowerBound && isGreedy { best = begun..<place }
                } else {
                    best = begun..<place
                }
            }
            if place == text.count { break }
            let character = text[place]
            place += 1
            for state in now.list {
                guard case .characters(let set, let target) = steps[state], sets[set].contains(character) else {
                    continue
                }
                let begin = now.starts[state]
                if let best, begin > best.lowerBound || begin == best.lowerBound && !isGreedy { continue }
                try add(target, begin, to: &next, text, place, stop: root.last)
            }
            swap(&now, &next)
            next.clear()
            if now.list.isEmpty, best != nil { break }
        }
        return best
    }

    /// The first place at or behind `start` where a match may begin, by its first character.
    private func firstPlace(in text: [UInt32], from start: Int) -> Int? {
        guard let firstCharacters else { return start }
        var place = start
        while place < text.count, !firstCharacters.contains(text[place]) { place += 1 }
        return place < text.count ? place : nil
    }

    /// Adds a state, and all that can be reached from it without a character.
    ///
    /// - Parameter start: No earlier than those of the states that are there.
    private func add(
        _ state: Int, _ start: Int, to states: inout States, _ text: [UInt32], _ place: Int, stop: Int
    ) throws(PatternError) {
        guard states.insert(state, start) else { return }
        states.pending.append(state)
        func go(_ target: Int, _ states: inout States) {
            if states.insert(target, start) { states.pending.append(target) }
        }
        while let state = states.pending.popLast() {
            switch steps[state] {
            case .characters: break
            case .jump(let range): for way in range { go(ways[way], &states) }
            case .assertion(let assertion, let next): if holds(assertion, text, place) { go(next, &states) }
            case .ahead(let first, let last, let negated, let next):
                let found = try ends(from: first, to: last, text, place..<text.count, isEnough: true)
                if found.isEmpty == negated { go(next, &states) }
            case .end(let next): if state != stop, next >= 0 { go(next, &states) }
            }
        }
    }

    /// Where a part that begins at the start of a span can end within it, ascending.
    func ends(
        from first: Int, to last: Int, _ text: [UInt32], _ span: Range<Int>, isEnough: Bool = false
    ) throws(PatternError) -> [Int] {
        var stepCount = 0
        return try ends(
            from: first, to: last, text, beginning: [span.lowerBound], upTo: span.upperBound, isEnough: isEnough,
            counting: &stepCount)
    }

    /// Where a part that begins at one of some places can end up to another, ascending.
    ///
    /// - Parameters:
    ///   - places: Ascending, none behind `end`.
    ///   - stepCount: Grows by the states looked at, and by all states there are, whose places are made for each call.
    func ends(
        from first: Int, to last: Int, _ text: [UInt32], beginning places: [Int], upTo end: Int, isEnough: Bool = false,
        counting stepCount: inout Int
    ) throws(PatternError) -> [Int] {
        guard var place = places.first else { return [] }
        stepCount += steps.count
        var now = States(count: steps.count)
        var next = States(count: steps.count)
        var found: [Int] = []
        var begun = 0
        while true {
            if begun < places.count, places[begun] == place {
                try add(first, 0, to: &now, text, place, stop: last)
                begun += 1
            }
            if now.starts[last] >= 0 {
                found.append(place)
                if isEnough { return found }
            }
            if place == end { return found }
            let character = text[place]
            place += 1
            stepCount += now.list.count
            for state in now.list {
                if case .characters(let set, let target) = steps[state], sets[set].contains(character) {
                    try add(target, 0, to: &next, text, place, stop: last)
                }
            }
            if next.list.isEmpty {
                guard begun < places.count else { return found }
                place = places[begun]
            }
            swap(&now, &next)
            next.clear()
        }
    }

    private func holds(_ assertion: PatternTree.Assertion, _ text: [UInt32], _ place: Int) -> Bool {
        func isWord(_ index: Int) -> Bool {
            text.indices.contains(index) && PatternTree.CharacterSet.word.contains(text[index])
        }
        let before = isWord(place - 1)
        let after = isWord(place)
        switch assertion {
        case .start: return place == 0
        case .end: return place == text.count
        case .lineStart: return place == 0 || text[place - 1] == 0x0A
        case .lineEnd: return place == text.count || text[place] == 0x0A
        case .wordStart: return !before && after
        case .wordEnd: return before && !after
        case .wordBorder: return before != after
        case .noWordBorder: return before == after
        }
    }
}
