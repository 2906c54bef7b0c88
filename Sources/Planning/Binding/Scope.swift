import Columns
import SQL

/// A column a name may stand for.
struct ScopeColumn {
    var name: String
    var id: ColumnID
    var type: LogicalType

    init(_ column: PlanColumn) {
        self.init(name: column.name, id: column.id, type: column.type)
    }

    init(name: String, id: ColumnID, type: LogicalType) {
        self.name = name
        self.id = id
        self.type = type
    }
}

/// A FROM item under its name.
struct ScopeRelation {
    var alias: String
    var columns: [ScopeColumn]
    var position: Int
    /// An outer join may put NULLs in place of its rows.
    var mayBeMissing = false
    /// Whether it is a function's one column, which the relation's name means, too.
    var isValue = false
}

/// FROM items joined so far: the plan, the names that qualify columns, and the columns plain names and `*` see.
struct FromItem {
    var plan: LogicalPlan
    var relations: [ScopeRelation]
    var visible: [ScopeColumn]
}

/// The names one SELECT sees: its FROM items, then those of the queries around it.
final class Scope {
    let parent: Scope?
    let tables: CommonTableScope?
    var relations: [ScopeRelation]
    var visible: [ScopeColumn]
    /// While a subquery is bound: the clause it stands in.
    var subqueryClause: Clause?
    /// What the SELECT gathers while its expressions are bound.
    let block = SelectBlock()

    init(parent: Scope?, tables: CommonTableScope?, relations: [ScopeRelation] = [], visible: [ScopeColumn] = []) {
        self.parent = parent
        self.tables = tables
        self.relations = relations
        self.visible = visible
    }

    func add(_ item: FromItem) {
        relations += item.relations
        visible += item.visible
    }

    /// The columns a name stands for: those that are called exactly so, else those that differ in the case of ASCII
    /// letters only, as files may write names that SQL reads in lower case.
    static func matches(_ name: String, among columns: [ScopeColumn]) -> [ScopeColumn] {
        let exact = columns.filter { $0.name == name }
        if !exact.isEmpty { return exact }
        let folded = folded(name)
        return columns.filter { $0.name.utf8.count == folded.count && Scope.folded($0.name) == folded }
    }

    private static func folded(_ name: String) -> [UInt8] {
        name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// Every column of the FROM items, also those hidden behind a USING column.
    var columnIDs: Set<ColumnID> {
        Set(relations.flatMap { $0.columns.map(\.id) } + visible.map(\.id))
    }
}

/// Aggregates, window calls and column references met in one SELECT.
final class SelectBlock {
    struct GroupingCall {
        var column: PlanColumn
        var arguments: [BoundExpression]
        var position: Int
    }
    struct Reference {
        var id: ColumnID
        var displayName: String
        var position: Int
    }

    var aggregates: [AggregateNode.AggregateColumn] = []
    var groupingCalls: [GroupingCall] = []
    var windows: [WindowColumn] = []
    /// Calls that give sets of values, in the select list.
    var expansions: [ExpandNode.Call] = []
    /// Those that GROUP BY says: the select list means the same values by them.
    var groupedExpansions: [ExpandNode.Call] = []
    var namedWindows: [String: WindowSpecification] = [:]
    /// Columns read outside of aggregates.
    var references: [Reference] = []
    /// Columns read by subqueries inside.
    var innerReferences: [Reference] = []
}

/// Which part of a query an expression stands in: decides whether aggregates and windows are allowed.
enum Clause {
    case selectList, `where`, joinCondition, groupBy, having, orderBy, distinctOn, aggregateArgument, aggregateFilter
    case windowDefinition, windowArgument, values, limit, offset, functionInFrom

    var allowsAggregates: Bool {
        switch self {
        case .selectList, .having, .orderBy, .distinctOn, .windowDefinition, .windowArgument: true
        default: false
        }
    }

    var allowsWindows: Bool {
        switch self {
        case .selectList, .orderBy, .distinctOn: true
        default: false
        }
    }

    /// The name in PostgreSQL's messages.
    var name: String {
        switch self {
        case .selectList: "SELECT"
        case .where: "WHERE"
        case .joinCondition: "JOIN conditions"
        case .groupBy: "GROUP BY"
        case .having: "HAVING"
        case .orderBy: "ORDER BY"
        case .distinctOn: "DISTINCT ON"
        case .aggregateArgument: "aggregate arguments"
        case .aggregateFilter: "FILTER"
        case .windowDefinition: "window definitions"
        case .windowArgument: "window function arguments"
        case .values: "VALUES"
        case .limit: "LIMIT"
        case .offset: "OFFSET"
        case .functionInFrom: "functions in FROM"
        }
    }
}

/// Where an expression stands.
struct BindContext {
    var scope: Scope
    var clause: Clause

    init(_ scope: Scope, _ clause: Clause) {
        self.scope = scope
        self.clause = clause
    }
}

/// The common tables a query sees, inner lists first.
final class CommonTableScope {
    let parent: CommonTableScope?
    private(set) var entries: [String: CommonTableEntry] = [:]

    init(parent: CommonTableScope?) { self.parent = parent }

    func add(_ entry: CommonTableEntry, named name: String) { entries[name] = entry }

    func entry(named name: String) -> CommonTableEntry? { entries[name] ?? parent?.entry(named: name) }

    var names: [String] { Array(entries.keys) + (parent?.names ?? []) }
}

/// A common table or view, bound at its first reading.
final class CommonTableEntry {
    let shareID: Int
    let query: Query
    let columnNames: [String]
    let materialization: CommonTable.Materialization
    /// What the definition itself sees.
    let tables: CommonTableScope?
    let parent: Scope?
    var bound: BoundQuery?
    var isBeingBound = false
    /// Inside the recursive part of a query: its own rows of the step before.
    var working: (id: Int, columns: [PlanColumn])?

    init(
        shareID: Int, query: Query, columnNames: [String], materialization: CommonTable.Materialization,
        tables: CommonTableScope?, parent: Scope?
    ) {
        self.shareID = shareID
        self.query = query
        self.columnNames = columnNames
        self.materialization = materialization
        self.tables = tables
        self.parent = parent
    }
}

/// A bound query: its plan and the columns a reader sees, in order; the plan may put out further ones.
struct BoundQuery {
    var plan: LogicalPlan
    var columns: [PlanColumn]
}
