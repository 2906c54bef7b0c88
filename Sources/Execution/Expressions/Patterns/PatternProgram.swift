/// A regular expression as an automaton with sets of states: every part of the expression has a state it begins in and one
/// it ends in, so that each can be asked alone.
struct PatternProgram: Sendable {
    /// Nothing but numbers, so that stepping through a text counts no references.
    enum Step: Sendable {
        case characters(Int, next: Int)
        /// To each of these states: a range of `ways`.
        case jump(Range<Int>)
        case assertion(PatternTree.Assertion, next: Int)
        case ahead(first: Int, last: Int, negated: Bool, next: Int)
        /// The end of a part: whoever asked for that part is done, others go on.
        case end(next: Int)
    }

    /// A part of the expression with its states.
    final class Part: Sendable {
        let tree: PatternTree
        let first: Int
        let last: Int
        let inner: [Part]

        init(_ tree: PatternTree, _ first: Int, _ last: Int, _ inner: [Part]) {
            self.tree = tree
            self.first = first
            self.last = last
            self.inner = inner
        }
    }

    let steps: [Step]
    let ways: [Int]
    let sets: [CharacterClass]
    let root: Part
    /// What a match begins with; nil if it may be empty.
    let firstCharacters: CharacterClass?
    let isGreedy: Bool
    private static let stateLimit = 50_000

    init(_ tree: PatternTree) throws(PatternError) {
        var builder = Builder()
        root = try builder.add(tree)
        steps = builder.steps
        ways = builder.ways
        sets = builder.sets.map { CharacterClass([$0]) }
        firstCharacters = builder.firstSets(root).map { CharacterClass($0) }
        isGreedy = tree.isGreedy ?? true
    }

    private struct Builder {
        var steps: [Step] = []
        var ways: [Int] = []
        var sets: [PatternTree.CharacterSet] = []

        private mutating func jump(_ targets: [Int]) -> Step {
            ways += targets
            return .jump((ways.count - targets.count)..<ways.count)
        }

        /// The sets of which one has the first character of whatever matches; nil if nothing may be enough.
        func firstSets(_ root: Part) -> [PatternTree.CharacterSet]? {
            var found: Set<Int> = []
            var seen: Set<Int> = [root.first]
            var pending = [root.first]
            while let state = pending.popLast() {
                if state == root.last { return nil }
                var targets: [Int] = []
                switch steps[state] {
                case .characters(let set, _): found.insert(set)
                case .jump(let range): targets = Array(ways[range])
                // Whether they hold is seen when it comes to it.
                case .assertion(_, let next), .ahead(_, _, _, let next): targets = [next]
                case .end(let next): targets = next >= 0 ? [next] : []
                }
                for target in targets where seen.insert(target).inserted { pending.append(target) }
            }
            return found.sorted().map { sets[$0] }
        }

        /// Lays down a part; its last state is yet to be told where to go on.
        mutating func add(_ tree: PatternTree) throws(PatternError) -> Part {
            if steps.count > PatternProgram.stateLimit { throw .tooComplex }
            let first = steps.count
            steps.append(jump([]))
            var inner: [Part] = []
            switch tree {
            case .empty: break
            case .characters(let characters):
                let set = sets.firstIndex(of: characters) ?? sets.count
                if set == sets.count { sets.append(characters) }
                steps[first] = .characters(set, next: first + 1)
            case .assertion(let assertion): steps[first] = .assertion(assertion, next: first + 1)
            case .ahead(let ahead, let negated):
                let part = try add(ahead)
                steps[first] = .ahead(first: part.first, last: part.last, negated: negated, next: steps.count)
            case .group(_, let part):
                inner = [try add(part)]
                steps[first] = jump([inner[0].first])
            case .sequence(let parts):
                for part in parts { inner.append(try add(part)) }
                steps[first] = jump([inner[0].first])
                for (part, following) in zip(inner, inner.dropFirst()) {
                    steps[part.last] = .end(next: following.first)
                }
            case .alternatives(let parts):
                for part in parts { inner.append(try add(part)) }
                steps[first] = jump(inner.map(\.first))
            case .repeated(let part, let minimum, let maximum, _):
                return try addRepeated(tree, part, minimum, maximum, first)
            }
            let last = steps.count
            steps.append(.end(next: -1))
            switch tree {
            case .empty: steps[first] = jump([last])
            case .group: steps[inner[0].last] = .end(next: last)
            case .sequence: steps[inner[inner.count - 1].last] = .end(next: last)
            case .alternatives: for part in inner { steps[part.last] = .end(next: last) }
            default: break
            }
            return Part(tree, first, last, inner)
        }

        /// As many copies as must or may come; an endless repetition goes back from the last one.
        private mutating func addRepeated(
            _ tree: PatternTree, _ part: PatternTree, _ minimum: Int, _ maximum: Int?, _ first: Int
        ) throws(PatternError) -> Part {
            let copies = max(1, maximum ?? max(1, minimum))
            var inner: [Part] = []
            if maximum != 0 { for _ in 0..<copies { inner.append(try add(part)) } }
            let last = steps.count
            steps.append(.end(next: -1))
            guard let begin = inner.first else {
                steps[first] = jump([last])
                return Part(tree, first, last, [])
            }
            steps[first] = jump(minimum == 0 ? [begin.first, last] : [begin.first])
            for (index, copy) in inner.enumerated() {
                // Behind each copy a place of its own, from which the next copy begins or the part ends.
                var onward: [Int] = []
                if index + 1 < inner.count {
                    onward.append(inner[index + 1].first)
                } else if maximum == nil {
                    onward.append(copy.first)
                }
                if index + 1 >= minimum { onward.append(last) }
                steps[copy.last] = .end(next: steps.count)
                steps.append(jump(onward))
            }
            return Part(tree, first, last, inner)
        }
    }
}
