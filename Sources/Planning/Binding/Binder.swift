import Columns
import SQL

/// Turns syntax into a plan: resolves names, decides types, inserts casts, makes subqueries joins.
///
/// One binder serves one statement. Positions are those of the statement's text; inside a view they are the place where
/// the view is named.
final class Binder {
    let catalog: any Catalog
    let options: PlannerOptions
    let numbering: ColumnNumbering
    /// Plans computed once, by the id of their `.shared` readings: what was asked of them.
    var shares: [Int: CommonTable.Materialization] = [:]
    var views: [String: CommonTableEntry] = [:]
    /// Where a set-returning function would be asked for some rows only, as PostgreSQL names it.
    var conditionalPlace: String?
    /// Inside what no recursive query can be read while its rows are being made, as PostgreSQL names it.
    var placeWithoutWorking: String?
    /// Whether the next query to be bound is the statement's own, whose rows are shown.
    var isResult = false
    /// How often constants may still be computed with all their digits.
    var longValuesLeft = 100
    /// What parameters are, so far as is known.
    var parameterTypes: [Int: ParameterType] = [:]
    private var nextShareID = 1
    /// Columns of files that cannot be read.
    private var unreadColumns: [ColumnID: UnreadColumn] = [:]

    init(catalog: any Catalog, options: PlannerOptions, numbering: ColumnNumbering) {
        self.catalog = catalog
        self.options = options
        self.numbering = numbering
    }

    /// Columns of files that cannot be read, each with the place where it is first asked for.
    var allUnread: [UnreadColumn] { Array(unreadColumns.values) }

    /// Keeps in mind which columns of a scan cannot be read.
    func note(unread fields: [Int: UnreadField], of scan: TableScanNode) {
        for column in scan.columns {
            guard let field = fields[column.fieldIndex] else { continue }
            unreadColumns[column.column.id] = UnreadColumn(table: scan.table, fieldIndex: column.fieldIndex, field: field, position: -1)
        }
    }

    /// Keeps in mind where a statement first asks for a column.
    func noteReference(to id: ColumnID, at position: Int) {
        guard !unreadColumns.isEmpty, unreadColumns[id]?.position == -1 else { return }
        unreadColumns[id]?.position = position
    }

    func newShareID(_ materialization: CommonTable.Materialization) -> Int {
        defer { nextShareID += 1 }
        shares[nextShareID] = materialization
        return nextShareID
    }

    /// Binds a query and what is inside it.
    ///
    /// With `keepsUnknown`, untyped literals in its output stay so, for a set operation to give them a type.
    func bindQuery(
        _ query: Query, parent: Scope?, tables: CommonTableScope?, keepsUnknown: Bool = false
    ) throws(PlanningError) -> BoundQuery {
        let isResult = isResult
        self.isResult = false
        let tables = try bindCommonTables(query, parent: parent, tables: tables)
        var bound: BoundQuery
        switch query.body {
        case .select(let core):
            self.isResult = isResult
            bound = try bindSelect(core, of: query, parent: parent, tables: tables, keepsUnknown: keepsUnknown)
        case .setOperation(let operation):
            bound = try bindSetOperation(operation, parent: parent, tables: tables)
            bound = try orderOutput(bound, of: query, parent: parent, tables: tables)
        case .values(let rows):
            bound = try bindValues(rows, parent: parent, tables: tables)
            bound = try orderOutput(bound, of: query, parent: parent, tables: tables)
        }
        if !keepsUnknown, bound.columns.contains(where: { $0.type == .unknown }) {
            bound = try coerceOutput(bound, to: bound.columns.map { $0.type == .unknown ? .text : $0.type })
        }
        return bound
    }

    private func bindCommonTables(
        _ query: Query, parent: Scope?, tables: CommonTableScope?
    ) throws(PlanningError) -> CommonTableScope? {
        if query.commonTables.isEmpty { return tables }
        var visible = tables
        var names: Set<String> = []
        for table in query.commonTables {
            guard names.insert(table.name).inserted else {
                throw PlanningError("WITH query name \"\(table.name)\" specified more than once", at: table.position)
            }
            // Each sees those before it.
            let entry = CommonTableEntry(
                shareID: newShareID(table.materialization), query: table.query, columnNames: table.columns,
                materialization: table.materialization, tables: visible, parent: parent)
            if query.isRecursive, SyntaxSearch.reads(table.query, table: table.name) {
                entry.bound = try bindRecursive(table, tables: visible, parent: parent)
            }
            let inner = CommonTableScope(parent: visible)
            inner.add(entry, named: table.name)
            visible = inner
            // Bound at once, so that mistakes in one that nobody reads are found too.
            _ = try bindEntry(entry, name: table.name, position: table.position)
        }
        return visible
    }

    /// The bound definition of a common table or view.
    func bindEntry(_ entry: CommonTableEntry, name: String, position: Int) throws(PlanningError) -> BoundQuery {
        if let bound = entry.bound { return bound }
        var bound = try bindQuery(entry.query, parent: entry.parent, tables: entry.tables)
        guard entry.columnNames.count <= bound.columns.count else {
            throw PlanningError(
                "WITH query \"\(name)\" has \(bound.columns.count) columns available but \(entry.columnNames.count) columns specified",
                at: position)
        }
        for (index, columnName) in entry.columnNames.enumerated() { bound.columns[index].name = columnName }
        entry.bound = bound
        return bound
    }

    /// One reading of a definition, under identities of its own.
    func read(_ entry: CommonTableEntry, name: String, position: Int) throws(PlanningError) -> BoundQuery {
        if let working = entry.working {
            if let place = placeWithoutWorking {
                throw PlanningError("recursive reference to query \"\(name)\" must not appear within \(place)", at: position)
            }
            let columns = working.columns.map { numbering.column($0.name, $0.type) }
            return BoundQuery(plan: .working(id: working.id, columns: columns), columns: columns)
        }
        let bound = try bindEntry(entry, name: name, position: position)
        if !bound.plan.outerColumnIDs.isEmpty {
            // It depends on rows of an outer query: never the same for two readings.
            let copy = numbering.copy(bound.plan)
            let columns = bound.columns.map { column in
                PlanColumn(id: copy.names[column.id] ?? column.id, name: column.name, type: column.type)
            }
            return BoundQuery(plan: copy.plan, columns: columns)
        }
        let definition = exactly(bound)
        let columns = bound.columns.map { numbering.column($0.name, $0.type) }
        return BoundQuery(plan: .shared(id: entry.shareID, plan: definition, columns: columns), columns: columns)
    }

    /// A plan that puts out just the query's columns, in their order.
    func exactly(_ query: BoundQuery) -> LogicalPlan {
        if query.plan.columns.map(\.id) == query.columns.map(\.id) { return query.plan }
        return .project(query.plan, query.columns.map { ProjectedColumn(column: $0, expression: $0.reference) })
    }

    /// Gives the output columns other types; untyped literals are read as values of their new type.
    func coerceOutput(
        _ query: BoundQuery, to types: [LogicalType], at position: (_ column: Int) -> Int = { _ in -1 }
    ) throws(PlanningError) -> BoundQuery {
        var query = query
        try typeLiterals(&query, types, at: position)
        if query.columns.map(\.type) == types { return query }
        var columns: [PlanColumn] = []
        var items: [ProjectedColumn] = []
        for (index, (column, type)) in zip(query.columns, types).enumerated() {
            if column.type == type {
                columns.append(column)
                items.append(ProjectedColumn(column: column, expression: column.reference))
                continue
            }
            let changed = numbering.column(column.name, type)
            columns.append(changed)
            let value = try coerce(column.reference, to: type, at: position(index))
            items.append(ProjectedColumn(column: changed, expression: value))
        }
        return BoundQuery(plan: .project(query.plan, items), columns: columns)
    }

    /// Untyped literals stand in the topmost projection: they get their types there.
    private func typeLiterals(
        _ query: inout BoundQuery, _ types: [LogicalType], at position: (_ column: Int) -> Int
    ) throws(PlanningError) {
        guard case .project(let input, var items) = query.plan else { return }
        for (index, type) in types.enumerated() where query.columns[index].type == .unknown {
            guard let place = items.firstIndex(where: { $0.column.id == query.columns[index].id }) else { continue }
            let value = try coerce(items[place].expression, to: type, at: position(index))
            items[place].expression = value
            items[place].column.type = value.type
            query.columns[index].type = value.type
        }
        query.plan = .project(input, items)
    }
}
