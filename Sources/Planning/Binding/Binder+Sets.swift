import Columns
import SQL

/// Functions that give sets of values.
extension Binder {
    /// A call in an expression: only the select list and GROUP BY may have one, outside of CASE and the like.
    func bindSetCall(
        _ name: String, _ items: [Expression], at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        if let grouped = try groupedSetCall(name, items, at: position, context) { return grouped }
        guard [.selectList, .orderBy, .groupBy].contains(context.clause) else {
            throw PlanningError("set-returning functions are not allowed in \(context.clause.name)", at: position)
        }
        if let place = conditionalPlace {
            throw PlanningError(
                "set-returning functions are not allowed in \(place)", at: position,
                hint: "you might be able to move the set-returning function into a LATERAL FROM item")
        }
        let block = context.scope.block
        let count = block.expansions.count
        let arguments = try bound(items, context)
        guard block.expansions.count == count else {
            throw .unsupported("a set-returning function inside another", at: position)
        }
        let call = try setCall(name, arguments, items.map(\.position), at: position)
        let plain = call.arguments.map(\.withoutPositions)
        // ORDER BY may say the same call again.
        if context.clause == .orderBy,
            let same = block.expansions.first(where: {
                $0.name == call.name && $0.arguments.map(\.withoutPositions) == plain
            })
        {
            return same.column.reference
        }
        block.expansions.append(call)
        return call.column.reference
    }

    private func bound(_ items: [Expression], _ context: BindContext) throws(PlanningError) -> [BoundExpression] {
        var bound: [BoundExpression] = []
        for item in items { bound.append(try bind(item, context)) }
        return bound
    }

    /// The values of a call that GROUP BY says too.
    private func groupedSetCall(
        _ name: String, _ items: [Expression], at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression? {
        let block = context.scope.block
        let candidates = block.groupedExpansions.filter { $0.name == name && $0.arguments.count == items.count }
        if candidates.isEmpty { return nil }
        let known = block.references.count
        let arguments = try setCall(name, try bound(items, context), items.map(\.position), at: position).arguments
        let plain = arguments.map(\.withoutPositions)
        guard let same = candidates.first(where: { $0.arguments.map(\.withoutPositions) == plain }) else { return nil }
        block.references.removeLast(block.references.count - known)
        return same.column.reference
    }

    /// The plan below an aggregation with the calls of GROUP BY over it.
    func expandedGroups(_ plan: LogicalPlan, _ block: SelectBlock) throws(PlanningError) -> LogicalPlan {
        let below = try expanded(plan, block)
        block.groupedExpansions = block.expansions
        block.expansions = []
        return below
    }

    /// The call whose values a column holds.
    func setCall(of reference: BoundExpression, _ block: SelectBlock) -> ExpandNode.Call? {
        (block.groupedExpansions + block.expansions).first { $0.column.reference == reference }
    }

    /// The call with its arguments cast, and the column of its values.
    func setCall(
        _ name: String, _ given: [BoundExpression], _ places: [Int], at position: Int
    ) throws(PlanningError) -> ExpandNode.Call {
        var arguments = given
        let missing = functionMissing(name, given.map(\.type), at: position)
        func cast(_ index: Int, to type: LogicalType) throws(PlanningError) {
            guard TypeCoercion.isImplicit(from: arguments[index].type, to: type) else { throw missing }
            arguments[index] = try coerce(arguments[index], to: type, at: places[index])
        }
        let type: LogicalType
        switch name {
        case "generate_series":
            guard (2...3).contains(given.count) else { throw missing }
            type = try seriesType(given, missing)
            for index in given.indices { try cast(index, to: type == .timestamp && index == 2 ? .interval : type) }
        case "unnest":
            guard given.count == 1 else { throw missing }
            guard case .array(let element) = given[0].type else { throw missing }
            type = element.type
        case "generate_subscripts":
            guard (2...3).contains(given.count), case .array = given[0].type else { throw missing }
            try cast(1, to: .integer)
            if given.count == 3 { try cast(2, to: .boolean) }
            type = .integer
        default:
            guard (2...3).contains(given.count) else { throw missing }
            for index in given.indices { try cast(index, to: .text) }
            type = name == "regexp_matches" ? LogicalType.text.asArray : .text
        }
        return ExpandNode.Call(
            name: name, arguments: arguments, column: numbering.column(name, name == "unnest" ? .text : type),
            position: position)
    }

    private func seriesType(_ arguments: [BoundExpression], _ missing: PlanningError) throws(PlanningError)
        -> LogicalType
    {
        let types = arguments.map(\.type)
        if types.count == 3, types[2] == .interval, types.prefix(2).allSatisfy({ $0 == .unknown }) {
            // PostgreSQL takes the literals for times with a zone.
            throw .unsupported(
                "generate_series of literals without a type", at: missing.position, hint: "write timestamp '…' or date '…'")
        }
        if types.prefix(2).contains(where: { $0 == .date || $0 == .timestamp }) {
            guard types.count == 3 else { throw missing }
            return .timestamp
        }
        var type = LogicalType.unknown
        for own in types {
            guard let common = TypeCoercion.common(type, own), common == .unknown || common.isNumber, common != .double
            else { throw missing }
            type = common
        }
        if type == .unknown { throw missing }
        return type
    }

    /// What stands for the call's values: those of `unnest` are texts until they are cast.
    func setValue(_ call: ExpandNode.Call) -> BoundExpression {
        guard call.name == "unnest", case .array(let element) = call.arguments[0].type, element.type != .text else {
            return call.column.reference
        }
        return .cast(call.column.reference, to: element.type, position: call.position)
    }

    /// The plan with the select list's calls over it.
    func expanded(_ plan: LogicalPlan, _ block: SelectBlock) throws(PlanningError) -> LogicalPlan {
        if block.expansions.isEmpty { return plan }
        return .expand(try expansion(of: plan, block.expansions))
    }

    /// The calls over a plan, which the subqueries in their arguments join.
    private func expansion(of plan: LogicalPlan, _ calls: [ExpandNode.Call]) throws(PlanningError) -> ExpandNode {
        var node = ExpandNode(input: plan, calls: calls)
        for call in calls.indices {
            for index in calls[call].arguments.indices {
                node.calls[call].arguments[index] = try attach(calls[call].arguments[index], to: &node.input)
            }
        }
        return node
    }

    /// The calls of a function in FROM: `unnest` of several arrays is one for each.
    func setCalls(
        _ call: FunctionCall, _ arguments: [BoundExpression], at position: Int
    ) throws(PlanningError) -> [ExpandNode.Call] {
        let name = call.name.last ?? ""
        let places = call.arguments.map(\.value.position)
        guard name == "unnest", arguments.count > 1 else {
            return [try setCall(name, arguments, places, at: position)]
        }
        var calls: [ExpandNode.Call] = []
        for (argument, place) in zip(arguments, places) {
            calls.append(try setCall(name, [argument], [place], at: position))
        }
        return calls
    }

    /// Calls in FROM that read columns of the items before them, or give more rows than a list should have.
    func setTable(_ calls: [ExpandNode.Call], withOrdinality: Bool) throws(PlanningError) -> LogicalPlan {
        let ordinality = withOrdinality ? numbering.column("ordinality", .bigint) : nil
        var node = try expansion(of: .values(columns: [], rows: [[]]), calls)
        node.ordinality = ordinality
        let needsCast = calls.contains { setValue($0) != $0.column.reference }
        guard needsCast || !node.input.columns.isEmpty else { return .expand(node) }
        var items = calls.map { call -> ProjectedColumn in
            let value = setValue(call)
            let column = value == call.column.reference ? call.column : numbering.column(call.name, value.type)
            return ProjectedColumn(column: column, expression: value)
        }
        if let ordinality { items.append(ProjectedColumn(column: ordinality, expression: ordinality.reference)) }
        return .project(.expand(node), items)
    }
}
