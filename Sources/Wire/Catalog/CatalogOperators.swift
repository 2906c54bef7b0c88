/// Operators between values of the catalogs.
enum CatalogOperators {
    static func binary(_ name: String, _ left: CatalogValue, _ right: CatalogValue) throws -> CatalogValue {
        switch name {
        case "=", "<>", "<", "<=", ">", ">=":
            guard let order = CatalogValue.order(left, right) else { return .null }
            return .boolean(holds(name, order))
        case "||": return concatenated(left, right)
        case "~", "~*", "!~", "!~*":
            guard let text = left.text, let pattern = right.text else { return .null }
            let found = try matches(text, pattern, ignoresCase: name.hasSuffix("*"))
            return .boolean(found != name.hasPrefix("!"))
        case "~~", "~~*", "!~~", "!~~*":
            guard let text = left.text, let pattern = right.text else { return .null }
            let found = LikePattern.matches(text, pattern, escape: "\\", ignoresCase: name.hasSuffix("*"))
            return .boolean(found != name.hasPrefix("!"))
        case "+", "-", "*", "/", "%", "&", "|", "<<", ">>":
            guard let a = left.integer, let b = right.integer else { return .null }
            return try arithmetic(name, a, b).map { .integer($0) } ?? .null
        default: throw unknown(name)
        }
    }

    static func unknown(_ name: String) -> WireError {
        WireError(.notSupported, "operator \(name) is not supported in a query of the catalogs")
    }

    private static func holds(_ name: String, _ order: Int) -> Bool {
        switch name {
        case "=": order == 0
        case "<>": order != 0
        case "<": order < 0
        case "<=": order <= 0
        case ">": order > 0
        default: order >= 0
        }
    }

    private static func concatenated(_ left: CatalogValue, _ right: CatalogValue) -> CatalogValue {
        switch (left, right) {
        case (.array(let a), .array(let b)): return .array(a + b)
        case (.array(let a), .null), (.null, .array(let a)): return .array(a)
        case (.array(let a), _): return .array(a + [right])
        case (_, .array(let b)): return .array([left] + b)
        default:
            guard let a = left.text, let b = right.text else { return .null }
            return .text(a + b)
        }
    }

    private static func arithmetic(_ name: String, _ a: Int64, _ b: Int64) throws -> Int64? {
        switch name {
        case "+": return a &+ b
        case "-": return a &- b
        case "*": return a &* b
        case "/", "%":
            guard b != 0 else { throw WireError(.divisionByZero, "division by zero") }
            return b == -1 ? (name == "/" ? 0 &- a : 0) : (name == "/" ? a / b : a % b)
        case "&": return a & b
        case "|": return a | b
        case "<<": return a &<< (b & 63)
        default: return a &>> (b & 63)
        }
    }

    /// A regular expression. Clients send names between anchors and little else.
    static func matches(_ text: String, _ pattern: String, ignoresCase: Bool) throws -> Bool {
        guard let known = NamePattern(pattern) else { throw WireError(.notSupported, "this regular expression is not supported") }
        return known.matches(text, ignoresCase: ignoresCase)
    }
}

/// LIKE.
enum LikePattern {
    static func matches(_ text: String, _ pattern: String, escape: Character?, ignoresCase: Bool) -> Bool {
        let text = Array(ignoresCase ? text.lowercased() : text)
        let pattern = Array(ignoresCase ? pattern.lowercased() : pattern)
        // The place to go back to when what follows a `%` does not fit: one is enough.
        var (place, item) = (0, 0)
        var retry: (place: Int, item: Int)?
        while place < text.count {
            if item < pattern.count, pattern[item] == "%", escape != "%" {
                retry = (place, item + 1)
                item += 1
                continue
            }
            let isEscaped = item + 1 < pattern.count && pattern[item] == escape
            let wanted = isEscaped ? item + 1 : item
            if wanted < pattern.count, pattern[wanted] == text[place] || (!isEscaped && pattern[wanted] == "_") {
                (place, item) = (place + 1, wanted + 1)
            } else if let (from, after) = retry {
                retry = (from + 1, after)
                (place, item) = (from + 1, after)
            } else {
                return false
            }
        }
        return pattern[item...].allSatisfy { $0 == "%" }
    }
}
