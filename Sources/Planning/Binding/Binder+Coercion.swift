import Columns
import SQL

/// Casts that PostgreSQL makes unasked, and the errors where it makes none.
extension Binder {
    /// The expression as another type. Untyped literals are read; constants are converted at once where they fit.
    func coerce(
        _ expression: BoundExpression, to type: LogicalType, at position: Int, explicit: Bool = false
    ) throws(PlanningError) -> BoundExpression {
        let from = expression.type
        if from == type { return expression }
        if case .constant(let value, .unknown) = expression { return try readLiteral(value, as: type, at: position) }
        if type == .unknown { return expression }
        if let moment = try momentCoerced(expression, to: type, at: position) { return moment }
        if case .array(let element) = type, element.type == TypeCoercion.unconstrained {
            return try unconstrainedArray(expression, element, at: position)
        }
        if type == TypeCoercion.unconstrained { return unconstrainedNumeric(expression, at: position) }
        // Between integers nothing changes but the range.
        if case .constant(let value, let type0) = expression,
            let converted = ConstantEvaluator.cast(value, from: type0, to: type)
        {
            return converted
        }
        return .cast(expression, to: type, position: position)
    }

    private func readLiteral(
        _ value: ScalarValue, as type: LogicalType, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        let target = type == .unknown ? LogicalType.text : type
        if let parameter = typedPlaceholder(value, as: target) { return parameter }
        if case .array(let element) = target { return try readArray(value, element, at: position) }
        guard case .text(let text) = value else {
            return .constant(value, target == TypeCoercion.unconstrained ? .numeric(precision: 38, scale: 0) : target)
        }
        if case .moment(let kind) = target { return try readMoment(text, kind, at: position) }
        do {
            let read = try LiteralReader.read(text, as: target)
            if case .numeric(let unscaled, let scale) = read, target == TypeCoercion.unconstrained {
                return .constant(read, ScaledNumber.type(unscaled: unscaled, scale: scale))
            }
            return .constant(read, target)
        } catch {
            var failure = PlanningError(error.message, at: position)
            failure.isLongNumber = error.isLongNumber
            throw failure
        }
    }

    /// `::numeric[]`: as `::numeric` for each element.
    private func unconstrainedArray(
        _ expression: BoundExpression, _ element: ArrayElementType, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        var target = element.withDigits(10)
        if case .array(let own) = expression.type {
            if own.kind == .numeric { return expression }
            let isInteger = own.kind == .integer || own.kind == .bigint
            if isInteger, let holding = ArrayElementType(TypeCoercion.numeric(holding: own.type)) { target = holding }
        }
        return .cast(expression, to: .array(target), position: position)
    }

    /// The elements are read as their type and shown as it shows them.
    private func readArray(
        _ value: ScalarValue, _ element: ArrayElementType, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        guard case .text(let text) = value else { return .constant(value, .array(element.withDigits(10))) }
        guard let elements = ArrayText.read(text) else {
            if text.drop(while: \.isWhitespace).first == "[" || text.filter({ !$0.isWhitespace }).contains("{{") {
                throw .unsupported("an array of arrays or with bounds of its own", at: position)
            }
            throw PlanningError("malformed array literal: \"\(text)\"", at: position)
        }
        var scale = 0
        for item in elements {
            guard let item else { continue }
            do {
                if case .numeric(_, let digits) = try LiteralReader.read(item, as: element.type) {
                    scale = max(scale, digits)
                }
            } catch {
                throw PlanningError(error.message, at: position)
            }
        }
        let constant = BoundExpression.constant(.text(ArrayText.write(elements)), .text)
        if element.kind == .text { return .constant(.text(ArrayText.write(elements)), .array(element)) }
        return .cast(constant, to: .array(element.withDigits(scale)), position: position)
    }

    /// `::numeric` without digits: exact numbers keep theirs; text and doubles get ten digits after the point.
    private func unconstrainedNumeric(_ expression: BoundExpression, at position: Int) -> BoundExpression {
        switch expression.type {
        case .numeric: return expression
        case .integer, .bigint:
            if case .constant(.integer(let number), _) = expression,
                let constant = ConstantEvaluator.numeric(Int128(number), 0, TypeCoercion.unconstrained)
            {
                return constant
            }
            return .cast(expression, to: TypeCoercion.numeric(holding: expression.type), position: position)
        default: return .cast(expression, to: .numeric(precision: 38, scale: 10), position: position)
        }
    }

    /// An exact number as numeric; constants get just the digits they need.
    func numericOperand(_ expression: BoundExpression, at position: Int) throws(PlanningError) -> BoundExpression {
        try coerce(expression, to: TypeCoercion.unconstrained, at: position)
    }

    /// A condition of a clause.
    func condition(_ expression: Expression, _ context: BindContext, of clause: String) throws(PlanningError)
        -> BoundExpression
    {
        let bound = try bind(expression, context)
        return try boolean(bound, of: clause, at: expression.position)
    }

    func boolean(_ bound: BoundExpression, of clause: String, at position: Int) throws(PlanningError) -> BoundExpression
    {
        guard bound.type == .boolean || bound.type == .unknown else {
            throw PlanningError(
                "argument of \(clause) must be type boolean, not type \(TypeCoercion.messageName(bound.type))",
                at: position)
        }
        return try coerce(bound, to: .boolean, at: position)
    }

    func cannotMatch(_ what: String, _ left: LogicalType, _ right: LogicalType, at position: Int) -> PlanningError {
        PlanningError(
            "\(what) types \(TypeCoercion.messageName(left)) and \(TypeCoercion.messageName(right)) cannot be matched",
            at: position, hint: "cast one of them")
    }

    /// The operands in one common type, as for CASE, COALESCE and GREATEST.
    func unified(
        _ expressions: [BoundExpression], _ positions: [Int], of what: String
    ) throws(PlanningError) -> (items: [BoundExpression], type: LogicalType) {
        var type = LogicalType.unknown
        for (expression, position) in zip(expressions, positions) {
            // An integer literal beside a numeric needs only its own digits.
            let own = (expression.isConstant && type.isNumber) ? narrow(expression) : expression.type
            guard let common = TypeCoercion.common(type, own) else {
                throw cannotMatch(what, type, expression.type, at: position)
            }
            type = common
        }
        if type == .unknown { type = .text }
        var items: [BoundExpression] = []
        for (expression, position) in zip(expressions, positions) {
            items.append(try coerce(expression, to: type, at: position))
        }
        return (items, type)
    }

    private func narrow(_ expression: BoundExpression) -> LogicalType {
        guard case .constant(.integer(let number), let type) = expression else { return expression.type }
        return Int32(exactly: number) == nil ? type : .integer
    }

    func operatorMissing(
        _ name: String, _ left: LogicalType?, _ right: LogicalType, at position: Int
    ) -> PlanningError {
        let leftName = left.map { TypeCoercion.messageName($0) + " " } ?? ""
        // 2025-01-31 without quotes is the number 1993.
        let sides = [left, right]
        let isDay = sides.contains(where: { $0 == .date || $0 == .timestamp }) && sides.contains(.integer)
        return PlanningError(
            "operator does not exist: \(leftName)\(name) \(TypeCoercion.messageName(right))", at: position,
            hint: isDay ? "write days in quotes: '2025-01-31'" : "no operator matches these types; add a cast")
    }

    /// Both sides of a comparison in one type; numerics keep their scales.
    func comparable(
        _ left: BoundExpression, _ right: BoundExpression, _ name: String, leftAt: Int, rightAt: Int, at position: Int
    ) throws(PlanningError) -> (BoundExpression, BoundExpression) {
        switch (left.type, right.type) {
        case (.unknown, .unknown):
            return (try coerce(left, to: .text, at: leftAt), try coerce(right, to: .text, at: rightAt))
        case (.unknown, let type):
            return (try comparedLiteral(left, type, leftAt).comparedArray, right.comparedArray)
        case (let type, .unknown):
            return (left.comparedArray, try comparedLiteral(right, type, rightAt).comparedArray)
        case (.array(let own), .array(let other)) where own.kind == other.kind:
            return (left.comparedArray, right.comparedArray)
        case (let leftType, let rightType):
            if leftType == rightType { return (left, right) }
            if leftType.isNumber, rightType.isNumber {
                if leftType == .double || rightType == .double {
                    return (try coerce(left, to: .double, at: leftAt), try coerce(right, to: .double, at: rightAt))
                }
                if TypeCoercion.isInteger(leftType), TypeCoercion.isInteger(rightType) { return (left, right) }
                return (try numericOperand(left, at: leftAt), try numericOperand(right, at: rightAt))
            }
            // Beside an instant days and timestamps are those of the session's zone, beside an interval a time is one.
            if let common = TypeCoercion.common(leftType, rightType), [leftType, rightType].contains(where: \.isMoment) {
                return (try coerce(left, to: common, at: leftAt), try coerce(right, to: common, at: rightAt))
            }
            if (leftType == .date && rightType == .timestamp) || (leftType == .timestamp && rightType == .date) {
                return (try coerce(left, to: .timestamp, at: leftAt), try coerce(right, to: .timestamp, at: rightAt))
            }
            var missing = operatorMissing(name, leftType, rightType, at: position)
            // Codes of digits, such as those of regions and patients, are texts.
            if leftType == .text && rightType.isNumber && right.constantValue != nil
                || rightType == .text && leftType.isNumber && left.constantValue != nil
            {
                missing.hint = "text is compared with text; write the digits in quotes"
            }
            throw missing
        }
    }

    /// A numeric literal keeps its own digits: `amount = '1.005'` must not round.
    private func comparedLiteral(
        _ literal: BoundExpression, _ type: LogicalType, _ position: Int
    ) throws(PlanningError) -> BoundExpression {
        if case .numeric = type, literal.constantValue?.isNull == false {
            return try coerce(literal, to: TypeCoercion.unconstrained, at: position)
        }
        return try coerce(literal, to: type, at: position)
    }
}
