import Columns
import SQL

/// Set operations, VALUES, and ORDER BY and LIMIT over finished rows.
extension Binder {
    func bindSetOperation(
        _ operation: SetOperation, parent: Scope?, tables: CommonTableScope?
    ) throws(PlanningError) -> BoundQuery {
        let name =
            switch operation.kind {
            case .union: "UNION"
            case .intersect: "INTERSECT"
            case .except: "EXCEPT"
            }
        let countsRows = operation.kind != .union && operation.all
        var left = try within(countsRows ? name : nil) { () throws(PlanningError) in
            try bindQuery(operation.left, parent: parent, tables: tables, keepsUnknown: true)
        }
        var right = try within(countsRows || operation.kind == .except ? name : nil) { () throws(PlanningError) in
            try bindQuery(operation.right, parent: parent, tables: tables, keepsUnknown: true)
        }
        guard left.columns.count == right.columns.count else {
            throw PlanningError(
                "each \(name) query must have the same number of columns", at: position(of: operation.right),
                hint: "the left one has \(left.columns.count), the right one \(right.columns.count)")
        }
        var types: [LogicalType] = []
        for (index, pair) in zip(left.columns, right.columns).enumerated() {
            guard let type = TypeCoercion.common(pair.0.type, pair.1.type) else {
                throw PlanningError(
                    "\(name) types \(TypeCoercion.messageName(pair.0.type)) and \(TypeCoercion.messageName(pair.1.type)) cannot be matched",
                    at: outputPosition(of: operation.right, column: index))
            }
            types.append(type == .unknown ? .text : type)
        }
        left = try coerceOutput(left, to: types) { outputPosition(of: operation.left, column: $0) }
        right = try coerceOutput(right, to: types) { outputPosition(of: operation.right, column: $0) }
        let columns = zip(left.columns, types).map { numbering.column($0.name, $1) }
        let kind: SetOperationNode.Kind =
            switch operation.kind {
            case .union: .union
            case .intersect: .intersect
            case .except: .except
            }
        let node = SetOperationNode(
            kind: kind, isAll: operation.all, left: exactly(left), right: exactly(right), columns: columns)
        return BoundQuery(plan: .setOperation(node), columns: columns)
    }

    private func position(of query: Query) -> Int { outputPosition(of: query, column: 0) }

    private func outputPosition(of query: Query, column: Int) -> Int {
        switch query.body {
        case .select(let core):
            let index = core.items.indices.contains(column) ? column : 0
            guard core.items.indices.contains(index) else { return core.position }
            switch core.items[index] {
            case .star(_, _, let position): return position
            case .expression(let expression, _): return expression.position
            }
        case .setOperation(let operation): return outputPosition(of: operation.left, column: column)
        case .values(let rows): return rows.first?.first?.position ?? query.position
        }
    }

    func bindValues(
        _ rows: [[Expression]], parent: Scope?, tables: CommonTableScope?
    ) throws(PlanningError) -> BoundQuery {
        let scope = Scope(parent: parent, tables: tables)
        let width = rows.first?.count ?? 0
        var bound: [[BoundExpression]] = []
        var types = [LogicalType](repeating: .unknown, count: width)
        for row in rows {
            guard row.count == width else {
                throw PlanningError("VALUES lists must all be the same length", at: row.first?.position ?? -1)
            }
            var values: [BoundExpression] = []
            for (index, item) in row.enumerated() {
                let value = try bind(item, BindContext(scope, .values))
                guard let type = TypeCoercion.common(types[index], value.type) else {
                    throw cannotMatch("VALUES", types[index], value.type, at: item.position)
                }
                types[index] = type
                values.append(value)
            }
            bound.append(values)
        }
        for (rowIndex, row) in bound.enumerated() {
            for (index, value) in row.enumerated() {
                let type = types[index] == .unknown ? LogicalType.text : types[index]
                bound[rowIndex][index] = try coerce(value, to: type, at: rows[rowIndex][index].position)
            }
        }
        let columns = types.enumerated().map { numbering.column("column\($0 + 1)", $1 == .unknown ? .text : $1) }
        let hasSubquery = bound.contains { row in row.contains(where: \.hasSubquery) }
        let plan = hasSubquery ? try united(bound, columns) : .values(columns: columns, rows: bound)
        return BoundQuery(plan: plan, columns: columns)
    }

    /// Rows of which some hold subqueries: each is a query of its own.
    private func united(_ rows: [[BoundExpression]], _ columns: [PlanColumn]) throws(PlanningError) -> LogicalPlan {
        var result: LogicalPlan?
        for (number, row) in rows.enumerated() {
            var plan = LogicalPlan.values(columns: [], rows: [[]])
            var items: [ProjectedColumn] = []
            let isOnly = rows.count == 1
            for (column, value) in zip(columns, row) {
                items.append(
                    ProjectedColumn(
                        column: isOnly ? column : numbering.column(column.name, column.type),
                        expression: try attach(value, to: &plan)))
            }
            plan = .project(plan, items)
            if let before = result {
                let own = number == rows.count - 1 ? columns : columns.map { numbering.column($0.name, $0.type) }
                plan = .setOperation(
                    SetOperationNode(kind: .union, isAll: true, left: before, right: plan, columns: own))
            }
            result = plan
        }
        return result ?? .values(columns: columns, rows: [])
    }

    /// ORDER BY, OFFSET and LIMIT of a set operation or VALUES: by output names and ordinals.
    func orderOutput(
        _ bound: BoundQuery, of query: Query, parent: Scope?, tables: CommonTableScope?
    ) throws(PlanningError) -> BoundQuery {
        var bound = bound
        if !query.orderBy.isEmpty {
            var keys: [PlanSortKey] = []
            for key in query.orderBy {
                if case .star = key.expression.kind {
                    keys += bound.columns.map { sortKey(key, $0.reference) }
                    continue
                }
                let column: PlanColumn
                if case .literal(let literal) = key.expression.kind {
                    column =
                        bound.columns[
                            try ordinal(
                                literal, count: bound.columns.count, clause: "ORDER BY", at: key.expression.position)]
                } else if case .column(let parts) = key.expression.kind, parts.count == 1 {
                    let matches = bound.columns.filter { $0.name == parts[0] }
                    guard let first = matches.first else {
                        throw unknownColumn(parts[0], among: bound.columns.map(\.name), at: key.expression.position)
                    }
                    guard matches.count == 1 else {
                        throw PlanningError("ORDER BY \"\(parts[0])\" is ambiguous", at: key.expression.position)
                    }
                    column = first
                } else {
                    throw PlanningError(
                        "invalid UNION/INTERSECT/EXCEPT ORDER BY clause", at: key.expression.position,
                        hint:
                            "only result column names can be used; wrap the query in a derived table to sort by expressions"
                    )
                }
                keys.append(sortKey(key, column.reference))
            }
            bound.plan = .sort(bound.plan, keys)
        }
        bound.plan = try limited(bound.plan, query, parent: parent, tables: tables)
        return bound
    }

    func sortKey(_ key: SortKey, _ expression: BoundExpression) -> PlanSortKey {
        PlanSortKey(
            expression: expression.comparedArray, descending: key.descending,
            nullsFirst: key.nullsFirst ?? key.descending)
    }

    /// The 0-based place an ordinal of ORDER BY or GROUP BY names.
    func ordinal(_ literal: Literal, count: Int, clause: String, at position: Int) throws(PlanningError) -> Int {
        guard case .integer(let number) = literal else {
            throw PlanningError("non-integer constant in \(clause)", at: position)
        }
        guard number >= 1, number <= Int64(count) else {
            throw PlanningError("\(clause) position \(number) is not in select list", at: position)
        }
        return Int(number) - 1
    }

    func limited(
        _ plan: LogicalPlan, _ query: Query, parent: Scope?, tables: CommonTableScope?
    ) throws(PlanningError) -> LogicalPlan {
        if query.limit == nil && query.offset == nil { return plan }
        // Of an outer query's columns it may be made; of this one's it may not.
        let scope = Scope(parent: parent, tables: tables)
        if !query.hasTies, let plan = try limitedBySubquery(plan, query, scope) { return plan }
        let limit = try rowCount(query.limit, BindContext(scope, .limit))
        let offset = try rowCount(query.offset, BindContext(scope, .offset))
        if limit == nil && (offset ?? 0) == 0 { return plan }
        if query.hasTies, let limit { return try limitedWithTies(plan, limit, offset ?? 0, at: query.limit?.position ?? -1) }
        return .limit(plan, limit: limit, offset: offset ?? 0)
    }

    /// LIMIT or OFFSET by a query's value: rows are numbered, as a number of them is known only when the query runs.
    private func limitedBySubquery(
        _ plan: LogicalPlan, _ query: Query, _ scope: Scope
    ) throws(PlanningError) -> LogicalPlan? {
        func count(_ expression: Expression?, _ clause: Clause) throws(PlanningError) -> BoundExpression {
            guard let expression else { return .constant(.null, .bigint) }
            let bound = try bind(expression, BindContext(scope, clause))
            guard bound.type == .unknown || bound.type.isNumber else {
                throw PlanningError(
                    "argument of \(clause.name) must be type bigint, not type \(TypeCoercion.messageName(bound.type))",
                    at: expression.position)
            }
            return try coerce(bound, to: .bigint, at: expression.position, explicit: true)
        }
        let limit = try count(query.limit, .limit)
        let offset = try count(query.offset, .offset)
        guard [limit, offset].contains(where: { $0.hasSubquery || $0.hasOuterColumns }) else { return nil }
        var (input, order): (LogicalPlan, [PlanSortKey]) = (plan, [])
        if case .sort(let unsorted, let keys) = plan { (input, order) = (unsorted, keys) }
        let number = numbering.column("row_number", .bigint)
        let call = AggregateCall(name: "row_number", arguments: [], type: .bigint)
        let columns = input.columns
        input = .window(
            input, [WindowColumn(column: number, call: call, partitionBy: [], orderBy: order, frame: WindowFrame())])
        // Each is asked once, whatever stands on it.
        let zero = BoundExpression.constant(.integer(0), .bigint)
        func rows(_ name: String, _ count: BoundExpression, _ syntax: Expression?) throws(PlanningError) -> BoundExpression {
            // A number below 0 is an error.
            .call(name: name, arguments: [try attach(count, to: &input)], .bigint, position: syntax?.position ?? -1)
        }
        let first = BoundExpression.coalesce([try rows("offset rows", offset, query.offset), zero], .bigint)
        let last = BoundExpression.arithmetic(
            .add, first, try rows("limit rows", limit, query.limit), .bigint, position: -1)
        let rows = LogicalPlan.filter(
            input,
            .and([
                .comparison(.greater, number.reference, first),
                .or([.isNull(last, negated: false), .comparison(.lessOrEqual, number.reference, last)]),
            ]))
        return .project(
            order.isEmpty ? rows : .sort(rows, order),
            columns.map { ProjectedColumn(column: $0, expression: $0.reference) })
    }

    /// The rows up to the limit, and those that the order puts beside the last of them.
    private func limitedWithTies(
        _ plan: LogicalPlan, _ limit: Int, _ offset: Int, at position: Int
    ) throws(PlanningError) -> LogicalPlan {
        guard case .sort(let input, let keys) = plan else {
            throw PlanningError("WITH TIES cannot be specified without ORDER BY clause", at: position)
        }
        if limit == 0 { return .limit(plan, limit: 0, offset: 0) }
        func column(_ name: String) -> WindowColumn {
            let call = AggregateCall(name: name, arguments: [], type: .bigint, position: position)
            return WindowColumn(
                column: numbering.column(name, .bigint), call: call, partitionBy: [], orderBy: keys, frame: WindowFrame())
        }
        let number = column("row_number")
        let rank = column("rank")
        let (last, overflow) = offset.addingReportingOverflow(limit)
        func bound(_ comparison: ComparisonOperator, _ window: WindowColumn, _ value: Int) -> BoundExpression {
            .comparison(comparison, window.column.reference, .constant(.integer(Int64(value)), .bigint))
        }
        let kept = LogicalPlan.filter(
            .window(input, [number, rank]),
            .and([bound(.greater, number, offset), bound(.lessOrEqual, rank, overflow ? .max : last)]))
        return .project(
            .sort(kept, keys), input.columns.map { ProjectedColumn(column: $0, expression: $0.reference) })
    }

    private func rowCount(_ expression: Expression?, _ context: BindContext) throws(PlanningError) -> Int? {
        guard let expression else { return nil }
        let bound = try bind(expression, context)
        guard bound.type == .unknown || bound.type.isNumber else {
            throw PlanningError(
                "argument of \(context.clause.name) must be type bigint, not type \(TypeCoercion.messageName(bound.type))",
                at: expression.position)
        }
        let folded = ConstantFolding.fold(try coerce(bound, to: .bigint, at: expression.position, explicit: true))
        switch folded.constantValue {
        case .null?: return nil
        case .integer(let number)?:
            guard number >= 0 else {
                throw PlanningError("\(context.clause.name) must not be negative", at: expression.position)
            }
            return Int(number)
        default:
            throw .unsupported(
                "\(context.clause.name) of an expression that is no constant", at: expression.position)
        }
    }
}
