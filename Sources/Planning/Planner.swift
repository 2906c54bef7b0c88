import Columns
package import SQL

/// What planning may and may not do.
package struct PlannerOptions: Sendable {
    /// Names of rewrite rules that are left out, see `Optimizer.ruleNames`.
    package var disabledRules: Set<String>
    /// The moment `now()` and `current_date` stand for, in microseconds since 1970-01-01 00:00:00; they are refused without.
    package var asOf: Int64?
    /// What `current_user` and `current_catalog` are; they are refused without. A table may stand behind the database's name.
    package var user: String?
    package var database: String?
    package var parameters = QueryParameters.none
    /// The session's time zone, a name that `ZoneRules(atTimeZone:)` finds; what depends on it is refused without.
    package var zone: String?
    /// Whether a constant of the select list may be a numeric of more digits than columns hold, NaN or infinite: it is the text
    /// that PostgreSQL prints then. Not where rows are kept under their types.
    package var showsLongNumbers = false

    package init(disabledRules: Set<String> = [], asOf: Int64? = nil) {
        self.disabledRules = disabledRules
        self.asOf = asOf
    }
}

/// A query ready to run.
package struct PlannedQuery: Sendable {
    package var plan: LogicalPlan
    /// The result's columns in order: `plan.columns` under the names the user sees.
    package var columns: [PlanColumn]
    /// Rewrite rules that changed the plan, in the order they first did.
    package var appliedRules: [String]
    /// Columns of files that the statement names and that cannot be read: an error where the plan still scans one.
    package var unread: [UnreadColumn] = []
    /// Columns of instants and of times of day, which are their texts in the result.
    package var shownAsText: [PlanColumn] = []

    /// The first column in the statement that the plan scans and that cannot be read.
    package var scannedUnread: UnreadColumn? {
        if unread.isEmpty { return nil }
        var scanned: [UnreadColumn] = []
        plan.forEachNode { node in
            guard case .scan(let scan) = node else { return }
            for column in scan.columns {
                scanned += unread.filter { $0.table == scan.table && $0.fieldIndex == column.fieldIndex }
            }
        }
        return scanned.min { ($0.position, $0.fieldIndex) < ($1.position, $1.fieldIndex) }
    }

    /// For each column of the result the field of a file that it is, if that cannot be read.
    package var unreadOutput: [UnreadField?] {
        if unread.isEmpty { return columns.map { _ in nil } }
        var fields: [ColumnID: UnreadField] = [:]
        var origins: [ColumnID: ColumnID] = [:]
        plan.forEachNode { node in
            switch node {
            case .scan(let scan):
                for column in scan.columns {
                    fields[column.column.id] = unread.first { $0.table == scan.table && $0.fieldIndex == column.fieldIndex }?.field
                }
            case .project(_, let items):
                for item in items { if case .column(let id, _) = item.expression { origins[item.column.id] = id } }
            default: break
            }
        }
        return plan.columns.map { column in
            var id = column.id
            while let origin = origins[id], origin != id { id = origin }
            return fields[id]
        }
    }
}

/// A column of a file that cannot be read, as a statement names it.
package struct UnreadColumn: Hashable, Sendable {
    /// The name and index that scans know it by.
    package var table: String
    package var fieldIndex: Int
    package var field: UnreadField
    /// UTF-8 byte offset into the statement's text of where it is first asked for, -1 if unknown.
    package var position: Int
}

/// What a query gives and needs, before it has values for its parameters.
package struct DescribedQuery: Sendable {
    package var columns: [PlanColumn]
    /// By number, from 1; none for one whose type nothing decides.
    package var parameterTypes: [Int: ParameterType]
}

/// The door to planning: syntax to a plan that is bound, rewritten and ready to run.
package enum Planner {
    /// Plans a query. Deep statements are safe: the work is done on a large stack.
    ///
    /// - Throws: Names and types that do not fit, in PostgreSQL's words; what is not supported, by name.
    package static func plan(
        _ query: Query, catalog: any Catalog, options: PlannerOptions = PlannerOptions()
    ) throws(PlanningError) -> PlannedQuery {
        let outcome = LargeStack.run { () -> Result<PlannedQuery, PlanningError> in
            do throws(PlanningError) {
                return .success(try planOnThisStack(query, catalog: catalog, options: options))
            } catch {
                return .failure(error)
            }
        }
        guard let outcome else {
            throw PlanningError(
                "no memory for the planner's stack", at: -1, hint: "free some memory, or raise its limit")
        }
        return try outcome.get()
    }

    /// The result's columns and the types of parameters. Must run on a large stack.
    package static func describe(
        _ query: Query, catalog: any Catalog, options: PlannerOptions
    ) throws(PlanningError) -> DescribedQuery {
        let binder = Binder(catalog: catalog, options: options, numbering: ColumnNumbering())
        binder.isResult = options.showsLongNumbers
        let bound = try binder.withShownMoments(try binder.bindQuery(query, parent: nil, tables: nil))
        return DescribedQuery(columns: bound.columns, parameterTypes: binder.parameterTypes)
    }

    private static func planOnThisStack(
        _ query: Query, catalog: any Catalog, options: PlannerOptions
    ) throws(PlanningError) -> PlannedQuery {
        let numbering = ColumnNumbering()
        let binder = Binder(catalog: catalog, options: options, numbering: numbering)
        binder.isResult = options.showsLongNumbers
        let own = try binder.bindQuery(query, parent: nil, tables: nil)
        let bound = try binder.withShownMoments(own)
        let resolved = SharedPlans.resolve(
            binder.exactly(bound), materialization: binder.shares, numbering: numbering
        ).withoutMoments
        var optimizer = Optimizer(
            catalog: catalog, numbering: numbering, disabledRules: options.disabledRules,
            nextShareID: (binder.shares.keys.max() ?? 0) + 1)
        let plan = IntervalKeys(numbering: numbering).rewritten(optimizer.optimize(resolved)).withoutArrays
        let columns = bound.columns.map { column in
            var column = column
            column.type = column.type.withoutArrays
            return column
        }
        return PlannedQuery(
            plan: plan, columns: columns, appliedRules: optimizer.appliedRules, unread: binder.allUnread,
            shownAsText: own.columns.filter(\.type.isMoment))
    }
}
