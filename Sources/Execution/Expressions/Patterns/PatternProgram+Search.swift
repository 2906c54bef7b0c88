extension PatternProgram {
    /// States that are alive at one place of a text, each with where its match began.
    private struct States {
        var list: [Int] = []
        /// By state: the earliest beginning, or -1.
        var starts: [Int]

        init(count: Int) { starts = [Int](repeating: -1, count: count) }

        mutating func clear() {
            for state in list { starts[state] = -1 }
            list.removeAll(keepingCapacity: true)
        }
    }

    /// The leftmost match that begins at or behind `start`, as long or as short as the expression wants it.
    ///
    /// - Parameter isEnough: Any match will do.
    func search(_ text: [UInt32], from start: Int, isEnough: Bool = false) throws(PatternError) -> Range<Int>? {
        var now = States(count: steps.count)
        var next = States(count: steps.count)
        var stack: [(state: Int, start: Int)] = []
        var best: Range<Int>?
        var place = start
        while true {
            // A match that begins here comes last: an earlier one is better.
            if best == nil { stack.insert((root.first, place), at: 0) }
            try close(&now, &stack, text, place, stop: root.last)
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
            next.clear()
            for state in now.list {
                guard case .characters(let set, let target) = steps[state], sets[set].contains(character) else {
                    continue
                }
                let begin = now.starts[state]
                if let best, begin > best.lowerBound || begin == best.lowerBound && !isGreedy { continue }
                stack.append((target, begin))
            }
            swap(&now, &next)
            now.clear()
            if stack.isEmpty, best != nil { break }
            // Earlier beginnings first: a state keeps the first it gets.
            stack.sort { $0.start > $1.start }
        }
        return best
    }

    /// Adds the states on the stack, and all that can be reached from them without a character.
    private func close(
        _ states: inout States, _ stack: inout [(state: Int, start: Int)], _ text: [UInt32], _ place: Int, stop: Int
    ) throws(PatternError) {
        while let (state, start) = stack.popLast() {
            let known = states.starts[state]
            if known >= 0, known <= start { continue }
            if known < 0 { states.list.append(state) }
            states.starts[state] = start
            switch steps[state] {
            case .characters: break
            case .jump(let targets): for target in targets { stack.append((target, start)) }
            case .assertion(let assertion, let next): if holds(assertion, text, place) { stack.append((next, start)) }
            case .ahead(let first, let last, let negated, let next):
                let found = try ends(from: first, to: last, text, place..<text.count, isEnough: true)
                if found.isEmpty == negated { stack.append((next, start)) }
            case .end(let next): if state != stop, next >= 0 { stack.append((next, start)) }
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
    ///   - stepCount: Grows by the characters looked at, and one.
    func ends(
        from first: Int, to last: Int, _ text: [UInt32], beginning places: [Int], upTo end: Int, isEnough: Bool = false,
        counting stepCount: inout Int
    ) throws(PatternError) -> [Int] {
        stepCount += 1
        guard var place = places.first else { return [] }
        var now = States(count: steps.count)
        var next = States(count: steps.count)
        var stack: [(state: Int, start: Int)] = []
        var found: [Int] = []
        var begun = 0
        while true {
            if begun < places.count, places[begun] == place {
                stack.append((first, 0))
                begun += 1
            }
            try close(&now, &stack, text, place, stop: last)
            if now.starts[last] >= 0 {
                found.append(place)
                if isEnough { return found }
            }
            if place == end { return found }
            let character = text[place]
            place += 1
            stepCount += 1
            for state in now.list {
                if case .characters(let set, let target) = steps[state], sets[set].contains(character) {
                    stack.append((target, 0))
                }
            }
            if stack.isEmpty {
                guard begun < places.count else { return found }
                place = places[begun]
            }
            swap(&now, &next)
            now.clear()
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
