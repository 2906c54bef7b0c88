import Columns
import SQL

/// FROM items: tables, views, common tables, derived tables, joins.
extension Binder {
    /// All items of a FROM clause, crossed; adds their names to `scope`.
    func bindFrom(_ references: [TableReference], into scope: Scope) throws(PlanningError) -> LogicalPlan {
        var plan: LogicalPlan?
        for reference in references {
            let item = try bindReference(reference, lateral: scope, leftPlan: plan)
            try checkAliases(scope.relations, item.relations)
            scope.add(item)
            if let left = plan, !item.plan.outerColumnIDs.isDisjoint(with: left.columns.map(\.id)) {
                plan = try applyLateral(item.plan, to: left, isLeft: false, at: position(of: reference))
            } else if let left = plan {
                plan = .join(JoinNode(kind: .cross, left: left, right: item.plan, keys: []))
            } else {
                plan = item.plan
            }
        }
        return plan ?? .values(columns: [], rows: [[]])
    }

    private func checkAliases(_ left: [ScopeRelation], _ right: [ScopeRelation]) throws(PlanningError) {
        let known = Set(left.map(\.alias))
        for relation in right where !relation.alias.isEmpty && known.contains(relation.alias) {
            throw PlanningError(
                "table name \"\(relation.alias)\" specified more than once", at: relation.position,
                hint: "give one of them an alias")
        }
    }

    private func position(of reference: TableReference) -> Int {
        switch reference {
        case .table(let table): table.position
        case .subquery(let table): table.position
        case .function(let function): function.position
        case .join(let join): join.position
        }
    }

    /// One item. `lateral` holds the items to its left, which only lateral subqueries may read.
    private func bindReference(
        _ reference: TableReference, lateral: Scope, leftPlan: LogicalPlan?
    ) throws(PlanningError) -> FromItem {
        switch reference {
        case .table(let table): return try sampled(try bindTable(table, lateral), table.sample, lateral)
        case .subquery(let subquery):
            let parent = subquery.isLateral ? lateral : lateral.parent
            let bound = try bindQuery(subquery.query, parent: parent, tables: lateral.tables)
            return try item(bound.plan, bound.columns, alias: subquery.alias, name: "", at: subquery.position)
        case .function(let function): return try bindFunction(function, lateral)
        case .join(let join): return try bindJoin(join, lateral)
        }
    }

    private func item(
        _ plan: LogicalPlan, _ columns: [PlanColumn], alias: TableAlias?, name: String, at position: Int
    ) throws(PlanningError) -> FromItem {
        var names = columns.map(ScopeColumn.init)
        let relationName = alias?.name ?? name
        if let renamed = alias?.columns, !renamed.isEmpty {
            guard renamed.count <= names.count else {
                throw PlanningError(
                    "table \"\(relationName)\" has \(names.count) columns available but \(renamed.count) columns specified",
                    at: position)
            }
            for (index, newName) in renamed.enumerated() { names[index].name = newName }
        }
        let relation = ScopeRelation(alias: relationName, columns: names, position: position)
        return FromItem(plan: plan, relations: [relation], visible: names)
    }

    private func bindTable(_ table: NamedTable, _ scope: Scope) throws(PlanningError) -> FromItem {
        let name = table.name.name
        if table.name.schema == nil, let entry = scope.tables?.entry(named: name) {
            let bound = try read(entry, name: name, position: table.position)
            return try item(bound.plan, bound.columns, alias: table.alias, name: name, at: table.position)
        }
        if let database = table.name.database, database != options.database {
            throw PlanningError(
                "cross-database references are not implemented: \"\(database).\(table.name.schema ?? "public").\(name)\"", at: table.position,
                hint: "write the table's name alone")
        }
        if let schema = table.name.schema, schema != "public" {
            throw PlanningError("schema \"\(schema)\" does not exist", at: table.position, hint: Binder.catalogHint(schema) ?? "write the name alone")
        }
        if let stored = catalog.table(named: name) {
            let node = scan(stored)
            return try item(.scan(node), node.columns.map(\.column), alias: table.alias, name: name, at: table.position)
        }
        if let text = catalog.view(named: name) {
            let bound = try bindView(name, text, at: table.position)
            return try item(bound.plan, bound.columns, alias: table.alias, name: name, at: table.position)
        }
        let candidates = catalog.relationNames + (scope.tables?.names.sorted() ?? [])
        throw PlanningError(
            "relation \"\(name)\" does not exist", at: table.position,
            hint: Binder.catalogHint(name) ?? PlanningError.suggestion(for: name, among: candidates))
    }

    /// Of the catalogs of other engines, which clients over the wire find and statements do not.
    private static func catalogHint(_ name: String) -> String? {
        ["information_schema", "pg_catalog", "sqlite_master"].contains(name) || name.hasPrefix("pg_") || name.hasPrefix("duckdb_")
            ? "`show tables` lists them, `describe` their columns" : nil
    }

    private func scan(_ table: CatalogTable) -> TableScanNode {
        TableScanNode(
            table: table.name,
            columns: table.schema.fields.enumerated().map { index, field in
                .init(column: numbering.column(field.name, field.type), fieldIndex: index)
            })
    }

    private func bindView(_ name: String, _ text: String, at position: Int) throws(PlanningError) -> BoundQuery {
        let entry: CommonTableEntry
        if let known = views[name] {
            entry = known
            if entry.isBeingBound {
                throw PlanningError("view \"\(name)\" reads itself", at: position, hint: "create it again without that")
            }
        } else {
            entry = CommonTableEntry(
                shareID: newShareID(.unspecified), query: try viewQuery(name, text, at: position), columnNames: [],
                materialization: .unspecified, tables: nil, parent: nil)
            views[name] = entry
        }
        entry.isBeingBound = true
        defer { entry.isBeingBound = false }
        do {
            return try read(entry, name: name, position: position)
        } catch {
            // Positions inside point into the view's own text.
            if error.message.hasPrefix("view \"") { throw PlanningError(error.message, at: position, hint: error.hint) }
            throw PlanningError("view \"\(name)\": \(error.message)", at: position, hint: error.hint)
        }
    }

    private func viewQuery(_ name: String, _ text: String, at position: Int) throws(PlanningError) -> Query {
        do {
            guard case .select(let query) = try PostgresParser.parseOne(text) else {
                throw PlanningError("view \"\(name)\" is no query", at: position)
            }
            return query
        } catch let error as SQLError {
            throw PlanningError("view \"\(name)\": \(error.message)", at: position, hint: error.hint)
        } catch let error as PlanningError {
            throw error
        } catch {
            throw PlanningError("view \"\(name)\" cannot be read", at: position)
        }
    }

    private func bindJoin(_ join: Join, _ scope: Scope) throws(PlanningError) -> FromItem {
        let outer = "an outer join"
        let left = try within(join.kind == .right || join.kind == .full ? outer : nil) { () throws(PlanningError) in
            try bindReference(join.left, lateral: scope, leftPlan: nil)
        }
        // A lateral item on the right sees the left side.
        let inner = Scope(parent: scope.parent, tables: scope.tables)
        inner.relations = scope.relations
        inner.visible = scope.visible
        inner.add(left)
        let right = try within(join.kind == .left || join.kind == .full ? outer : nil) { () throws(PlanningError) in
            try bindReference(join.right, lateral: inner, leftPlan: left.plan)
        }
        try checkAliases(left.relations, right.relations)
        var joined = try combine(join, left, right, scope)
        if let alias = join.alias {
            joined = try item(
                joined.plan, joined.visible.map { PlanColumn(id: $0.id, name: $0.name, type: $0.type) }, alias: alias,
                name: "", at: join.position)
        }
        return joined
    }

    private func combine(
        _ join: Join, _ left: FromItem, _ right: FromItem, _ scope: Scope
    ) throws(PlanningError) -> FromItem {
        func marked(_ relations: [ScopeRelation], _ mayBeMissing: Bool) -> [ScopeRelation] {
            relations.map { relation in
                var relation = relation
                relation.mayBeMissing = relation.mayBeMissing || mayBeMissing
                return relation
            }
        }
        var (left, right) = (left, right)
        left.relations = marked(left.relations, join.kind == .right || join.kind == .full)
        right.relations = marked(right.relations, join.kind == .left || join.kind == .full)
        let relations = left.relations + right.relations
        // A lateral subquery or a function, or a join that holds one.
        let rightIsLateral = !right.plan.outerColumnIDs.isDisjoint(with: left.plan.columns.map(\.id))
        switch join.condition {
        case .none:
            let plan =
                rightIsLateral
                ? try applyLateral(right.plan, to: left.plan, isLeft: false, at: position(of: join.right))
                : LogicalPlan.join(JoinNode(kind: .cross, left: left.plan, right: right.plan, keys: []))
            return FromItem(plan: plan, relations: relations, visible: left.visible + right.visible)
        case .on(let expression):
            let names = Scope(
                parent: scope.parent, tables: scope.tables, relations: relations, visible: left.visible + right.visible)
            let bound = try condition(expression, BindContext(names, .joinCondition), of: "JOIN/ON")
            let plan: LogicalPlan
            if rightIsLateral {
                plan = try lateralJoin(join, left.plan, right.plan, bound)
            } else {
                plan = try joined(kind(join.kind), left.plan, right.plan, on: bound.conjuncts, at: expression.position)
            }
            return FromItem(plan: plan, relations: relations, visible: left.visible + right.visible)
        case .using(let names, let alias):
            if rightIsLateral { throw .unsupported("LATERAL with USING", at: position(of: join.right)) }
            var merged = try mergeColumns(join, left, right, names)
            if let alias {
                guard !relations.contains(where: { $0.alias == alias }) else {
                    throw PlanningError(
                        "table name \"\(alias)\" specified more than once", at: join.position, hint: "give it another alias")
                }
                let columns = Array(merged.visible.prefix(names.count))
                merged.relations.append(ScopeRelation(alias: alias, columns: columns, position: join.position))
            }
            return merged
        case .natural:
            if rightIsLateral { throw .unsupported("LATERAL with NATURAL", at: position(of: join.right)) }
            let rightNames = Set(right.visible.map(\.name))
            var names: [String] = []
            for column in left.visible where rightNames.contains(column.name) && !names.contains(column.name) {
                names.append(column.name)
            }
            return try mergeColumns(join, left, right, names)
        }
    }

    private func lateralJoin(
        _ join: Join, _ left: LogicalPlan, _ right: LogicalPlan, _ condition: BoundExpression
    ) throws(PlanningError) -> LogicalPlan {
        let place = position(of: join.right)
        let isTrivial = condition == .trueConstant
        switch join.kind {
        case .inner, .cross:
            let plan = try applyLateral(right, to: left, isLeft: false, at: place)
            return isTrivial ? plan : try filtered(plan, by: condition)
        case .left:
            return try applyLateral(
                right, to: left, isLeft: true, on: isTrivial ? [] : condition.conjuncts, at: place)
        case .right, .full:
            throw PlanningError(
                "invalid reference to FROM-clause entry: LATERAL needs an INNER or LEFT join", at: place)
        }
    }

    private func kind(_ kind: Join.Kind) -> JoinNode.Kind {
        switch kind {
        case .inner: .inner
        case .left: .left
        case .right: .right
        case .full: .full
        case .cross: .cross
        }
    }

    /// A join on conditions over both sides' columns.
    private func joined(
        _ kind: JoinNode.Kind, _ left: LogicalPlan, _ right: LogicalPlan, on conditions: [BoundExpression],
        at position: Int
    ) throws(PlanningError) -> LogicalPlan {
        var (left, right) = (left, right)
        var withSubquery = conditions.filter(\.hasSubquery)
        // What asks of the side that may be missing alone can be asked before the join.
        switch kind {
        case .left: right = try selected(right, by: &withSubquery)
        case .right: left = try selected(left, by: &withSubquery)
        default: break
        }
        if !withSubquery.isEmpty, kind == .left || kind == .right {
            // For each row of the side that stays: the other side's rows that meet the conditions.
            let kept = kind == .left ? left : right
            let outer = Dictionary(
                kept.columns.map { ($0.id, BoundExpression.outerColumn($0.id, $0.type)) }, uniquingKeysWith: { first, _ in first })
            let all = BoundExpression.and(conditions.filter { !$0.hasSubquery } + withSubquery)
            let inner = try filtered(kind == .left ? right : left, by: all.replacing(outer))
            return try applyLateral(inner, to: kept, isLeft: true, at: position)
        }
        if !withSubquery.isEmpty, kind != .inner {
            throw .unsupported("a subquery over both sides in the condition of an outer join", at: position)
        }
        let node = JoinCondition.join(kind, left, right, on: conditions.filter { !$0.hasSubquery })
        guard let rest = BoundExpression.conjunction(withSubquery) else { return node }
        return try filtered(node, by: rest)
    }

    /// The rows that meet the conditions over this side's columns only, which are taken off the list.
    private func selected(
        _ side: LogicalPlan, by conditions: inout [BoundExpression]
    ) throws(PlanningError) -> LogicalPlan {
        let own = Set(side.columns.map(\.id))
        func isOwn(_ condition: BoundExpression) -> Bool {
            !condition.hasOuterColumns && condition.columnIDs.isSubset(of: own)
        }
        guard let before = BoundExpression.conjunction(conditions.filter(isOwn)) else { return side }
        conditions.removeAll(where: isOwn)
        return try filtered(side, by: before)
    }

    private func column(
        _ name: String, of item: FromItem, side: String, at position: Int
    ) throws(PlanningError) -> ScopeColumn {
        let matches = item.visible.filter { $0.name == name }
        guard let first = matches.first else {
            throw PlanningError(
                "column \"\(name)\" specified in USING clause does not exist in \(side) table", at: position,
                hint: PlanningError.suggestion(for: name, among: item.visible.map(\.name)))
        }
        guard matches.count == 1 else {
            throw PlanningError("common column name \"\(name)\" appears more than once in \(side) table", at: position)
        }
        return first
    }

    /// USING and NATURAL: one column for each shared name, then the rest of both sides.
    private func mergeColumns(
        _ join: Join, _ left: FromItem, _ right: FromItem, _ names: [String]
    ) throws(PlanningError) -> FromItem {
        var conditions: [BoundExpression] = []
        var pairs: [(left: ScopeColumn, right: ScopeColumn)] = []
        for name in names {
            let leftColumn = try column(name, of: left, side: "left", at: join.position)
            let rightColumn = try column(name, of: right, side: "right", at: join.position)
            let (leftSide, rightSide) = try comparable(
                .column(leftColumn.id, leftColumn.type), .column(rightColumn.id, rightColumn.type), "=",
                leftAt: join.position, rightAt: join.position, at: join.position)
            conditions.append(.comparison(.equal, leftSide, rightSide))
            pairs.append((leftColumn, rightColumn))
        }
        let joinKind = join.kind == .cross || (names.isEmpty && join.kind == .inner) ? .cross : kind(join.kind)
        var plan = try joined(joinKind, left.plan, right.plan, on: conditions, at: join.position)
        var merged: [ScopeColumn] = []
        switch join.kind {
        case .inner, .left, .cross: merged = pairs.map(\.left)
        case .right: merged = pairs.map(\.right)
        case .full:
            var items = plan.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
            for pair in pairs {
                let (values, type) = try unified(
                    [.column(pair.left.id, pair.left.type), .column(pair.right.id, pair.right.type)],
                    [join.position, join.position], of: "JOIN/USING")
                let column = numbering.column(pair.left.name, type)
                items.append(ProjectedColumn(column: column, expression: .coalesce(values, type)))
                merged.append(ScopeColumn(column))
            }
            plan = .project(plan, items)
        }
        for (index, name) in names.enumerated() { merged[index].name = name }
        let shared = Set(names)
        let rest = (left.visible + right.visible).filter { !shared.contains($0.name) }
        return FromItem(plan: plan, relations: left.relations + right.relations, visible: merged + rest)
    }
}
