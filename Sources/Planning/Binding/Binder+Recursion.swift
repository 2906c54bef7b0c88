import Columns
import SQL

/// Common tables that read themselves.
extension Binder {
    /// `base union [all] step`, where the step reads the rows the step before gave.
    func bindRecursive(
        _ table: CommonTable, tables: CommonTableScope?, parent: Scope?
    ) throws(PlanningError) -> BoundQuery {
        let name = table.name
        guard case .setOperation(let operation) = table.query.body, operation.kind == .union,
            !SyntaxSearch.reads(operation.left, table: name)
        else {
            throw PlanningError(
                "recursive query \"\(name)\" does not have the form non-recursive-term UNION [ALL] recursive-term",
                at: table.position)
        }
        guard table.query.orderBy.isEmpty, table.query.limit == nil, table.query.offset == nil else {
            throw .unsupported("ORDER BY or LIMIT in a recursive query", at: table.position, hint: "put it outside")
        }
        guard table.query.commonTables.isEmpty else {
            throw .unsupported("WITH inside a recursive query", at: table.query.position, hint: "put it before")
        }
        // Numerics have no digits of their own in PostgreSQL: what the steps add up needs room before the point.
        var base = try bindQuery(operation.left, parent: parent, tables: tables)
        base = try coerceOutput(
            base,
            to: base.columns.map { column in
                guard case .numeric(_, let scale) = column.type else { return column.type }
                return .numeric(precision: LogicalType.maximumPrecision, scale: scale)
            })
        var columns = base.columns
        guard table.columns.count <= columns.count else {
            throw PlanningError(
                "WITH query \"\(name)\" has \(columns.count) columns available but \(table.columns.count) columns specified",
                at: table.position)
        }
        for (index, columnName) in table.columns.enumerated() { columns[index].name = columnName }
        let id = newShareID(.always)
        let entry = CommonTableEntry(
            shareID: id, query: table.query, columnNames: [], materialization: .unspecified, tables: nil, parent: nil)
        entry.working = (id, columns)
        let inner = CommonTableScope(parent: tables)
        inner.add(entry, named: name)
        let place = placeWithoutWorking
        placeWithoutWorking = nil
        defer { placeWithoutWorking = place }
        let step = try bindQuery(operation.right, parent: parent, tables: inner, keepsUnknown: true)
        guard step.columns.count == columns.count else {
            throw PlanningError("each UNION query must have the same number of columns", at: operation.right.position)
        }
        for (index, column) in step.columns.enumerated() {
            let type = columns[index].type
            guard TypeCoercion.common(type, column.type) == type || fits(column.type, type) else {
                throw PlanningError(
                    "recursive query \"\(name)\" column \(index + 1) has type \(TypeCoercion.messageName(type)) in non-recursive term but type \(TypeCoercion.messageName(column.type)) overall",
                    at: operation.left.position, hint: "cast the output of the non-recursive term to the correct type")
            }
        }
        let coerced = try coerceOutput(step, to: columns.map(\.type))
        let own = columns.map { numbering.column($0.name, $0.type) }
        var node = RecursiveNode(
            id: id, name: name, base: exactly(base), step: exactly(coerced), isAll: operation.all, columns: own,
            position: table.position)
        node.isDependent = !node.base.outerColumnIDs.isEmpty || !node.step.outerColumnIDs.isEmpty
        return BoundQuery(plan: .recursive(node.isDependent ? node : closed(node)), columns: own)
    }

    /// The node with what its parts read of other common tables decided: nothing outside reaches into it any more.
    func closed(_ node: RecursiveNode) -> RecursiveNode {
        var node = node
        node.base = SharedPlans.resolve(node.base, materialization: shares, numbering: numbering)
        node.step = SharedPlans.resolve(node.step, materialization: shares, numbering: numbering)
        node.isDependent = false
        return node
    }

    /// Numerics fit whose digits behind the point the base has room for.
    private func fits(_ from: LogicalType, _ to: LogicalType) -> Bool {
        if case .numeric(_, let scale) = to, let own = from.scale { return own <= scale }
        return from == to
    }

    /// Binds a part of a query in which a recursive query cannot be read: all its rows would be needed while they are still
    /// being made.
    ///
    /// - Parameter place: As PostgreSQL names it; nil where it can be read.
    func within<Bound>(
        _ place: String?, _ bind: () throws(PlanningError) -> Bound
    ) throws(PlanningError) -> Bound {
        let known = placeWithoutWorking
        placeWithoutWorking = known ?? place
        defer { placeWithoutWorking = known }
        return try bind()
    }

    /// Refuses aggregate calls over a FROM that names a recursive query itself.
    func checkAggregates(_ core: SelectCore, _ block: SelectBlock, _ tables: CommonTableScope?) throws(PlanningError) {
        guard !block.aggregates.isEmpty, core.from.contains(where: { namesWorking($0, tables) }) else { return }
        throw PlanningError(
            "aggregate functions are not allowed in a recursive query's recursive term", at: block.aggregates[0].call.position)
    }

    private func namesWorking(_ reference: TableReference, _ tables: CommonTableScope?) -> Bool {
        switch reference {
        case .table(let table):
            table.name.schema == nil && tables?.entry(named: table.name.name)?.working != nil
        case .subquery, .function: false
        case .join(let join): namesWorking(join.left, tables) || namesWorking(join.right, tables)
        }
    }
}
