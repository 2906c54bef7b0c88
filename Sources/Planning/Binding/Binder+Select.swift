import Columns
import SQL

/// One SELECT with its ORDER BY and LIMIT.
extension Binder {
    /// Expressions of a SELECT as they are bound over its FROM items.
    struct SelectParts {
        var items: [(name: String, expression: BoundExpression)] = []
        var having: BoundExpression?
        /// Each key names an output item by index, or brings an expression of its own.
        var orderBy: [(key: PlanSortKey, item: Int?)] = []
        var distinctOn: [BoundExpression] = []
    }

    func bindSelect(
        _ core: SelectCore, of query: Query, parent: Scope?, tables: CommonTableScope?, keepsUnknown: Bool
    ) throws(PlanningError) -> BoundQuery {
        let isResult = isResult
        self.isResult = false
        let scope = Scope(parent: parent, tables: tables)
        var plan = try bindFrom(core.from, into: scope)
        if let expression = core.where {
            do throws(PlanningError) {
                plan = try filtered(plan, by: try condition(expression, BindContext(scope, .where), of: "WHERE"))
            } catch {
                throw Binder.explained(error, core.items)
            }
        }
        try bindNamedWindows(core, scope.block)
        let items = try expandItems(core.items, scope)
        let known = scope.block.references.count
        var grouping = try bindGroups(core.groupBy, items, scope)
        if core.groupsDistinctly {
            var seen: Set<Set<Int>> = []
            grouping.sets = grouping.sets.filter { seen.insert(Set($0)).inserted }
        }
        // What GROUP BY itself reads is grouped.
        scope.block.references.removeLast(scope.block.references.count - known)
        plan = try expandedGroups(plan, scope.block)
        var parts = SelectParts()
        // Only the topmost projection can still give a literal its type.
        var leavesUnknown = keepsUnknown && query.orderBy.isEmpty && query.limit == nil && query.offset == nil
        if case .none = core.distinct {} else { leavesUnknown = false }
        for item in items {
            let expression = try isResult ? shown(item, grouping, scope) : bound(item, BindContext(scope, .selectList))
            parts.items.append(
                (
                    named(item, expression),
                    leavesUnknown ? expression : try resolved(expression, at: item.syntax.position)
                ))
        }
        if let having = core.having {
            do throws(PlanningError) {
                parts.having = try condition(having, BindContext(scope, .having), of: "HAVING")
            } catch {
                throw Binder.explained(error, core.items)
            }
        }
        let orderBy = query.orderBy.flatMap { key -> [SortKey] in
            // A row is never NULL: its fields stand one after the other, NULLs as the greatest.
            guard case .row(let fields) = key.expression.kind, !fields.isEmpty else { return [key] }
            return fields.map { SortKey(expression: $0, descending: key.descending) }
        }
        try bindOrder(orderBy, &parts, scope)
        if case .on(let expressions) = core.distinct {
            for expression in Binder.fields(expressions) {
                parts.distinctOn.append(
                    try outputOrInput(expression, parts, scope, clause: .distinctOn, "DISTINCT ON").0)
            }
        }
        let block = scope.block
        if case .on = core.distinct, !block.expansions.isEmpty, !parts.orderBy.isEmpty {
            // PostgreSQL repeats the rows that are left, unless the order asks for the values.
            let ids = Set(block.expansions.map(\.column.id))
            guard parts.orderBy.contains(where: { !$0.key.expression.columnIDs.isDisjoint(with: ids) }) else {
                throw .unsupported("a set-returning function beside DISTINCT ON", at: core.position)
            }
        }
        try checkAggregates(core, block, tables)
        let isAggregated =
            !block.aggregates.isEmpty || !block.groupingCalls.isEmpty || !core.groupBy.isEmpty || core.having != nil
        if isAggregated {
            plan = try aggregated(plan, grouping, &parts, scope)
        }
        if !block.windows.isEmpty {
            var windows = block.windows
            for index in windows.indices { windows[index] = try attachAll(windows[index], to: &plan) }
            plan = .window(plan, windows)
        }
        plan = try expanded(plan, block)
        return try output(plan, parts, core, query, scope)
    }

    /// Of a column that is not there, but is what the select list calls something: why it is not known yet.
    private static func explained(_ error: PlanningError, _ items: [SelectItem]) -> PlanningError {
        for item in items {
            guard case .expression(_, let alias?) = item, error.missingColumn == alias else { continue }
            var explained = error
            explained.hint = "the select list names \"\(alias)\" afterwards: repeat its expression, or filter outside: select * from (…) as q where …"
            return explained
        }
        return error
    }

    /// The expressions with rows among them as their fields.
    private static func fields(_ expressions: [Expression]) -> [Expression] {
        expressions.flatMap { expression -> [Expression] in
            if case .row(let fields) = expression.kind, !fields.isEmpty { return Binder.fields(fields) }
            return [expression]
        }
    }

    private func bindNamedWindows(_ core: SelectCore, _ block: SelectBlock) throws(PlanningError) {
        for window in core.windows {
            guard block.namedWindows[window.name] == nil else {
                throw PlanningError("window \"\(window.name)\" is already defined", at: window.specification.position)
            }
            block.namedWindows[window.name] = try extended(window.specification, block)
        }
    }

    /// One item of the select list; stars are already columns.
    struct ListedItem {
        var name: String
        var alias: String?
        var syntax: Expression
        var bound: BoundExpression?
    }

    private func expandItems(_ items: [SelectItem], _ scope: Scope) throws(PlanningError) -> [ListedItem] {
        var listed: [ListedItem] = []
        for item in items {
            switch item {
            case .star(let qualifier, let excluded, let position):
                let columns = try starColumns(qualifier, at: position, scope)
                let left = try remaining(columns, without: excluded)
                for column in left {
                    noteReference(to: column.id, at: position)
                    guard scope.columnIDs.contains(column.id) else {
                        listed.append(
                            ListedItem(
                                name: column.name, syntax: Expression(.column([column.name]), position: position),
                                bound: .outerColumn(column.id, column.type)))
                        continue
                    }
                    let relation = scope.relations.first { $0.columns.contains { $0.id == column.id } }
                    let prefix = relation.map { $0.alias.isEmpty ? "" : $0.alias + "." } ?? ""
                    scope.block.references.append(
                        .init(id: column.id, displayName: prefix + column.name, position: position))
                    listed.append(
                        ListedItem(
                            name: column.name, syntax: Expression(.column([column.name]), position: position),
                            bound: .column(column.id, column.type)))
                }
            case .expression(let expression, let alias):
                listed.append(
                    ListedItem(
                        name: alias ?? ColumnNaming.defaultName(for: expression), alias: alias, syntax: expression))
            }
        }
        return listed
    }

    /// What `exclude` leaves of a star's columns. Names are those of the table, or the same in another case.
    private func remaining(_ columns: [ScopeColumn], without excluded: [ExcludedColumn]) throws(PlanningError) -> [ScopeColumn] {
        var left = columns
        for column in excluded {
            let isThere = columns.contains { $0.name == column.name }
            func isMeant(_ name: String) -> Bool { isThere ? name == column.name : name.lowercased() == column.name.lowercased() }
            guard columns.contains(where: { isMeant($0.name) }) else {
                throw unknownColumn(column.name, among: columns.map(\.name), at: column.position)
            }
            left.removeAll { isMeant($0.name) }
        }
        if left.isEmpty, let first = excluded.first {
            throw PlanningError("EXCLUDE leaves no column", at: first.position, hint: "leave one of them in")
        }
        return left
    }

    /// The item's name; a subquery that selects `*` goes by its column, which is known only now.
    private func named(_ item: ListedItem, _ expression: BoundExpression) -> String {
        guard item.alias == nil, item.name == "?column?", case .scalarSubquery = item.syntax.kind,
            case .subquery(let subquery) = expression
        else {
            return item.name
        }
        return subquery.plan.columns.first?.name ?? item.name
    }

    private func bound(_ item: ListedItem, _ context: BindContext) throws(PlanningError) -> BoundExpression {
        if let bound = item.bound { return bound }
        return try bind(item.syntax, context)
    }

    /// An item of the statement's own list: numbers beyond columns are shown.
    private func shown(_ item: ListedItem, _ grouping: Grouping, _ scope: Scope) throws(PlanningError) -> BoundExpression {
        var grouped: BoundExpression?
        let value = try shown(item.syntax) { () throws(PlanningError) in
            let value = try bound(item, BindContext(scope, .selectList))
            // Grouped by in several sets, a constant is NULL outside of its own.
            let isKey = grouping.expressions.contains { $0.withoutPositions == value.withoutPositions }
            if grouping.sets.count > 1, isKey { grouped = value }
            return value
        }
        return grouped ?? value
    }

    /// What GROUP BY says: the expressions, and for each grouping set the indexes of its own.
    struct Grouping {
        var expressions: [BoundExpression] = []
        var sets: [[Int]] = [[]]
        /// The select item that each expression was named by, if it was.
        var items: [Int?] = []
        /// Where an expression is grouped by again, under another item's name.
        var repetition: Int?
    }

    private func bindGroups(
        _ elements: [GroupingElement], _ items: [ListedItem], _ scope: Scope
    ) throws(PlanningError) -> Grouping {
        var grouping = Grouping()
        for element in elements {
            let alternatives = try sets(element, items, scope, &grouping)
            // Several elements: every combination.
            var crossed: [[Int]] = []
            for set in grouping.sets {
                for other in alternatives { crossed.append(set + other.filter { !set.contains($0) }) }
            }
            guard crossed.count <= 4096 else {
                throw PlanningError("too many grouping sets present (maximum 4096)", at: -1)
            }
            grouping.sets = crossed
        }
        if let repetition = grouping.repetition, grouping.sets.count > 1 {
            // Each name is a group of its own there, NULL outside of its sets.
            throw .unsupported("grouping by two names of one expression in several sets", at: repetition)
        }
        return grouping
    }

    private func sets(
        _ element: GroupingElement, _ items: [ListedItem], _ scope: Scope, _ grouping: inout Grouping
    ) throws(PlanningError) -> [[Int]] {
        func union(_ sets: [[Int]]) -> [Int] {
            var merged: [Int] = []
            for index in sets.flatMap({ $0 }) where !merged.contains(index) { merged.append(index) }
            return merged
        }
        switch element {
        case .empty: return [[]]
        case .expression(let expression) where expression.isStar: return [groupAll(items, scope, &grouping)]
        case .expression(let expression): return [[try group(expression, items, scope, &grouping)]]
        case .list(let expressions, _):
            var indexes: [Int] = []
            for expression in expressions { indexes.append(try group(expression, items, scope, &grouping)) }
            return [union([indexes])]
        case .rollup(let elements, _):
            var parts: [[Int]] = []
            for element in elements { parts.append(union(try sets(element, items, scope, &grouping))) }
            return (0...parts.count).reversed().map { union(Array(parts.prefix($0))) }
        case .cube(let elements, let position):
            var parts: [[Int]] = []
            for element in elements { parts.append(union(try sets(element, items, scope, &grouping))) }
            guard parts.count <= 12 else { throw PlanningError("CUBE is limited to 12 elements", at: position) }
            return (0..<(1 << parts.count)).reversed().map { mask in
                // The first element varies slowest, as in PostgreSQL.
                union(parts.indices.filter { mask & (1 << (parts.count - 1 - $0)) != 0 }.map { parts[$0] })
            }
        case .sets(let elements, _):
            var all: [[Int]] = []
            for element in elements { all += try sets(element, items, scope, &grouping) }
            return all
        }
    }

    private func group(
        _ expression: Expression, _ items: [ListedItem], _ scope: Scope, _ grouping: inout Grouping
    ) throws(PlanningError) -> Int {
        let context = BindContext(scope, .groupBy)
        var bound: BoundExpression
        var item: Int?
        if case .literal(let literal) = expression.kind {
            let index = try ordinal(literal, count: items.count, clause: "GROUP BY", at: expression.position)
            item = index
            bound = try self.bound(items[index], context)
        } else if case .column(let parts) = expression.kind, parts.count == 1,
            !scope.visible.contains(where: { $0.name == parts[0] }),
            let index = items.firstIndex(where: { $0.name == parts[0] })
        {
            // Input columns come first, then output names.
            item = index
            bound = try self.bound(items[index], context)
            let plain = bound.withoutPositions
            for other in items.indices where other != index && items[other].name == parts[0] {
                // An aggregate is none that could be grouped by; it is another meaning all the same.
                if let value = try? self.bound(items[other], context), value.withoutPositions == plain { continue }
                throw PlanningError("GROUP BY \"\(parts[0])\" is ambiguous", at: expression.position)
            }
        } else {
            bound = try bind(expression, context)
        }
        bound = try resolved(bound, at: expression.position)
        return keep(bound, item, at: expression.position, &grouping)
    }

    /// `group by all`: the items that have no aggregate and no window. What else is wrong with an item is said when it is bound for itself.
    private func groupAll(_ items: [ListedItem], _ scope: Scope, _ grouping: inout Grouping) -> [Int] {
        let context = BindContext(scope, .groupBy)
        var indexes: [Int] = []
        for (item, listed) in items.enumerated() {
            guard let bound = try? resolved(try self.bound(listed, context), at: listed.syntax.position) else { continue }
            let index = keep(bound, item, at: listed.syntax.position, &grouping)
            if !indexes.contains(index) { indexes.append(index) }
        }
        return indexes
    }

    /// - Returns: the expression's place among those that are grouped by.
    private func keep(_ bound: BoundExpression, _ item: Int?, at position: Int, _ grouping: inout Grouping) -> Int {
        let plain = bound.withoutPositions
        if let index = grouping.expressions.firstIndex(where: { $0.withoutPositions == plain }) {
            if let item, let known = grouping.items[index], known != item { grouping.repetition = position }
            return index
        }
        grouping.expressions.append(bound)
        grouping.items.append(item)
        return grouping.expressions.count - 1
    }

    private func bindOrder(_ keys: [SortKey], _ parts: inout SelectParts, _ scope: Scope) throws(PlanningError) {
        for key in keys {
            if key.expression.isStar {
                for item in parts.items.indices { parts.orderBy.append((sortKey(key, parts.items[item].expression), item)) }
                continue
            }
            let (expression, item) = try outputOrInput(key.expression, parts, scope, clause: .orderBy, "ORDER BY")
            parts.orderBy.append((sortKey(key, expression), item))
        }
    }

    /// What an ORDER BY or DISTINCT ON expression means: an ordinal, an output name, else an expression over the input.
    private func outputOrInput(
        _ expression: Expression, _ parts: SelectParts, _ scope: Scope, clause: Clause, _ name: String
    ) throws(PlanningError) -> (BoundExpression, Int?) {
        if case .literal(let literal) = expression.kind {
            let index = try ordinal(literal, count: parts.items.count, clause: name, at: expression.position)
            return (parts.items[index].expression, index)
        }
        if case .column(let names) = expression.kind, names.count == 1 {
            let matches = parts.items.indices.filter { parts.items[$0].name == names[0] }
            if let first = matches.first {
                let plain = parts.items[first].expression.withoutPositions
                guard matches.allSatisfy({ parts.items[$0].expression.withoutPositions == plain }) else {
                    throw PlanningError("\(name) \"\(names[0])\" is ambiguous", at: expression.position)
                }
                return (parts.items[first].expression, first)
            }
        }
        let bound = try resolved(try bind(expression, BindContext(scope, clause)), at: expression.position)
        let plain = bound.withoutPositions
        return (bound, parts.items.firstIndex { $0.expression.withoutPositions == plain })
    }

    /// The projection, DISTINCT, ORDER BY and LIMIT over what a SELECT computes.
    private func output(
        _ input: LogicalPlan, _ parts: SelectParts, _ core: SelectCore, _ query: Query, _ scope: Scope
    ) throws(PlanningError) -> BoundQuery {
        var plan = input
        var used: Set<ColumnID> = []
        var projected: [ProjectedColumn] = []
        func project(_ expression: BoundExpression, _ name: String) throws(PlanningError) -> PlanColumn {
            let value = try attach(expression, to: &plan)
            let column: PlanColumn
            if case .column(let id, let type) = value, used.insert(id).inserted {
                column = PlanColumn(id: id, name: name, type: type)
            } else {
                column = numbering.column(name, value.type)
            }
            projected.append(ProjectedColumn(column: column, expression: value))
            return column
        }
        var columns: [PlanColumn] = []
        for item in parts.items { columns.append(try project(item.expression, item.name)) }
        let isDistinct: Bool
        if case .all = core.distinct { isDistinct = true } else { isDistinct = false }
        var sortKeys: [PlanSortKey] = []
        for (index, entry) in parts.orderBy.enumerated() {
            var key = entry.key
            if let item = entry.item {
                key.expression = columns[item].reference.comparedArray
            } else {
                if isDistinct {
                    throw PlanningError(
                        "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
                        at: query.orderBy[min(index, query.orderBy.count - 1)].expression.position)
                }
                key.expression = try project(key.expression, "order").reference
            }
            sortKeys.append(key)
        }
        var distinctKeys: [BoundExpression] = []
        if case .on(let expressions) = core.distinct {
            distinctKeys = try distinctOnKeys(Binder.fields(expressions), parts, columns, sortKeys, projecting: project)
        }
        if !(core.from.isEmpty && projected.isEmpty) { plan = .project(plan, projected) }
        if isDistinct {
            plan = distinct(plan)
        }
        if !sortKeys.isEmpty { plan = .sort(plan, sortKeys) }
        if !distinctKeys.isEmpty { plan = .distinctOn(plan, keys: distinctKeys) }
        plan = try limited(plan, query, parent: scope.parent, tables: scope.tables)
        return BoundQuery(plan: plan, columns: columns)
    }

    /// Rows without repetitions.
    private func distinct(_ plan: LogicalPlan) -> LogicalPlan {
        let groups = plan.columns.map { ProjectedColumn(column: $0, expression: $0.reference) }
        if groups.isEmpty { return .limit(plan, limit: 1, offset: 0) }
        return .aggregate(AggregateNode(input: plan, groups: groups, aggregates: []))
    }

    private func distinctOnKeys(
        _ expressions: [Expression], _ parts: SelectParts, _ columns: [PlanColumn], _ sortKeys: [PlanSortKey],
        projecting: (BoundExpression, String) throws(PlanningError) -> PlanColumn
    ) throws(PlanningError) -> [BoundExpression] {
        var keys: [BoundExpression] = []
        for expression in parts.distinctOn {
            let plain = expression.withoutPositions
            let key: BoundExpression
            if let item = parts.items.firstIndex(where: { $0.expression.withoutPositions == plain }) {
                key = columns[item].reference.comparedArray
            } else if let order = parts.orderBy.firstIndex(where: { $0.key.expression.withoutPositions == plain }) {
                key = sortKeys[order].expression
            } else {
                key = try projecting(expression, "distinct").reference.comparedArray
            }
            keys.append(key)
        }
        for key in sortKeys.prefix(parts.distinctOn.count) where !keys.contains(key.expression) {
            throw PlanningError(
                "SELECT DISTINCT ON expressions must match initial ORDER BY expressions", at: expressions[0].position)
        }
        return keys
    }
}

extension Expression {
    /// Whether it stands for all of the select list, as a key of GROUP BY or ORDER BY.
    fileprivate var isStar: Bool {
        if case .star(let qualifier) = kind { return qualifier.isEmpty }
        return false
    }
}
