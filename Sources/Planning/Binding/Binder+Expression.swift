import Columns
import SQL

/// Expressions other than operators, functions and subqueries.
extension Binder {
    func bind(_ expression: Expression, _ context: BindContext) throws(PlanningError) -> BoundExpression {
        do throws(PlanningError) {
            let bound = try bindPlainly(expression, context)
            return overflowing(bound) ? longConstant(expression) ?? bound : bound
        } catch where error.isLongNumber {
            guard let constant = longConstant(expression) else { throw error }
            return constant
        }
    }

    private func bindPlainly(_ expression: Expression, _ context: BindContext) throws(PlanningError) -> BoundExpression {
        let position = expression.position
        switch expression.kind {
        case .literal(let literal): return try constant(literal, at: position)
        case .column(let parts): return try bindColumn(parts, at: position, context)
        case .star: throw .unsupported("a whole row as a value", at: position, hint: "name its columns")
        case .parameter(let number): return try bindParameter(number, at: position)
        case .unary(let name, let operand): return try bindUnary(name, operand, at: position, context)
        case .binary(let name, let left, let right): return try bindBinary(name, left, right, at: position, context)
        case .and(let items): return .and(try conditions(items, context, of: "AND"))
        case .or(let items): return .or(try conditions(items, context, of: "OR"))
        case .not(let operand): return BooleanForm.negated(try condition(operand, context, of: "NOT"))
        case .isNull(let operand, let negated): return try bindIsNull(operand, negated, context)
        case .truthTest(let operand, let test, let negated): return try bindTruthTest(operand, test, negated, context)
        case .isDistinctFrom(let left, let right, let negated):
            if case .row(let fields) = left.kind, case .row(let others) = right.kind {
                return try distinctRows(fields, others, negated, at: position, context)
            }
            let (a, b) = try comparedOperands(left, right, "=", at: position, context)
            return .distinct(a, b, negated: negated)
        case .between(let operand, let low, let high, let symmetric, let negated):
            return try bindBetween(operand, low, high, symmetric: symmetric, negated: negated, at: position, context)
        case .inList(let operand, let items, let negated):
            return try bindInList(operand, items, negated, at: position, context)
        case .patternMatch(let match): return try bindPattern(match, at: position, context)
        case .caseWhen(let expression):
            return try conditionally("CASE") { () throws(PlanningError) in try bindCase(expression, context) }
        case .cast(let operand, let type): return try bindCast(operand, type, at: position, context)
        case .function(let call): return try bindCall(call, at: position, context)
        case .extract(let field, let operand):
            return try bindDatePart("extract", field, operand, fieldAt: position, context)
        case .coalesce(let items):
            let (values, type) = try conditionally("COALESCE") { () throws(PlanningError) in
                try unifiedOperands(items, context, of: "COALESCE")
            }
            return values.count == 1 ? values[0] : .coalesce(values, type)
        case .nullIf(let left, let right):
            let (a, b) = try comparedOperands(left, right, "=", at: position, context)
            let value = try nullIfValue(try bind(left, context), compared: a.type, at: left.position)
            return .caseWhen(
                [BoundBranch(condition: .comparison(.equal, a, b), result: .constant(.null, value.type))],
                otherwise: value, value.type)
        case .greatest(let items): return try bindExtreme("greatest", items, at: position, context)
        case .least(let items): return try bindExtreme("least", items, at: position, context)
        case .grouping(let arguments): return try bindGrouping(arguments, at: position, context)
        case .currentValue(let value): return try bindCurrent(value, at: position)
        case .inSubquery, .exists, .scalarSubquery, .quantified: return try bindSubquery(expression, context)
        case .arraySubquery(let query): return try arraySubquery(query, at: position, context)
        case .array(let items): return try arrayLiteral(items, of: nil, at: position, context)
        case .element(let array, let index): return try arrayElement(array, index, at: position, context)
        case .slice(let array, let low, let high): return try arraySlice(array, low, high, at: position, context)
        case .row: throw .unsupported("a row value here", at: position, hint: "compare the columns one by one")
        case .field: throw .unsupported("a field of a composite value", at: position)
        case .atTimeZone(let operand, let zone): return try atTimeZone(operand, zone, at: position, context)
        case .collate(let operand, let name):
            guard name.last == "C" || name.last == "POSIX" || name.last == "default" else {
                throw .unsupported(
                    "collation \"\(name.joined(separator: "."))\"", at: position, hint: "text sorts by bytes, as \"C\"")
            }
            return try bind(operand, context)
        }
    }

    private func conditionally<T>(
        _ place: String, _ body: () throws(PlanningError) -> T
    ) throws(PlanningError) -> T {
        let known = conditionalPlace
        conditionalPlace = known ?? place
        defer { conditionalPlace = known }
        return try body()
    }

    private func constant(_ literal: Literal, at position: Int) throws(PlanningError) -> BoundExpression {
        switch literal {
        case .integer(let value): return .constant(.integer(value), Int32(exactly: value) == nil ? .bigint : .integer)
        case .decimal(let text):
            guard let (unscaled, scale) = LiteralReader.decimal(text) else {
                var failure = PlanningError.unsupported(
                    "number \(text) of more than 38 digits", at: position,
                    hint: "write it as '\(text)'::double precision")
                failure.isLongNumber = true
                throw failure
            }
            return .constant(
                .numeric(unscaled: unscaled, scale: scale), ScaledNumber.type(unscaled: unscaled, scale: scale))
        case .string(let text): return .constant(.text(text), .unknown)
        case .boolean(let value): return .constant(.boolean(value), .boolean)
        case .null: return .constant(.null, .unknown)
        }
    }

    /// Untyped literals become text where nothing demands a type.
    func resolved(_ expression: BoundExpression, at position: Int) throws(PlanningError) -> BoundExpression {
        expression.type == .unknown ? try coerce(expression, to: .text, at: position) : expression
    }

    private func conditions(
        _ items: [Expression], _ context: BindContext, of name: String
    ) throws(PlanningError) -> [BoundExpression] {
        var bound: [BoundExpression] = []
        for item in items { bound.append(try condition(item, context, of: name)) }
        return bound
    }

    /// What NULLIF gives: its first operand in the type it is compared in, where PostgreSQL has no comparison of the two
    /// types as they are.
    private func nullIfValue(
        _ value: BoundExpression, compared type: LogicalType, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        let isWider = value.type.isNumber && (type == .double || !TypeCoercion.isInteger(type) && type.scale != nil)
        return value.type == .unknown || isWider ? try coerce(value, to: type, at: position) : value
    }

    /// Rows differ where one of their fields does.
    private func distinctRows(
        _ fields: [Expression], _ others: [Expression], _ negated: Bool, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        guard fields.count == others.count else {
            throw PlanningError("unequal number of entries in row expressions", at: position)
        }
        var parts: [BoundExpression] = []
        for (field, other) in zip(fields, others) {
            parts.append(try bind(Expression(.isDistinctFrom(field, other, negated: negated), position: position), context))
        }
        return negated ? .and(parts) : .or(parts)
    }

    private func bindIsNull(
        _ operand: Expression, _ negated: Bool, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        if case .row(let items) = operand.kind {
            // A row is (not) NULL if every field is.
            var parts: [BoundExpression] = []
            for item in items { parts.append(try bindIsNull(item, negated, context)) }
            return .and(parts)
        }
        return .isNull(try resolved(try bind(operand, context), at: operand.position), negated: negated)
    }

    private func bindTruthTest(
        _ operand: Expression, _ test: TruthTest, _ negated: Bool, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let word = "IS \(negated ? "NOT " : "")\(test.rawValue.uppercased())"
        let value = try condition(operand, context, of: word)
        switch test {
        case .true: return .isTruth(value, value: true, negated: negated)
        case .false: return .isTruth(value, value: false, negated: negated)
        case .unknown: return .isNull(value, negated: negated)
        }
    }

    private func bindBetween(
        _ operand: Expression, _ low: Expression, _ high: Expression, symmetric: Bool, negated: Bool, at position: Int,
        _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        func range(_ from: Expression, _ to: Expression) throws(PlanningError) -> BoundExpression {
            let lower = try compare(negated ? .less : .greaterOrEqual, operand, from, at: position, context)
            let upper = try compare(negated ? .greater : .lessOrEqual, operand, to, at: position, context)
            return negated ? .or([lower, upper]) : .and([lower, upper])
        }
        let plain = try range(low, high)
        guard symmetric else { return plain }
        let swapped = try range(high, low)
        return negated ? .and([plain, swapped]) : .or([plain, swapped])
    }

    private func bindInList(
        _ operand: Expression, _ items: [Expression], _ negated: Bool, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        if case .row(let fields) = operand.kind {
            var alternatives: [BoundExpression] = []
            for item in items {
                guard case .row(let values) = item.kind, values.count == fields.count else {
                    throw PlanningError("unequal number of entries in row expressions", at: item.position)
                }
                var parts: [BoundExpression] = []
                for (field, value) in zip(fields, values) {
                    parts.append(try compare(.equal, field, value, at: position, context))
                }
                alternatives.append(.and(parts))
            }
            let any: BoundExpression = alternatives.count == 1 ? alternatives[0] : .or(alternatives)
            return negated ? .not(any) : any
        }
        let left = try bind(operand, context)
        var right: [BoundExpression] = []
        for item in items { right.append(try bind(item, context)) }
        let types = ([left] + right).map(\.type)
        // A literal takes the operand's type; otherwise all sides meet in one.
        var type = left.type
        for (index, item) in right.enumerated() {
            guard let common = TypeCoercion.common(type, item.type) else {
                throw operatorMissing("=", type, item.type, at: items[index].position)
            }
            type = common
        }
        if type == .unknown { type = .text }
        let exact = types.allSatisfy { $0 == .unknown || ($0.isNumber && $0 != .double) } && type.isNumber
        var list: [BoundExpression] = []
        for (item, syntax) in zip(right, items) {
            if exact, case .numeric = type {
                list.append(try numericOperand(item, at: syntax.position))
            } else {
                list.append(try coerce(item, to: type, at: syntax.position))
            }
        }
        let value: BoundExpression
        if exact, case .numeric = type {
            value = try numericOperand(left, at: operand.position)
        } else {
            value = try coerce(left, to: type, at: operand.position)
        }
        return .inList(value.comparedArray, list.map(\.comparedArray), negated: negated)
    }

    private func bindPattern(
        _ match: PatternMatch, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let name: String
        switch match.kind {
        case .like: name = match.negated ? "!~~" : "~~"
        case .ilike: name = match.negated ? "!~~*" : "~~*"
        case .similar: return try similar(match, at: position, context)
        }
        let operand = try bind(match.operand, context)
        let pattern = try bind(match.pattern, context)
        guard operand.type == .text || operand.type == .unknown, pattern.type == .text || pattern.type == .unknown
        else {
            throw operatorMissing(name, operand.type, pattern.type, at: position)
        }
        var escape: UInt8? = 0x5C
        var prepared = try coerce(pattern, to: .text, at: match.pattern.position)
        if let written = match.escape {
            let bound = ConstantFolding.fold(try resolved(try bind(written, context), at: written.position))
            if bound.constantValue?.isNull == true { return .constant(.null, .boolean) }
            if bound.type == .text, bound.constantValue == nil {
                // Rows name the character: the pattern is written with a backslash in its place.
                prepared = .call(name: "like escape", arguments: [prepared, bound], .text, position: position)
            } else {
                guard case .text(let text)? = bound.constantValue, text.utf8.count <= 1 else {
                    throw PlanningError(
                        "invalid escape string", at: written.position,
                        hint: "the escape must be one ASCII character, or ''")
                }
                escape = text.utf8.first
            }
        }
        return .like(
            try coerce(operand, to: .text, at: match.operand.position), pattern: prepared, escape: escape,
            caseInsensitive: match.kind == .ilike, negated: match.negated)
    }

    private func bindCase(_ expression: CaseExpression, _ context: BindContext) throws(PlanningError) -> BoundExpression
    {
        var conditions: [BoundExpression] = []
        for branch in expression.branches {
            if let operand = expression.operand {
                conditions.append(
                    try compare(.equal, operand, branch.condition, at: branch.condition.position, context))
            } else {
                conditions.append(try condition(branch.condition, context, of: "CASE/WHEN"))
            }
        }
        // ELSE comes first where types meet, as in PostgreSQL.
        var results: [BoundExpression] = [.constant(.null, .unknown)]
        var positions = [expression.otherwise?.position ?? -1]
        if let otherwise = expression.otherwise { results[0] = try bind(otherwise, context) }
        for branch in expression.branches {
            results.append(try bind(branch.result, context))
            positions.append(branch.result.position)
        }
        let (items, type) = try unified(results, positions, of: "CASE")
        let branches = zip(conditions, items.dropFirst()).map { BoundBranch(condition: $0, result: $1) }
        return .caseWhen(branches, otherwise: items[0], type)
    }

    /// Operands in their common type.
    func unifiedOperands(
        _ items: [Expression], _ context: BindContext, of what: String
    ) throws(PlanningError) -> (items: [BoundExpression], type: LogicalType) {
        var bound: [BoundExpression] = []
        for item in items { bound.append(try bind(item, context)) }
        return try unified(bound, items.map(\.position), of: what)
    }

    private func bindExtreme(
        _ name: String, _ items: [Expression], at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let (values, type) = try unifiedOperands(items, context, of: name.uppercased())
        if case .array = type { throw .unsupported("\(name) of arrays", at: position) }
        return values.count == 1 ? values[0] : .call(name: name, arguments: values, type, position: position)
    }

    private func bindCurrent(_ value: CurrentValue, at position: Int) throws(PlanningError) -> BoundExpression {
        switch value {
        case .date:
            return .constant(.date(CivilTime.day(ofMicroseconds: try asOf("current_date", at: position))), .date)
        case .timestamp, .localTimestamp:
            return .constant(.timestamp(try asOf("current_timestamp", at: position)), .timestamp)
        case .time: throw .unsupported("type timetz", at: position, hint: "write localtime")
        case .localTime:
            let now = try asOf("localtime", at: position)
            let midnight = CivilTime.midnight(ofDay: CivilTime.day(ofMicroseconds: now))
            return .constant(.timestamp(now - midnight), Binder.timeOfDay)
        case .user, .shortUser, .sessionUser, .role: return try session(options.user, at: position)
        case .catalog: return try session(options.database, at: position)
        case .schema: return try session(options.user.map { _ in "public" }, at: position)
        }
    }

    private func session(_ name: String?, at position: Int) throws(PlanningError) -> BoundExpression {
        guard let name else { throw .unsupported("session information", at: position) }
        return .constant(.text(name), .text)
    }

    /// The moment that stands for now; results must not depend on the clock.
    func asOf(_ name: String, at position: Int) throws(PlanningError) -> Int64 {
        if let asOf = options.asOf { return asOf }
        throw PlanningError(
            "\(name) depends on the clock", at: position, hint: "write the date")
    }
}
