import Columns
import SQL

/// Casts and calls of scalar functions.
extension Binder {
    /// The type a cast names.
    func type(_ name: TypeName) throws(PlanningError) -> LogicalType {
        if name.isArray {
            var element = name
            element.isArray = false
            if !name.modifiers.isEmpty, ["varchar", "interval", "timestamp"].contains(name.name) {
                throw .unsupported("an array of a type with a length, a precision or fields", at: name.position)
            }
            let type = try type(element)
            if type.isMoment { throw noArray(of: type, at: name.position) }
            return type.asArray
        }
        switch name.name {
        case "bool": return .boolean
        case "int2", "int4": return .integer
        case "int8": return .bigint
        case "float4", "float8": return .double
        case "text": return .text
        // A cast cuts; see `bindCast`.
        case "varchar": return .text
        case "bpchar":
            throw .unsupported("a text type with a length", at: name.position, hint: "use left(…, n)")
        case "date": return .date
        case "timestamp": return .timestamp
        case "interval": return .interval
        case "numeric":
            guard let precision = name.modifiers.first else { return TypeCoercion.unconstrained }
            let scale = name.modifiers.count > 1 ? name.modifiers[1] : 0
            guard precision >= 1 else {
                throw PlanningError("NUMERIC precision \(precision) must be between 1 and 38", at: name.position)
            }
            guard precision <= LogicalType.maximumPrecision, scale >= 0, scale <= precision else {
                var failure = PlanningError.unsupported(
                    "numeric(\(precision),\(scale))", at: name.position,
                    hint: "at most 38 digits, scale from 0 to the precision")
                failure.isLongNumber = true
                throw failure
            }
            return .numeric(precision: precision, scale: scale)
        case "timestamptz", "time":
            // A precision rounds; see `bindCast`.
            return name.name == "time" ? Binder.timeOfDay : Binder.instant
        case "timetz", "bit", "varbit", "json", "jsonb", "uuid", "bytea", "money", "xml", "inet",
            "oid":
            throw .unsupported("type \(name.name)", at: name.position)
        default:
            throw PlanningError(
                "type \"\(name.name)\" does not exist", at: name.position,
                hint: TypeHabits.instead(of: name.name)
                    ?? PlanningError.suggestion(
                        for: name.name,
                        among: ["boolean", "integer", "bigint", "numeric", "text", "date", "timestamp", "interval"]))
        }
    }

    func bindCast(
        _ operand: Expression, _ name: TypeName, at place: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        if let rounded = wholeRounded(operand, name) { return try bindCast(rounded.operand, rounded.name, at: place, context) }
        let target = try type(name)
        if case .array(let items) = operand.kind, case .array(let element) = target {
            // Empty arrays in one another are an empty array.
            let own = operand.isEmptyArray ? [] : items
            if own.contains(where: { if case .array = $0.kind { true } else { false } }) {
                throw .unsupported("an array of arrays", at: operand.position)
            }
            return try arrayLiteral(own, of: element.type, at: operand.position, context)
        }
        let bound: BoundExpression
        if target == .double, let value = longDouble(operand) { bound = value } else { bound = try bind(operand, context) }
        let position = operand.position >= 0 ? operand.position : name.position
        guard TypeCoercion.isExplicit(from: bound.type, to: target) else {
            throw PlanningError(
                "cannot cast type \(TypeCoercion.messageName(bound.type)) to \(TypeCoercion.messageName(target))",
                at: place >= 0 ? place : position)
        }
        if target == .interval, let mask = name.modifiers.first {
            let digits = name.modifiers.dropFirst().first
            return try interval(bound, IntervalFields(rawValue: mask), precision: digits, name.position, at: position)
        }
        let value = try coerce(bound, to: target, at: position, explicit: true)
        if target.isMoment, let digits = name.modifiers.first, digits < 6 {
            guard case .timestamp(let time)? = value.constantValue, digits >= 0 else {
                throw .unsupported("the precision of \(target.name) that is no constant", at: name.position)
            }
            let plain = try rounded(.constant(.timestamp(time), .timestamp), toDigits: digits, name.position)
            return .constant(plain.constantValue ?? .null, target)
        }
        if target == .timestamp, let digits = name.modifiers.first, digits < 6 {
            return try rounded(value, toDigits: digits, name.position)
        }
        // A real is the double that it is, and six digits of it where it becomes exact.
        if case .call("nearest real", _, _, _) = bound, case .numeric = target {
            let digits = BoundExpression.call(name: "six digits", arguments: [bound], .double, position: position)
            return try coerce(digits, to: target, at: position, explicit: true)
        }
        if name.name == "float4", !name.isArray {
            return .call(name: "nearest real", arguments: [value], .double, position: position)
        }
        guard name.name == "varchar", let length = name.modifiers.first else { return value }
        guard length >= 1 else {
            throw PlanningError("length for type varchar must be at least 1", at: name.position)
        }
        return .call(
            name: "left", arguments: [value, .constant(.integer(Int64(length)), .integer)], .text, position: position)
    }

    /// A cast to `numeric(p, -s)`: rounded to s zeros before the point, and p digits before these.
    private func wholeRounded(_ operand: Expression, _ name: TypeName) -> (operand: Expression, name: TypeName)? {
        guard name.name == "numeric", !name.isArray, name.modifiers.count == 2, name.modifiers[0] >= 1, name.modifiers[1] < 0,
            name.modifiers[0] - name.modifiers[1] <= LogicalType.maximumPrecision
        else { return nil }
        let number = Expression(.cast(operand, TypeName(name: "numeric", position: name.position)), position: operand.position)
        let places = Expression(.literal(.integer(Int64(name.modifiers[1]))), position: name.position)
        let call = FunctionCall(name: ["round"], arguments: [.init(value: number), .init(value: places)], position: name.position)
        var whole = name
        whole.modifiers = [name.modifiers[0] - name.modifiers[1], 0]
        return (Expression(.function(call), position: operand.position), whole)
    }

    /// Why there is no array of a type.
    func noArray(of type: LogicalType, at position: Int) -> PlanningError {
        .unsupported(type.isMoment ? "an array of \(type.name)" : "an array of arrays", at: position)
    }

    /// A number of more digits than a numeric has that is cast to a double at once.
    private func longDouble(_ operand: Expression) -> BoundExpression? {
        guard case .literal(.decimal(let text)) = operand.kind, LiteralReader.decimal(text) == nil,
            let value = Double(text), value.isFinite, value != 0
        else { return nil }
        return .constant(.double(value), .double)
    }

    func functionMissing(_ name: String, _ types: [LogicalType], at position: Int) -> PlanningError {
        let list = types.map(TypeCoercion.messageName).joined(separator: ", ")
        let candidates =
            FunctionSignatures.names + AggregateSignatures.names.sorted() + AggregateSignatures.windowOnly.sorted()
        let hint =
            name == "count" && types.count > 1
            ? "count the rows of a subquery: select count(*) from (select distinct a, b from …) as q"
            : name == "count" && types.isEmpty ? "write count(*)"
            : candidates.contains(name) || AggregateSignatures.names.contains(AggregateSignatures.canonical(name))
            ? "no function matches the given argument types; you might need to add explicit type casts"
            : FunctionHabits.instead(of: name) ?? PlanningError.suggestion(for: name, among: candidates)
        return PlanningError("function \(name)(\(list)) does not exist", at: position, hint: hint)
    }

    /// A call of any kind: scalar, aggregate or window.
    func bindCall(_ call: FunctionCall, at position: Int, _ context: BindContext) throws(PlanningError)
        -> BoundExpression
    {
        let position = call.position >= 0 ? call.position : position
        guard call.name.count == 1 || call.name.first == "pg_catalog", let name = call.name.last else {
            throw PlanningError("schema \"\(call.name.first ?? "")\" does not exist", at: position)
        }
        if call.arguments.contains(where: { $0.name != nil }) {
            return try bindCall(try positional(call, name, at: position), at: position, context)
        }
        if call.isVariadic { return try bindCall(try spread(call, name, at: position), at: position, context) }
        let aggregate = AggregateSignatures.canonical(name)
        if AggregateSignatures.refused.contains(aggregate) {
            throw .unsupported("aggregate \(name)", at: position)
        }
        let isAggregate = AggregateSignatures.names.contains(aggregate)
        if call.over != nil { return try bindWindowCall(call, aggregate, at: position, context) }
        if isAggregate { return try bindAggregate(call, aggregate, at: position, context) }
        if call.isWithinGroup, Binder.hypotheticalSets.contains(name) {
            for argument in call.arguments where try !bind(argument.value, context).columnIDs.isEmpty {
                throw .unsupported("\(name) of a value that is no constant", at: argument.value.position)
            }
            return try bind(try hypotheticalSet(call, name, at: position), context)
        }
        if AggregateSignatures.windowOnly.contains(name) {
            throw PlanningError("window function \(name) requires an OVER clause", at: position)
        }
        try refuseAggregateClauses(call, name, at: position)
        return try bindScalar(name, call, at: position, context)
    }

    /// A call whose last argument is an array of arguments as one with these arguments, or as one that takes the array.
    private func spread(_ call: FunctionCall, _ name: String, at position: Int) throws(PlanningError) -> FunctionCall {
        var call = call
        call.isVariadic = false
        guard call.over == nil, ["concat", "concat_ws", "format", "num_nulls", "num_nonnulls"].contains(name),
            let array = call.arguments.popLast()
        else { throw .unsupported("VARIADIC for \(name)", at: position) }
        if case .array(let items) = array.value.kind {
            call.arguments += items.map { .init(value: $0) }
            return call
        }
        if name == "format", call.arguments.count == 1 {
            call.name = ["format array"]
            call.arguments.append(array)
            return call
        }
        guard name == "concat" || name == "concat_ws" else {
            throw .unsupported("VARIADIC of an array that is not written out", at: array.value.position)
        }
        // Both leave NULLs out.
        call.name = ["array_to_string"]
        let separator = call.arguments.first ?? .init(value: Expression(.literal(.string("")), position: position))
        guard call.arguments.count == (name == "concat" ? 0 : 1) else {
            throw .unsupported("VARIADIC behind further arguments", at: array.value.position)
        }
        call.arguments = [array, separator]
        return call
    }

    /// A call with named arguments as one without: of functions whose parameters have names.
    private func positional(_ call: FunctionCall, _ name: String, at position: Int) throws(PlanningError) -> FunctionCall {
        guard let parameters = FunctionSignatures.parameterNames[name] else {
            let named = call.arguments.first { $0.name != nil }
            throw .unsupported("a named argument of \(name)", at: named?.value.position ?? position)
        }
        var values: [Expression?] = Array(repeating: nil, count: parameters.count)
        for (index, argument) in call.arguments.enumerated() {
            let place = argument.name.map { parameters.firstIndex(of: $0) } ?? index
            guard let place, values.indices.contains(place) else {
                throw PlanningError(
                    "function \(name) has no parameter \(argument.name.map { "\"\($0)\"" } ?? "\(index + 1)")",
                    at: argument.value.position, hint: "it has \(parameters.joined(separator: ", "))")
            }
            if values[place] != nil {
                throw PlanningError(
                    "argument name \"\(parameters[place])\" used more than once", at: argument.value.position)
            }
            values[place] = argument.value
        }
        var call = call
        call.arguments = []
        for (index, value) in values.enumerated() {
            // Of these functions only the parts of an interval may be left out.
            guard value != nil || name == "make_interval" else {
                throw PlanningError("function \(name) needs its parameter \"\(parameters[index])\"", at: position)
            }
            call.arguments.append(.init(value: value ?? Expression(.literal(.integer(0)), position: position)))
        }
        return call
    }

    private func refuseAggregateClauses(_ call: FunctionCall, _ name: String, at position: Int) throws(PlanningError) {
        if call.isDistinct {
            throw PlanningError("DISTINCT specified, but \(name) is not an aggregate function", at: position)
        }
        if call.isStar {
            throw PlanningError("\(name)(*) specified, but \(name) is not an aggregate function", at: position)
        }
        if call.isWithinGroup {
            throw PlanningError("WITHIN GROUP specified, but \(name) is not an aggregate function", at: position)
        }
        if !call.orderBy.isEmpty {
            throw PlanningError("ORDER BY specified, but \(name) is not an aggregate function", at: position)
        }
        if call.filter != nil {
            throw PlanningError("FILTER specified, but \(name) is not an aggregate function", at: position)
        }
    }

    private func bindScalar(
        _ name: String, _ call: FunctionCall, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let items = call.arguments.map(\.value)
        switch name {
        case "now", "transaction_timestamp", "localtimestamp":
            return .constant(.timestamp(try asOf("now()", at: position)), .timestamp)
        case "date_trunc" where items.count == 3: return try cutInZone(items, at: position, context)
        case "date_bin" where items.count == 3:
            if let start = try binnedInstant(items, at: position, context) { return start }
        case "date_part", "date_trunc":
            guard items.count == 2, case .literal(.string(let field)) = items[0].kind else {
                if items.count == 2 {
                    let field = ConstantFolding.fold(try resolved(try bind(items[0], context), at: items[0].position))
                    let value = try bind(items[1], context)
                    let result = name == "date_part" ? LogicalType.double : value.type == .interval ? .interval : .timestamp
                    switch field.constantValue {
                    case .text(let field)?:
                        return try bindDatePart(name, field, items[1], fieldAt: items[0].position, context)
                    case .null?: return .constant(.null, result)
                    default: return try bind(datePart(name, items[0], items[1], value.type, at: position), context)
                    }
                }
                break
            }
            return try bindDatePart(name, field, items[1], fieldAt: items[0].position, context)
        case "age" where items.count == 1:
            let midnight = CivilTime.day(ofMicroseconds: try asOf("age", at: position))
            let given = try plainMoment(try bind(items[0], context), of: name, at: items[0].position)
            let value = try coerceArgument(given, to: .timestamp, name, at: items[0].position)
            let today = BoundExpression.constant(.timestamp(Int64(midnight) * CivilTime.microsecondsPerDay), .timestamp)
            return .call(name: "age", arguments: [today, value], .interval, position: position)
        case "pg_sleep":
            // Like the clock it is for questions, not for figures, which nobody waits for.
            guard options.asOf != nil else { throw .unsupported("function pg_sleep", at: position, hint: "leave it out") }
            guard context.clause == .selectList else {
                throw PlanningError("pg_sleep is not allowed in \(context.clause.name)", at: position, hint: "write select pg_sleep(2)")
            }
        case "mod" where items.count == 2:
            return try arithmetic(
                .modulo, try bind(items[0], context), try bind(items[1], context), leftAt: items[0].position,
                rightAt: items[1].position, at: position)
        case "array_fill" where (2...3).contains(items.count):
            let value = try resolved(try bind(items[0], context), at: items[0].position)
            guard ArrayElementType(value.type) != nil else { break }
            var arguments = [try elementText(value)]
            for item in items.dropFirst() {
                arguments.append(try coerce(try bind(item, context), to: LogicalType.integer.asArray, at: item.position))
            }
            return .call(name: name, arguments: arguments, value.type.asArray, position: position)
        case "format array":
            let pattern = try coerceArgument(try bind(items[0], context), to: .text, "format", at: items[0].position)
            let array = try bind(items[1], context)
            guard case .array = array.type else {
                throw PlanningError("VARIADIC argument must be an array", at: items[1].position)
            }
            return .call(name: name, arguments: [pattern, array], .text, position: position)
        case "date" where items.count == 1:
            return try bindCast(items[0], TypeName(name: "date", position: position), at: position, context)
        // DuckDB's and MySQL's names for what PostgreSQL writes otherwise.
        case "ifnull" where items.count == 2, "nvl" where items.count == 2:
            return try bind(Expression(.coalesce(items), position: position), context)
        case "year" where items.count == 1, "quarter" where items.count == 1, "month" where items.count == 1, "week" where items.count == 1,
            "day" where items.count == 1, "hour" where items.count == 1, "minute" where items.count == 1:
            let part = try bindDatePart("date_part", name, items[0], fieldAt: position, context)
            return try coerce(part, to: .bigint, at: position, explicit: true)
        case "grouping": return try bindGrouping(items, at: position, context)
        case "timezone" where items.count == 2: return try atTimeZone(items[1], items[0], at: position, context)
        case "make_timestamptz" where items.count == 6 || items.count == 7:
            return try makeInstant(items, at: position, context)
        case "overlaps" where items.count == 4:
            return try bind(try overlaps(items, at: position, context), context)
        // A type's name as a function is a cast.
        case "bool", "float4", "float8", "int2", "int4", "int8", "numeric", "text", "varchar", "timestamp", "timestamptz", "time",
            "interval":
            if items.count == 1 {
                return try bindCast(items[0], TypeName(name: name, position: position), at: position, context)
            }
        default: break
        }
        if let value = try bindArrayCall(name, items, at: position, context) { return value }
        if FunctionSignatures.ofSets.contains(name) {
            let reference = try bindSetCall(name, items, at: position, context)
            return setCall(of: reference, context.scope.block).map(setValue) ?? reference
        }
        if let reason = FunctionSignatures.refused[name] {
            throw .unsupported("function \(name)", at: position, hint: reason)
        }
        var arguments: [BoundExpression] = []
        var isOfInstant = false
        for item in items {
            let value = try bind(item, context)
            if case .moment(.withZone) = value.type { isOfInstant = true }
            arguments.append(try plainMoment(value, of: name, at: item.position))
        }
        if name == "to_char", isOfInstant, arguments.count == 2 {
            // The time is the session's by then, and knows no zone any more.
            guard case .text(let format)? = arguments[1].constantValue, !format.lowercased().contains("tz"), !format.contains("OF") else {
                throw .unsupported("to_char of a time with its zone", at: position)
            }
        }
        if let number = try exactNumber(name, arguments, at: position) { return number }
        if name == "substring", items.count == 3, let part = try similarSubstring(items, arguments, at: position) { return part }
        var candidates = FunctionSignatures.named(name)
        // PostgreSQL has no logarithm of doubles to a base: integers are numerics there.
        if name == "log", arguments.count == 2, !arguments.contains(where: { $0.type == .double }) {
            candidates.removeAll { $0.name == "log" }
        }
        guard name != "concat_op", let (signature, parameters) = choose(candidates, arguments) else {
            throw functionMissing(name, arguments.map(\.type), at: position)
        }
        var cast: [BoundExpression] = []
        for (index, argument) in arguments.enumerated() {
            cast.append(try argumentValue(argument, parameters[index], at: items[index].position))
        }
        let type = resultType(signature, cast)
        return .call(name: signature.name, arguments: cast, type, position: position)
    }

    /// What numeric constants give where the number of digits goes by the value; nil where it is no such call.
    private func exactNumber(
        _ name: String, _ arguments: [BoundExpression], at position: Int
    ) throws(PlanningError) -> BoundExpression? {
        let name = FunctionSignatures.aliases[name] ?? name
        let isTrimmed = name == "trim_scale" && arguments.count == 1
        // Two integers have a logarithm of numerics, as there is none of doubles.
        let isNumeric = name == "log" && arguments.count == 2 || arguments.contains { if case .numeric = $0.type { true } else { false } }
        guard isTrimmed || NumericConstants.functions.contains(name) && isNumeric else { return nil }
        if arguments.contains(where: { Binder.rounds($0) }), arguments.allSatisfy({ Binder.isOfConstants($0) }) {
            // All of a quotient's digits count: the call is computed with them, or refused.
            var failure = PlanningError.unsupported("\(name) of a quotient with these digits", at: position, hint: "round it first")
            failure.isLongNumber = true
            throw failure
        }
        var numbers: [(unscaled: Int128, scale: Int)] = []
        for argument in arguments {
            switch ConstantFolding.fold(argument).constantValue {
            case .numeric(let unscaled, let scale)?: numbers.append((unscaled, scale))
            case .integer(let number)?: numbers.append((Int128(number), 0))
            case .text(let text)? where argument.type == .unknown:
                if let number = LiteralReader.decimal(LiteralReader.trim(text)) { numbers.append(number) }
            default: break
            }
        }
        let isWhole = numbers.count == arguments.count
        if isTrimmed, !isWhole {
            if arguments[0].constantValue?.isNull == true { return .constant(.null, .numeric(precision: 38, scale: 0)) }
            guard arguments[0].type.scale != nil else { return nil }
            throw .unsupported(
                "trim_scale of a value that is no constant", at: position,
                hint: "as text: rtrim(rtrim(x::text, '0'), '.'), where x has digits after the point")
        }
        // The nearest double of an exponent may be a whole number where the exponent is none.
        if name == "power", isWhole, numbers[0].unscaled < 0, ScaledNumber.trimmed(numbers[1]).scale > 0 {
            throw PlanningError("a negative number raised to a non-integer power yields a complex result", at: position)
        }
        let value = isTrimmed ? ScaledNumber.trimmed(numbers[0]) : isWhole ? NumericConstants.value(name, numbers) : nil
        return value.map { .constant(.numeric(unscaled: $0.unscaled, scale: $0.scale), ScaledNumber.type(unscaled: $0.unscaled, scale: $0.scale)) }
    }

    /// `date_part` and `date_trunc` of a field that the rows name.
    private func datePart(
        _ name: String, _ field: Expression, _ operand: Expression, _ type: LogicalType, at position: Int
    ) -> Expression {
        func call(_ name: String, _ arguments: [Expression]) -> Expression {
            Expression(
                .function(FunctionCall(name: [name], arguments: arguments.map { .init(value: $0) }, position: position)),
                position: position)
        }
        func text(_ text: String) -> Expression { Expression(.literal(.string(text)), position: position) }
        var units = (name == "date_trunc" ? DateFields.truncatable : DateFields.extractable).sorted()
        if type == .interval { units.removeAll { ["dow", "doy", "isodow", "isoyear", "julian", "week"].contains($0) } }
        let names = units.map { ($0, $0) } + DateFields.aliases.sorted { $0.key < $1.key }.filter { units.contains($0.value) }.map { ($0.key, $0.value) }
        let branches = names.map { spelling, unit in
            CaseExpression.Branch(condition: text(spelling), result: call(name, [text(unit), operand]))
        }
        // No value reads so: the message says which field there is not, where there is a time to take it of.
        let result = name == "date_part" ? "float8" : type == .interval ? "interval" : "timestamp"
        let failure = Expression(
            .cast(call("concat", [text("unit not recognized: "), field]), TypeName(name: result, position: position)),
            position: position)
        let given = [field, operand].map { Expression(.isNull($0, negated: true), position: position) }
        let unknown = Expression(
            .caseWhen(
                CaseExpression(
                    operand: nil, branches: [.init(condition: Expression(.and(given), position: position), result: failure)],
                    otherwise: nil)), position: position)
        return Expression(
            .caseWhen(CaseExpression(operand: call("lower", [field]), branches: branches, otherwise: unknown)),
            position: position)
    }

    private func coerceArgument(
        _ value: BoundExpression, to type: LogicalType, _ name: String, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        guard TypeCoercion.isImplicit(from: value.type, to: type) else {
            throw functionMissing(name, [value.type], at: position)
        }
        return try coerce(value, to: type, at: position)
    }

    private func argumentValue(
        _ argument: BoundExpression, _ parameter: FunctionSignature.Parameter, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        switch parameter {
        case .numeric: return try numericOperand(argument, at: position)
        case .anyAsText where argument.type == .boolean: return booleanLetter(argument)
        case .anyAsText: return try coerce(argument, to: .text, at: position)
        case .common: return try resolved(argument, at: position)
        default: return try coerce(argument, to: plainType(parameter), at: position)
        }
    }

    /// A boolean among values of any type is shown by its letter; a cast would write out the word.
    func booleanLetter(_ value: BoundExpression) -> BoundExpression {
        .caseWhen(
            [
                BoundBranch(condition: value, result: .constant(.text("t"), .text)),
                BoundBranch(condition: .isNull(value, negated: false), result: .constant(.null, .text)),
            ], otherwise: .constant(.text("f"), .text), .text)
    }

    private func plainType(_ parameter: FunctionSignature.Parameter) -> LogicalType {
        switch parameter {
        case .boolean: .boolean
        case .integer: .integer
        case .bigint: .bigint
        case .numeric: TypeCoercion.unconstrained
        case .double: .double
        case .text, .anyAsText, .common: .text
        case .date: .date
        case .timestamp: .timestamp
        case .interval: .interval
        }
    }

    /// The overload that fits best: most exact matches, then most of PostgreSQL's preferred types, then the first.
    private func choose(
        _ candidates: [FunctionSignature], _ arguments: [BoundExpression]
    ) -> (FunctionSignature, [FunctionSignature.Parameter])? {
        var best: (FunctionSignature, [FunctionSignature.Parameter])?
        var bestScore = -1
        for candidate in candidates {
            var parameters = candidate.parameters
            if let variadic = candidate.variadic {
                while parameters.count < arguments.count { parameters.append(variadic) }
                // concat takes at least one argument, concat_ws at least two.
                if arguments.count <= candidate.parameters.count { continue }
            }
            guard arguments.count <= parameters.count, arguments.count >= parameters.count - candidate.optionalCount
            else {
                continue
            }
            parameters = Array(parameters.prefix(arguments.count))
            guard let score = score(parameters, arguments) else { continue }
            if score > bestScore {
                best = (candidate, parameters)
                bestScore = score
            }
        }
        return best
    }

    private func score(_ parameters: [FunctionSignature.Parameter], _ arguments: [BoundExpression]) -> Int? {
        var score = 0
        for (parameter, argument) in zip(parameters, arguments) {
            if parameter == .anyAsText || parameter == .common { continue }
            let wanted = plainType(parameter)
            let isExact: Bool
            if case .numeric = argument.type {
                isExact = parameter == .numeric
            } else {
                isExact = argument.type == wanted
            }
            guard isExact || TypeCoercion.isImplicit(from: argument.type, to: wanted) else { return nil }
            if isExact { score += 1000 }
            if [.double, .text, .timestamp, .boolean].contains(parameter) { score += 1 }
        }
        return score
    }

    private func resultType(_ signature: FunctionSignature, _ arguments: [BoundExpression]) -> LogicalType {
        switch signature.result {
        case .fixed(let type): return type
        case .argument(let index): return arguments[index].type
        case .integral:
            guard case .numeric(let precision, let scale) = arguments[0].type else { return arguments[0].type }
            if signature.name == "div" { return .numeric(precision: 38, scale: 0) }
            // Rounding up may add a digit.
            return .numeric(precision: min(38, max(1, precision - scale + 1)), scale: 0)
        case .rounded:
            if arguments[0].type == .double {
                guard case .integer(let digits)? = ConstantFolding.fold(arguments[1]).constantValue else {
                    return .numeric(precision: 38, scale: 10)
                }
                return .numeric(precision: 38, scale: Int(max(0, min(digits, 30))))
            }
            guard case .numeric(let precision, let scale) = arguments[0].type else { return arguments[0].type }
            guard case .integer(let digits)? = ConstantFolding.fold(arguments[1]).constantValue else {
                return arguments[0].type
            }
            let wanted = Int(max(0, min(digits, 38)))
            return .numeric(precision: min(38, max(1, precision - scale) + 1 + wanted), scale: wanted)
        case .widest: return .numeric(precision: 38, scale: arguments.compactMap(\.type.scale).max() ?? 0)
        case .significant:
            let known = arguments.map { argument -> (type: LogicalType, value: NumericFunctions.Number?) in
                guard case .numeric(let unscaled, let scale)? = ConstantFolding.fold(argument).constantValue else {
                    return (argument.type, nil)
                }
                return (argument.type, (unscaled, scale))
            }
            return NumericFunctions.resultType(signature.name, known)
        case .numberFormat:
            guard case .text(let format)? = arguments[1].constantValue else { return .numeric(precision: 38, scale: 10) }
            let fraction = format.uppercased().drop { $0 != "." && $0 != "D" && $0 != "V" }
            return .numeric(precision: 38, scale: min(20, fraction.filter { $0 == "9" || $0 == "0" }.count))
        case .dateField:
            guard case .text(let field)? = arguments[0].constantValue else { return .numeric(precision: 38, scale: 6) }
            return DateFields.resultType(field, of: arguments[1].type)
        }
    }

    /// `extract`, `date_part` and `date_trunc`: their field is checked here.
    func bindDatePart(
        _ name: String, _ field: String, _ operand: Expression, fieldAt: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let lowered = field.lowercased()
        let unit = DateFields.aliases[lowered] ?? lowered
        var value = try bind(operand, context)
        if name == "date_part", value.type == .date, !DateFields.ofDate.contains(unit) {
            // EXTRACT refuses the hour of a date; the function takes its midnight.
            value = try coerce(value, to: .timestamp, at: operand.position)
        }
        if let part = try momentPart(name, field, unit, value, fieldAt: fieldAt, at: operand.position) { return part }
        let signatures = FunctionSignatures.named(name)
        let fieldConstant = BoundExpression.constant(.text(unit), .text)
        guard let (signature, parameters) = choose(signatures, [fieldConstant, value]) else {
            let shown = name == "extract" ? "pg_catalog.extract" : name
            throw functionMissing(shown, [.unknown, value.type], at: fieldAt)
        }
        let known = name == "date_trunc" ? DateFields.truncatable : DateFields.extractable
        let target = try argumentValue(value, parameters[1], at: operand.position)
        let typeName = TypeCoercion.messageName(target.type)
        guard known.contains(unit) else {
            throw PlanningError(
                "unit \"\(field)\" not recognized for type \(typeName)", at: fieldAt,
                hint: PlanningError.suggestion(for: lowered, among: known.sorted()))
        }
        if target.type == .date, !DateFields.ofDate.contains(unit) {
            throw PlanningError("unit \"\(field)\" not supported for type date", at: fieldAt)
        }
        if target.type == .interval, ["dow", "doy", "isodow", "isoyear", "julian", "week"].contains(unit) {
            throw PlanningError("unit \"\(field)\" not supported for type interval", at: fieldAt)
        }
        let arguments = [fieldConstant, target]
        return .call(
            name: signature.name, arguments: arguments, resultType(signature, arguments),
            position: fieldAt >= 0 ? fieldAt : operand.position)
    }
}

extension Expression {
    /// `array[]`, and arrays of nothing but such.
    fileprivate var isEmptyArray: Bool {
        guard case .array(let items) = kind else { return false }
        return items.allSatisfy(\.isEmptyArray)
    }
}
