/// Operators between values of the catalogs.
enum CatalogOperators {
    static func binary(
        _ name: String, _ left: CatalogValue, _ right: CatalogValue, _ budget: CatalogBudget
    ) throws -> CatalogValue {
        try budget.look(left, right)
        switch name {
        case "=", "<>", "<", "<=", ">", ">=":
            guard let order = CatalogValue.order(left, right) else { return .null }
            return .boolean(holds(name, order))
        case "||": return try budget.made(concatenated(left, right))
        case "~", "~*", "!~", "!~*":
            guard let text = left.text, let pattern = right.text else { return .null }
            let found = try matches(text, pattern, ignoresCase: name.hasSuffix("*"), budget)
            return .boolean(found != name.hasPrefix("!"))
        case "~~", "~~*", "!~~", "!~~*":
            guard let text = left.text, let pattern = right.text else { return .null }
            let found = try isLike(text, pattern, escape: "\\", ignoresCase: name.hasSuffix("*"), budget)
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
    private static func matches(_ text: String, _ pattern: String, ignoresCase: Bool, _ budget: CatalogBudget) throws -> Bool {
        guard let known = NamePattern(pattern) else { throw WireError(.notSupported, "this regular expression is not supported") }
        return try known.matches(text, ignoresCase: ignoresCase, budget)
    }

    /// LIKE, as a pattern over names.
    ///
    /// - Parameter escape: One character, or none.
    static func isLike(
        _ text: String, _ pattern: String, escape: String, ignoresCase: Bool, _ budget: CatalogBudget
    ) throws -> Bool {
        guard escape.unicodeScalars.count <= 1 else {
            throw WireError(.invalidEscape, "invalid escape string", hint: "escape strings must be empty or one character")
        }
        guard let known = try NamePattern(like: pattern, escape: escape.unicodeScalars.first) else {
            throw WireError(.limitExceeded, "a LIKE pattern of the catalogs has \(NamePattern.longest) bytes at most")
        }
        return try known.matches(text, ignoresCase: ignoresCase, budget)
    }
}
