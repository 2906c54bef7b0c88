import BigInt
import Columns
import SQL

/// Constants with more digits than columns hold, NaN and the infinities.
extension Binder {
    /// The value of an expression of constants. Operators around it ask anew, so that a statement may ask a hundred times.
    private func longValue(of expression: Expression) -> LongConstants.Value? {
        guard longValuesLeft > 0 else { return nil }
        longValuesLeft -= 1
        return LongConstants.value(of: expression)
    }

    /// The value of an expression of constants that needs such numbers on the way; nil where it is one itself, or is not known.
    func longConstant(_ expression: Expression) -> BoundExpression? {
        switch longValue(of: expression) {
        case .null?: .constant(.null, .numeric(precision: LogicalType.maximumPrecision, scale: 0))
        case .boolean(let value)?: .constant(.boolean(value), .boolean)
        case .integer(let number)?: .constant(.integer(number), Int32(exactly: number) == nil ? .bigint : .integer)
        case .double(let number)?, .real(let number)?: .constant(.double(number), .double)
        case .text(let text)?: .constant(.text(text), .text)
        case .numeric(let number)?:
            number.narrow.map {
                .constant(
                    .numeric(unscaled: $0.unscaled, scale: $0.scale),
                    ScaledNumber.type(unscaled: $0.unscaled, scale: $0.scale))
            }
        case .untyped?, nil: nil
        }
    }

    /// Both sides of an operator; a long number beside a double is the double nearest to it.
    func operands(
        _ left: Expression, _ right: Expression, _ context: BindContext
    ) throws(PlanningError) -> (BoundExpression, BoundExpression) {
        do throws(PlanningError) {
            return (try bind(left, context), try bind(right, context))
        } catch  where error.isLongNumber {
            if let number = longDouble(left) {
                let other = try bind(right, context)
                if other.type == .double { return (number, other) }
            } else if let number = longDouble(right) {
                let other = try bind(left, context)
                if other.type == .double { return (other, number) }
            }
            throw error
        }
    }

    private func longDouble(_ expression: Expression) -> BoundExpression? {
        guard case .numeric(let number)? = longValue(of: expression), number.narrow == nil else { return nil }
        return number.double.map { .constant(.double($0), .double) }
    }

    /// A comparison of exact numbers with one of more digits than columns hold, NaN or an infinity; nil for any other.
    func comparedBeyond(
        _ comparison: ComparisonOperator, _ left: Expression, _ right: Expression, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression? {
        let isLeft: Bool
        let number: LongNumber
        if case .numeric(let value)? = longValue(of: left) {
            (isLeft, number) = (true, value)
        } else if case .numeric(let value)? = longValue(of: right) {
            (isLeft, number) = (false, value)
        } else {
            return nil
        }
        let value = try bind(isLeft ? right : left, context)
        guard value.type.isNumber, value.type != .double, number.narrow == nil else { return nil }
        /// The comparison where it is the same for all values that are not NULL.
        func always(_ truth: Bool) -> BoundExpression {
            .caseWhen(
                [BoundBranch(condition: .isNull(value, negated: false), result: .constant(.null, .boolean))],
                otherwise: ConstantFolding.truth(truth), .boolean)
        }
        guard let limit = LongNumber("1e\(LogicalType.maximumPrecision)"), number.magnitude.order(limit) < 0 else {
            return always(ConstantEvaluator.holds(comparison, (number.sign != -1) == isLeft ? 1 : -1))
        }
        // It lies between two neighbours of the values' own scale: none is equal to it.
        let cut = number.cut(to: value.type.scale ?? 0)
        guard number.order(cut) != 0,
            let below = number.sign == -1 ? cut.plus(.finite(-1, scale: cut.scale ?? 0)) : cut,
            let narrow = below.narrow
        else { return nil }
        let neighbour = BoundExpression.constant(
            .numeric(unscaled: narrow.unscaled, scale: narrow.scale),
            ScaledNumber.type(unscaled: narrow.unscaled, scale: narrow.scale))
        switch comparison {
        case .equal, .notEqual: return always(comparison == .notEqual)
        case .greater, .greaterOrEqual:
            return .comparison(isLeft ? .lessOrEqual : .greater, try numericOperand(value, at: -1), neighbour)
        case .less, .lessOrEqual:
            return .comparison(isLeft ? .greater : .lessOrEqual, try numericOperand(value, at: -1), neighbour)
        }
    }

    /// An item of the statement's own select list: a number beyond columns is the text that shows it.
    func shown(
        _ expression: Expression, _ bind: () throws(PlanningError) -> BoundExpression
    ) throws(PlanningError) -> BoundExpression {
        let failure: PlanningError
        do throws(PlanningError) {
            let bound = try bind()
            guard bound.type.isNumber, bound.constantValue == nil, Binder.isOfConstants(bound) else { return bound }
            let number = shownNumber(expression, isOther: !Binder.isArithmetic(bound) || Binder.rounds(bound))
            // An integer stays one of its type, and NULL does.
            guard TypeCoercion.isInteger(bound.type) else { return number ?? bound }
            guard case .integer? = number?.constantValue else { return bound }
            return number?.constantValue.map { .constant($0, bound.type) } ?? bound
        } catch  where error.isLongNumber {
            failure = error
        }
        guard let text = shownNumber(expression) else { throw failure }
        return text
    }

    /// A numeric beyond columns as text.
    ///
    /// - Parameter isOther: Whether the value might not be PostgreSQL's in any case, as doubles in place of numerics, casts of
    ///   doubles, which have ten digits here, and choices of numerics, all with the digits of the longest.
    private func shownNumber(_ expression: Expression, isOther: Bool = false) -> BoundExpression? {
        switch longValue(of: expression) {
        case .numeric(let number)? where number.narrow == nil: .constant(.text(number.text), .text)
        case .numeric?, .integer?, .null?: isOther ? longConstant(expression) : nil
        default: nil
        }
    }

    private static func isArithmetic(_ expression: BoundExpression) -> Bool {
        switch expression {
        case .arithmetic, .negate: true
        default: false
        }
    }

    private func isNumeric(_ expression: BoundExpression) -> Bool {
        if case .numeric = expression.type { true } else { false }
    }

    /// Whether it is arithmetic of numeric constants, or their comparison, that has no value among those of columns; or asks
    /// for the digits of such arithmetic, of which quotients have others in columns.
    func overflowing(_ expression: BoundExpression) -> Bool {
        switch expression {
        case .arithmetic(_, let left, let right, .numeric, _):
            Binder.isOfConstants(right) && Binder.isOfConstants(left) && !ConstantFolding.fold(expression).isConstant
        case .comparison(_, let left, let right):
            isNumeric(left) && isNumeric(right) && Binder.isOfConstants(right) && Binder.isOfConstants(left)
                && (Binder.rounds(left) || Binder.rounds(right) || !ConstantFolding.fold(expression).isConstant)
        case .distinct(let left, let right, _):
            isNumeric(left) && isNumeric(right) && Binder.isOfConstants(right) && Binder.isOfConstants(left)
                && (Binder.rounds(left) || Binder.rounds(right))
        case .inList(let value, let items, _):
            isNumeric(value) && ([value] + items).allSatisfy { Binder.isOfConstants($0) }
                && ([value] + items).contains { Binder.rounds($0) }
        case .cast(let operand, _, _): overflowing(operand)
        case .call("scale", let arguments, _, _): arguments.allSatisfy { Binder.isOfConstants($0) }
        default: false
        }
    }

    /// Whether it divides numerics, which leaves a constant other digits than PostgreSQL's.
    static func rounds(_ expression: BoundExpression, depth: Int = 8) -> Bool {
        if depth == 0 { return false }
        return switch expression {
        case .arithmetic(.divide, _, _, .numeric, _): true
        case .arithmetic(_, let left, let right, .numeric, _):
            rounds(left, depth: depth - 1) || rounds(right, depth: depth - 1)
        case .cast(let operand, .numeric, _), .negate(let operand, .numeric, _): rounds(operand, depth: depth - 1)
        case .call(_, let arguments, .numeric, _): arguments.contains { rounds($0, depth: depth - 1) }
        default: false
        }
    }

    /// Whether nothing in it depends on rows; a deep one is taken to do so.
    static func isOfConstants(_ expression: BoundExpression, depth: Int = 8) -> Bool {
        if depth == 0 { return false }
        return switch expression {
        case .constant: true
        case .cast(let operand, _, _), .negate(let operand, _, _): isOfConstants(operand, depth: depth - 1)
        case .arithmetic(_, let left, let right, _, _):
            isOfConstants(right, depth: depth - 1) && isOfConstants(left, depth: depth - 1)
        case .comparison(_, let left, let right):
            isOfConstants(right, depth: depth - 1) && isOfConstants(left, depth: depth - 1)
        case .call(_, let arguments, _, _), .coalesce(let arguments, _):
            arguments.allSatisfy { isOfConstants($0, depth: depth - 1) }
        case .caseWhen(let branches, let otherwise, _):
            isOfConstants(otherwise, depth: depth - 1)
                && branches.allSatisfy {
                    isOfConstants($0.condition, depth: depth - 1) && isOfConstants($0.result, depth: depth - 1)
                }
        default: false
        }
    }
}
