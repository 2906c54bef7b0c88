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
    func similar(_ match: PatternMatch, at position: Int, _ context: BindContext) throws(PlanningError)
        -> BoundExpression
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
        var escape: Character? = "\\"
        if let written = match.escape {
            let bound = try bind(written, context)
            if bound.constantValue?.isNull == true { return .constant(.null, .boolean) }
            guard case .text(let letter)? = bound.constantValue, letter.count <= 1 else {
                throw PlanningError("invalid escape string", at: written.position)
            }
            escape = letter.first
        }
        let value = expressionMatch(
            try coerce(operand, to: .text, at: match.operand.position),
            try similarExpression(pattern, escape: escape, patternAt: match.pattern.position, at: position),
            ignoresCase: false, at: position)
        return match.negated ? .not(value) : value
    }

    /// A pattern of the SQL standard as a regular expression: at once where it is written out, else row by row.
    private func similarExpression(
        _ pattern: BoundExpression, escape: Character?, patternAt: Int, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        guard case .text(let text)? = pattern.constantValue else {
            let arguments = [
                try coerce(pattern, to: .text, at: patternAt), .constant(.text(escape.map(String.init) ?? ""), .text),
            ]
            return .call(name: "similar expression", arguments: arguments, .text, position: position)
        }
        guard let expression = SimilarPattern.expression(text, escape: escape) else {
            throw PlanningError(SimilarPattern.problem, at: position)
        }
        return .constant(.text(expression), .text)
    }

    /// `substring(text from pattern for escape)`, with a pattern of the SQL standard; nil if the arguments are numbers.
    ///
    /// - Parameter arguments: The items, bound.
    func similarSubstring(
        _ items: [Expression], _ arguments: [BoundExpression], at position: Int
    ) throws(PlanningError) -> BoundExpression? {
        let (operand, pattern, escape) = (arguments[0], arguments[1], arguments[2])
        let isText = [operand, pattern, escape].allSatisfy { $0.type == .text || $0.type == .unknown }
        // Literals without a type are texts where they can be.
        let isWritten = [pattern, escape].contains { $0.type == .text || $0.constantValue?.isNull == false }
        guard isText, isWritten else { return nil }
        if [operand, pattern, escape].contains(where: { $0.constantValue?.isNull == true }) {
            return .constant(.null, .text)
        }
        guard case .text(let letter)? = escape.constantValue else {
            throw .unsupported("substring with an escape character that is no constant", at: items[2].position)
        }
        guard letter.count <= 1 else { throw PlanningError("invalid escape string", at: items[2].position) }
        let expression = try similarExpression(
            pattern, escape: letter.first, patternAt: items[1].position, at: items[1].position)
        return .call(
            name: "substring pattern", arguments: [try coerce(operand, to: .text, at: items[0].position), expression],
            .text, position: position)
    }

    func bits(
        _ name: String, _ left: Expression, _ right: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        var a = try bind(left, context)
        var b = try bind(right, context)
        let isShift = name == "<<" || name == ">>"
        // An untyped literal is of the other side's type, and a number of places an integer.
        if a.type == .unknown, TypeCoercion.isInteger(b.type) { a = try coerce(a, to: b.type, at: left.position) }
        if b.type == .unknown, TypeCoercion.isInteger(a.type) {
            b = try coerce(b, to: isShift ? .integer : a.type, at: right.position)
        }
        guard TypeCoercion.isInteger(a.type), TypeCoercion.isInteger(b.type), !isShift || b.type == .integer else {
            throw operatorMissing(name, a.type, b.type, at: position)
        }
        let type: LogicalType = isShift ? a.type : a.type == .bigint || b.type == .bigint ? .bigint : .integer
        let names = ["&": "and", "|": "or", "#": "xor", "<<": "left", ">>": "right"]
        let value = BoundExpression.call(name: "bits \(names[name] ?? name)", arguments: [a, b], type, position: position)
        // A smallint is an integer here, but what is shifted out of its 16 bits is gone.
        guard name == "<<", case .cast(_, let written) = left.kind, written.name == "int2" else { return value }
        return .call(name: "low bits", arguments: [value], type, position: position)
    }
}

/// Patterns of `similar to`.
package enum SimilarPattern {
    /// Why a pattern is none.
    package static let problem = "SQL regular expression may not contain more than two escape-double-quote separators"

    /// The pattern as a regular expression; nil for the problem above. Source: PostgreSQL 15, `similar_escape_internal`.
    package static func expression(_ pattern: String, escape: Character?) -> String? {
        var result = "^(?:"
        var isEscaped = false
        var markCount = 0
        var isInBrackets = false
        for scalar in pattern.unicodeScalars {
            let character = Character(scalar)
            if isEscaped, character == "\"", !isInBrackets {
                // Two of these mark the part that `substring` wants: what is before takes as little as it can.
                markCount += 1
                if markCount > 2 { return nil }
                result += markCount == 1 ? "){1,1}?(" : "){1,1}(?:"
                isEscaped = false
            } else if isEscaped {
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
