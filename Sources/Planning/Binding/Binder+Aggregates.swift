import Columns
import SQL

/// Aggregate calls and `grouping()`.
extension Binder {
    func bindAggregate(
        _ call: FunctionCall, _ name: String, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        if let several = percentiles(call, name, at: position) { return try bind(several, context) }
        if context.clause.allowsAggregates, let parts = try intervalAggregate(call, name, at: position, context) {
            return try bind(parts, context)
        }
        if let outer = try outerAggregate(call, name, at: position, context) { return outer }
        let block = context.scope.block
        guard context.clause.allowsAggregates else { throw misplacedAggregate(context.clause, at: position) }
        // References inside an aggregate need no GROUP BY.
        let known = block.references.count
        let aggregate = try aggregateCall(call, name, at: position, context, clause: .aggregateArgument)
        block.references.removeLast(block.references.count - known)
        let plain = aggregate.withoutPositions
        if let same = block.aggregates.first(where: { $0.call.withoutPositions == plain }) {
            return same.column.reference
        }
        let column = numbering.column(call.name.last ?? name, aggregate.type)
        block.aggregates.append(.init(column: column, call: aggregate))
        return column.reference
    }

    /// Percentiles at an array of fractions are an array of percentiles, or NULL where there is no value.
    private func percentiles(_ call: FunctionCall, _ name: String, at position: Int) -> Expression? {
        guard ["percentile_cont", "percentile_disc"].contains(name), call.isWithinGroup, call.arguments.count == 1,
            call.orderBy.count == 1, case .array(let fractions) = call.arguments[0].value.kind, !fractions.isEmpty
        else { return nil }
        let each = fractions.map { fraction -> Expression in
            var single = call
            single.arguments = [.init(value: fraction)]
            return Expression(.function(single), position: position)
        }
        let count = FunctionCall(
            name: ["count"], arguments: [.init(value: call.orderBy[0].expression)], filter: call.filter, position: position)
        let hasValues = Expression(
            .binary(
                ">", Expression(.function(count), position: position),
                Expression(.literal(.integer(0)), position: position)), position: position)
        let array = Expression(.array(each), position: position)
        return Expression(
            .caseWhen(CaseExpression(operand: nil, branches: [.init(condition: hasValues, result: array)], otherwise: nil)),
            position: position)
    }

    private func misplacedAggregate(_ clause: Clause, at position: Int) -> PlanningError {
        switch clause {
        case .aggregateArgument: PlanningError("aggregate function calls cannot be nested", at: position)
        case .where:
            PlanningError(
                "aggregate functions are not allowed in WHERE", at: position, hint: "filter groups with HAVING")
        default: PlanningError("aggregate functions are not allowed in \(clause.name)", at: position)
        }
    }

    /// An aggregate of nothing but outer queries' columns belongs to the innermost of these queries: the subquery reads what
    /// that one computes.
    private func outerAggregate(
        _ call: FunctionCall, _ name: String, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression? {
        guard context.scope.parent != nil else { return nil }
        let block = context.scope.block
        let known = block.references.count
        let trial = try? aggregateCall(call, name, at: position, context, clause: .aggregateArgument)
        block.references.removeLast(block.references.count - known)
        var ids: Set<ColumnID> = []
        for input in trial?.inputs ?? [] {
            ids.formUnion(input.outerColumnIDs)
            // Those that a subquery inside takes from here or from further out.
            input.collectColumnIDs(into: &ids)
        }
        guard !ids.isEmpty, ids.isDisjoint(with: context.scope.columnIDs) else { return nil }
        var owner = context.scope.parent
        while let scope = owner, scope.columnIDs.isDisjoint(with: ids) { owner = scope.parent }
        // What belongs to no scope is an aggregate of an outer query already.
        guard let owner else { throw PlanningError("aggregate function calls cannot be nested", at: position) }
        guard let clause = owner.subqueryClause else {
            throw PlanningError(
                "aggregate functions are not allowed in FROM clause of their own query level", at: position)
        }
        let value = try bindAggregate(call, name, at: position, BindContext(owner, clause))
        return value.asOuter()
    }

    /// The call with its arguments bound in `clause`, types checked and casts inserted.
    func aggregateCall(
        _ call: FunctionCall, _ name: String, at position: Int, _ context: BindContext, clause: Clause
    ) throws(PlanningError) -> AggregateCall {
        let call = try countingRows(call, name, at: position, context)
        let inner = BindContext(context.scope, clause)
        if name == "count", call.arguments.count == 1, case .row(let fields) = call.arguments[0].value.kind {
            return try countOfRows(fields, call, at: position, context, inner)
        }
        var arguments: [BoundExpression] = []
        for argument in call.arguments { arguments.append(try bind(argument.value, inner)) }
        let isOrderedSet = AggregateSignatures.orderedSets.contains(name)
        if isOrderedSet != call.isWithinGroup {
            throw PlanningError(
                isOrderedSet
                    ? "WITHIN GROUP is required for ordered-set aggregate \(name)"
                    : "\(name) is not an ordered-set aggregate, so it cannot have WITHIN GROUP", at: position)
        }
        var orderBy: [PlanSortKey] = []
        for key in call.orderBy {
            let value = try resolved(try bind(key.expression, inner), at: key.expression.position)
            if isOrderedSet, case .array = value.type { throw .unsupported("\(name) of arrays", at: position) }
            orderBy.append(sortKey(key, value))
        }
        var result = AggregateCall(
            name: name, arguments: arguments, orderBy: orderBy, type: .bigint, position: position)
        if call.isStar {
            guard name == "count" else { throw functionMissing(name, [], at: position) }
        } else if isOrderedSet {
            try typeOrderedSet(&result, call)
        } else {
            try typeAggregate(&result, call)
        }
        result.isDistinct = call.isDistinct && !["min", "max", "bool_and", "bool_or", "bit_and", "bit_or"].contains(name)
        if result.isDistinct {
            let plain = result.arguments.map(\.withoutPositions)
            for (key, syntax) in zip(result.orderBy, call.orderBy)
            where !plain.contains(key.expression.withoutPositions) {
                throw PlanningError(
                    "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list",
                    at: syntax.expression.position)
            }
        }
        if !isOrderedSet, !["string_agg", "array_agg"].contains(name) { result.orderBy = [] }
        if let filter = call.filter {
            result.filter = try condition(filter, BindContext(context.scope, .aggregateFilter), of: "FILTER")
        }
        return result
    }

    /// `count(t.*)` and `count(t)` as `count(*)`: a row is a value even where all its fields are NULL.
    private func countingRows(
        _ call: FunctionCall, _ name: String, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> FunctionCall {
        guard name == "count", call.arguments.count == 1 else { return call }
        let table: String
        switch call.arguments[0].value.kind {
        case .star(let qualifier) where qualifier.count == 1: table = qualifier[0]
        case .column(let parts) where parts.count == 1 && Scope.matches(parts[0], among: context.scope.visible).isEmpty:
            table = parts[0]
        default: return call
        }
        guard let relation = context.scope.relations.first(where: { $0.alias == table }) else { return call }
        if relation.mayBeMissing || call.isDistinct {
            throw .unsupported(
                "a count of the rows of \"\(table)\" here", at: position, hint: "count one of its columns that is never NULL")
        }
        var counting = call
        counting.arguments = []
        counting.isStar = true
        return counting
    }

    /// `count((a, b))` and `count(distinct (a, b))`: a row is a value even where all its fields are NULL, and two rows are the same where
    /// their fields are, NULL for NULL.
    private func countOfRows(
        _ fields: [Expression], _ call: FunctionCall, at position: Int, _ context: BindContext, _ inner: BindContext
    ) throws(PlanningError) -> AggregateCall {
        guard !call.isWithinGroup else {
            throw PlanningError("count is not an ordered-set aggregate, so it cannot have WITHIN GROUP", at: position)
        }
        if let key = call.orderBy.first { throw .unsupported("ORDER BY in a count of rows", at: key.expression.position) }
        var values: [BoundExpression] = []
        for field in fields { values.append(try resolved(try bind(field, inner), at: field.position)) }
        var result = AggregateCall(name: "count", arguments: [], orderBy: [], type: .bigint, position: position)
        if call.isDistinct {
            // Where several arguments are counted the first one tells whether there is a value.
            result.arguments = [.constant(.boolean(true), .boolean)] + values
            result.isDistinct = true
        }
        if let filter = call.filter {
            result.filter = try condition(filter, BindContext(context.scope, .aggregateFilter), of: "FILTER")
        }
        return result
    }

    private func typeOrderedSet(_ call: inout AggregateCall, _ syntax: FunctionCall) throws(PlanningError) {
        let types = call.arguments.map(\.type) + call.orderBy.map(\.expression.type)
        let missing = functionMissing(call.name, types, at: call.position)
        guard call.orderBy.count == 1, call.arguments.count == (call.name == "mode" ? 0 : 1) else { throw missing }
        if call.name != "mode" {
            let place = syntax.arguments[0].value.position
            guard call.arguments[0].type == .unknown || call.arguments[0].type.isNumber else { throw missing }
            call.arguments[0] = try fraction(call.arguments[0], at: place)
        }
        if call.name == "percentile_cont" {
            guard call.orderBy[0].expression.type.isNumber else { throw missing }
            // The numbers stay exact up to the interpolation.
            call.type = .double
        } else {
            call.type = call.orderBy[0].expression.type
        }
    }

    /// The fraction of a percentile: a constant from 0 to 1.
    private func fraction(_ expression: BoundExpression, at position: Int) throws(PlanningError) -> BoundExpression {
        let folded = ConstantFolding.fold(try coerce(expression, to: .double, at: position))
        switch folded.constantValue {
        case .null?: return folded
        case .double(let value)?:
            guard value >= 0, value <= 1 else {
                throw PlanningError("percentile value \(value) is not between 0 and 1", at: position)
            }
            return folded
        default: throw .unsupported("a percentile that is no constant", at: position)
        }
    }

    private func typeAggregate(_ call: inout AggregateCall, _ syntax: FunctionCall) throws(PlanningError) {
        let places = syntax.arguments.map(\.value.position)
        let types = call.arguments.map(\.type)
        let missing = functionMissing(call.name, types, at: call.position)
        let width: Int
        switch call.name {
        case "quantile", "string_agg": width = 2
        case let name where AggregateSignatures.ofPairs.contains(name): width = 2
        default: width = 1
        }
        guard types.count == width else { throw missing }
        // Numbers stay exact up to the step that needs doubles.
        func number(_ index: Int) throws(PlanningError) {
            guard types[index].isNumber || types[index] == .unknown else { throw missing }
            if types[index] == .unknown {
                call.arguments[index] = try coerce(call.arguments[index], to: .double, at: places[index])
            }
        }
        switch call.name {
        case "count", "approx_count_distinct":
            call.arguments[0] = try resolved(call.arguments[0], at: places[0])
            call.type = .bigint
        case "sum", "avg":
            if types[0] == .interval { throw .unsupported("\(call.name) of intervals", at: call.position) }
            let type =
                call.name == "sum" ? AggregateSignatures.sumType(types[0]) : AggregateSignatures.averageType(types[0])
            guard let type else { throw missing }
            call.type = type
        case "min", "max":
            call.arguments[0] = try resolved(call.arguments[0], at: places[0])
            call.type = call.arguments[0].type
            if call.type == .boolean { throw missing }
            if call.type == .interval { throw .unsupported("\(call.name) of intervals", at: call.position) }
            if case .array = call.type { throw .unsupported("\(call.name) of arrays", at: call.position) }
        case "bool_and", "bool_or":
            guard types[0] == .boolean || types[0] == .unknown else { throw missing }
            call.arguments[0] = try coerce(call.arguments[0], to: .boolean, at: places[0])
            call.type = .boolean
        case "bit_and", "bit_or", "bit_xor":
            guard TypeCoercion.isInteger(types[0]) else { throw missing }
            call.type = types[0]
        case "string_agg":
            for index in 0..<2 {
                guard types[index] == .text || types[index] == .unknown else { throw missing }
                call.arguments[index] = try coerce(call.arguments[index], to: .text, at: places[index])
            }
            call.type = .text
        case "array_agg":
            // Shown as PostgreSQL prints an array.
            call.arguments[0] = try resolved(call.arguments[0], at: places[0])
            guard let element = ArrayElementType(call.arguments[0].type) else {
                throw noArray(of: call.arguments[0].type, at: call.position)
            }
            call.type = .array(element)
        case "quantile":
            try number(0)
            call.arguments[1] = try fraction(call.arguments[1], at: places[1])
            call.type = .double
        default:
            // median, mad, standard deviations, variances, aggregates of pairs
            for index in 0..<width { try number(index) }
            call.type = call.name == "regr_count" ? .bigint : .double
            let isSpread = ["stddev_samp", "stddev_pop", "var_samp", "var_pop"].contains(call.name)
            if isSpread, call.arguments[0].type.scale != nil { call.type = AggregateSignatures.spreadType }
        }
    }

    /// As an aggregate of outer columns alone, GROUPING of them belongs to the query that groups by them.
    private func outerGrouping(
        _ arguments: [Expression], _ bound: [BoundExpression], at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression? {
        let ids = bound.reduce(into: Set<ColumnID>()) { $0.formUnion($1.outerColumnIDs) }
        guard !ids.isEmpty, bound.allSatisfy(\.columnIDs.isEmpty) else { return nil }
        var owner = context.scope.parent
        while let scope = owner, scope.columnIDs.isDisjoint(with: ids) { owner = scope.parent }
        guard let owner, let clause = owner.subqueryClause else { return nil }
        return try bindGrouping(arguments, at: position, BindContext(owner, clause)).asOuter()
    }

    func bindGrouping(
        _ arguments: [Expression], at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        guard context.clause.allowsAggregates else {
            throw PlanningError("grouping operations are not allowed in \(context.clause.name)", at: position)
        }
        guard arguments.count < 32 else { throw PlanningError("GROUPING must have fewer than 32 arguments", at: position) }
        let block = context.scope.block
        let known = block.references.count
        var bound: [BoundExpression] = []
        for argument in arguments { bound.append(try bind(argument, BindContext(context.scope, .aggregateArgument))) }
        block.references.removeLast(block.references.count - known)
        if let outer = try outerGrouping(arguments, bound, at: position, context) { return outer }
        let plain = bound.map(\.withoutPositions)
        if let same = block.groupingCalls.first(where: { $0.arguments == plain }) { return same.column.reference }
        let column = numbering.column("grouping", .integer)
        block.groupingCalls.append(.init(column: column, arguments: plain, position: position))
        return column.reference
    }
}

extension AggregateCall {
    /// The call with all positions gone, to compare what is said and not where.
    var withoutPositions: AggregateCall {
        var call = self
        call.position = -1
        call.arguments = arguments.map(\.withoutPositions)
        call.filter = filter?.withoutPositions
        for index in call.orderBy.indices {
            call.orderBy[index].expression = call.orderBy[index].expression.withoutPositions
        }
        return call
    }
}
