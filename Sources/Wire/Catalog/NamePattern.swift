/// A regular expression over names, matched in time that grows with text and pattern only: a client's pattern cannot hold up
/// a server, whatever it repeats.
///
/// Groups, alternatives, sets, `.`, `^`, `$`, `*`, `+`, `?` and escapes; anything else is no pattern.
/// Source: K. Thompson, "Regular expression search algorithm", 1968.
struct NamePattern {
    indirect enum Node {
        case start
        case end
        case one(CharacterSet)
        case sequence([Node])
        case either([Node])
        case repeated(Node, least: Int, isEndless: Bool)
    }

    /// The characters that fit at one place.
    struct CharacterSet {
        var ranges: [ClosedRange<Unicode.Scalar>]
        var isNegated = false

        func contains(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }
    }

    enum Step {
        case one(CharacterSet)
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case match
    }

    private var steps: [Step] = []

    /// Bytes of a pattern.
    static let longest = 1024

    /// nil if the text is no pattern of this kind.
    init?(_ pattern: String) {
        guard pattern.utf8.count <= NamePattern.longest else { return nil }
        var reader = NamePatternReader(Array(pattern.unicodeScalars))
        guard let node = reader.read() else { return nil }
        emit(node)
        steps.append(.match)
    }

    /// A LIKE pattern: `%` stands for anything, `_` for one character, and the escape character takes the next one as it is.
    ///
    /// - Returns: nil for one that is too long.
    /// - Throws: `22025` if nothing follows the escape character.
    init?(like pattern: String, escape: Unicode.Scalar?) throws {
        guard pattern.utf8.count <= NamePattern.longest else { return nil }
        let any = CharacterSet(ranges: [], isNegated: true)
        var isEscaped = false
        steps.append(.start)
        for scalar in pattern.unicodeScalars {
            if !isEscaped, scalar == escape {
                isEscaped = true
                continue
            }
            switch scalar {
            case "%" where !isEscaped: emit(.repeated(.one(any), least: 0, isEndless: true))
            case "_" where !isEscaped: steps.append(.one(any))
            default: steps.append(.one(CharacterSet(ranges: [scalar...scalar])))
            }
            isEscaped = false
        }
        guard !isEscaped else {
            throw WireError(.invalidEscape, "LIKE pattern must not end with escape character")
        }
        steps += [.end, .match]
    }

    private mutating func emit(_ node: Node) {
        switch node {
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .one(let set): steps.append(.one(set))
        case .sequence(let nodes): for node in nodes { emit(node) }
        case .either(let nodes):
            var exits: [Int] = []
            for (index, node) in nodes.enumerated() {
                let isLast = index == nodes.count - 1
                let split = steps.count
                if !isLast { steps.append(.split(split + 1, 0)) }
                emit(node)
                if isLast { break }
                exits.append(steps.count)
                steps.append(.jump(0))
                steps[split] = .split(split + 1, steps.count)
            }
            for exit in exits { steps[exit] = .jump(steps.count) }
        case .repeated(let node, least: 1, _):
            let start = steps.count
            emit(node)
            steps.append(.split(start, steps.count + 1))
        case .repeated(let node, _, let isEndless):
            let split = steps.count
            steps.append(.split(split + 1, 0))
            emit(node)
            if isEndless { steps.append(.jump(split)) }
            steps[split] = .split(split + 1, steps.count)
        }
    }

    /// Whether the pattern fits anywhere in the text.
    func matches(_ text: String, ignoresCase: Bool, _ budget: CatalogBudget) throws -> Bool {
        try budget.step(steps.count / 4)
        let scalars = Array(text.unicodeScalars)
        var current: Set<Int> = []
        for place in 0...scalars.count {
            try budget.step(1 + current.count)
            // What begins at the start can begin nowhere else.
            if place > 0, current.isEmpty, case .start? = steps.first { return false }
            add(0, at: place, of: scalars.count, to: &current)
            if current.contains(steps.count - 1) { return true }
            guard place < scalars.count else { break }
            var next: Set<Int> = []
            for step in current {
                guard case .one(let set) = steps[step], fits(scalars[place], set, ignoresCase) else { continue }
                add(step + 1, at: place + 1, of: scalars.count, to: &next)
            }
            if next.contains(steps.count - 1) { return true }
            current = next
        }
        return false
    }

    private func fits(_ scalar: Unicode.Scalar, _ set: CharacterSet, _ ignoresCase: Bool) -> Bool {
        if set.contains(scalar) { return true }
        guard ignoresCase, scalar.isASCII, scalar.properties.isAlphabetic else { return false }
        return Unicode.Scalar(scalar.value ^ 0x20).map { set.contains($0) } ?? false
    }

    private func add(_ step: Int, at place: Int, of count: Int, to states: inout Set<Int>) {
        var pending = [step]
        while let step = pending.popLast() {
            guard states.insert(step).inserted else { continue }
            switch steps[step] {
            case .jump(let target): pending.append(target)
            case .split(let a, let b): pending += [a, b]
            case .start: if place == 0 { pending.append(step + 1) }
            case .end: if place == count { pending.append(step + 1) }
            case .one, .match: break
            }
        }
    }
}
