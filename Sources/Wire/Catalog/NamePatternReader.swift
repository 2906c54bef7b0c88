/// Reads the text of a ``NamePattern``.
struct NamePatternReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func accept(_ wanted: Unicode.Scalar) -> Bool {
        guard next == wanted else { return false }
        position += 1
        return true
    }

    mutating func read() -> NamePattern.Node? {
        guard let node = alternatives(), position == scalars.count else { return nil }
        return node
    }

    private mutating func alternatives() -> NamePattern.Node? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 32 else { return nil }
        var nodes: [NamePattern.Node] = []
        repeat {
            guard let node = sequence() else { return nil }
            nodes.append(node)
        } while accept("|")
        return nodes.count == 1 ? nodes[0] : .either(nodes)
    }

    private mutating func sequence() -> NamePattern.Node? {
        var nodes: [NamePattern.Node] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            guard var node = atom() else { return nil }
            var count = 0
            while let mark = next, "*+?".unicodeScalars.contains(mark) {
                // A repetition of a repetition doubles the pattern; nobody means it.
                count += 1
                guard count <= 2 else { return nil }
                position += 1
                switch mark {
                case "*": node = .repeated(node, least: 0, isEndless: true)
                case "+": node = .repeated(node, least: 1, isEndless: true)
                default: node = .repeated(node, least: 0, isEndless: false)
                }
            }
            nodes.append(node)
        }
        return .sequence(nodes)
    }

    private mutating func atom() -> NamePattern.Node? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .one(.init(ranges: [], isNegated: true))
        case "(":
            if accept("?") { guard accept(":") else { return nil } }
            guard let node = alternatives(), accept(")") else { return nil }
            return node
        case "[": return set().map { .one($0) }
        case "\\": return escaped().map { .one($0) }
        case "*", "+", "?", "{", "}": return nil
        default: return .one(.init(ranges: [scalar...scalar]))
        }
    }

    private static let word: [ClosedRange<Unicode.Scalar>] = ["a"..."z", "A"..."Z", "0"..."9", "_"..."_", "\u{80}"..."\u{10FFFF}"]

    private mutating func escaped() -> NamePattern.CharacterSet? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "d": return .init(ranges: ["0"..."9"])
        case "w": return .init(ranges: NamePatternReader.word)
        case "W": return .init(ranges: NamePatternReader.word, isNegated: true)
        case "s": return .init(ranges: ["\t"..."\r", " "..." "])
        case "a"..."z", "A"..."Z", "0"..."9": return nil
        default: return .init(ranges: [scalar...scalar])
        }
    }

    private mutating func set() -> NamePattern.CharacterSet? {
        var set = NamePattern.CharacterSet(ranges: [], isNegated: accept("^"))
        var isFirst = true
        while let scalar = next, isFirst || scalar != "]" {
            isFirst = false
            position += 1
            // Classes by name, such as `[:alpha:]`, are not read.
            if scalar == "[", next == ":" { return nil }
            if scalar == "\\" {
                guard let escaped = escaped(), !escaped.isNegated else { return nil }
                set.ranges += escaped.ranges
                continue
            }
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set.ranges.append(scalar...scalar)
                continue
            }
            let last = scalars[position + 1]
            guard scalar <= last else { return nil }
            position += 2
            set.ranges.append(scalar...last)
        }
        return accept("]") ? set : nil
    }
}
