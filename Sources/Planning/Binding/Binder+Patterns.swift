import Columns
import SQL

/// Operators of regular expressions and of bits.
extension Binder {
    func expressionMatch(
        _ name: String, _ left: Expression, _ right: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let text = try bind(left, context)
        let pattern = try bind(right, context)
        guard text.type == .text || text.type == .unknown, pattern.type == .text || pattern.type == .unknown else {
            throw operatorMissing(name, text.type, pattern.type, at: position)
        }
        let value = expressionMatch(
            try coerce(text, to: .text, at: left.position), try coerce(pattern, to: .text, at: right.position),
            ignoresCase: name.hasSuffix("*"), at: position)
        return name.hasPrefix("!") ? .not(value) : value
    }

    private func expressionMatch(
        _ text: BoundExpression, _ pattern: BoundExpression, ignoresCase: Bool, at position: Int
    ) -> BoundExpression {
        var arguments = [text, pattern]
        if ignoresCase { arguments.append(.constant(.text("i"), .text)) }
        return .call(name: "regexp_like", arguments: arguments, .boolean, position: position)
    }

    /// `similar to`: the pattern of the SQL standard as a regular expression over the whole text.
    func similar(_ match: PatternMatch, at position: Int, _ context: BindContext) throws(PlanningError) -> BoundExpression
    {
        let operand = try bind(match.operand, context)
        let pattern = try bind(match.pattern, context)
        guard operand.type == .text || operand.type == .unknown, pattern.type == .text || pattern.type == .unknown
        else {
            throw operatorMissing(match.negated ? "!~" : "~", operand.type, pattern.type, at: position)
        }
        if pattern.constantValue?.isNull == true || operand.constantValue?.isNull == true {
            return .constant(.null, .boolean)
        }
        guard case .text(let text)? = pattern.constantValue else {
            throw .unsupported("SIMILAR TO a pattern that is no constant", at: match.pattern.position)
        }
        var escape: Character? = "\\"
        if let written = match.escape {
            guard case .text(let letter)? = try bind(written, context).constantValue, letter.count <= 1 else {
                throw PlanningError("invalid escape string", at: written.position)
            }
            escape = letter.first
        }
        let value = expressionMatch(
            try coerce(operand, to: .text, at: match.operand.position),
            .constant(.text(SimilarPattern.expression(text, escape: escape)), .text), ignoresCase: false, at: position)
        return match.negated ? .not(value) : value
    }

    func bits(
        _ name: String, _ left: Expression, _ right: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let a = try bind(left, context)
        let b = try bind(right, context)
        let isShift = name == "<<" || name == ">>"
        guard TypeCoercion.isInteger(a.type), TypeCoercion.isInteger(b.type), !isShift || b.type == .integer else {
            throw operatorMissing(name, a.type, b.type, at: position)
        }
        let type: LogicalType = isShift ? a.type : a.type == .bigint || b.type == .bigint ? .bigint : .integer
        let names = ["&": "and", "|": "or", "#": "xor", "<<": "left", ">>": "right"]
        return .call(name: "bits \(names[name] ?? name)", arguments: [a, b], type, position: position)
    }
}

/// Patterns of `similar to`.
enum SimilarPattern {
    /// The pattern as a regular expression. Source: PostgreSQL 15, `similar_escape_internal`.
    static func expression(_ pattern: String, escape: Character?) -> String {
        var result = "^(?:"
        var isEscaped = false
        var isInBrackets = false
        for character in pattern {
            if isEscaped {
                result += "\\" + String(character)
                isEscaped = false
            } else if character == escape {
                isEscaped = true
            } else if isInBrackets {
                if character == "\\" { result += "\\" }
                result.append(character)
                if character == "]" { isInBrackets = false }
            } else {
                switch character {
                case "[":
                    result.append(character)
                    isInBrackets = true
                case "%": result += ".*"
                case "_": result += "."
                case "(": result += "(?:"
                case "\\", ".", "^", "$": result += "\\" + String(character)
                default: result.append(character)
                }
            }
        }
        return result + ")$"
    }
}
