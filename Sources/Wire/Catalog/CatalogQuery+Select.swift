import SQL

/// SELECT: sources, conditions, groups, output.
extension CatalogQuery {
    func select(_ core: SelectCore, _ orderBy: [SortKey], _ outer: CatalogFrame) throws -> CatalogRelation {
        let frame = CatalogFrame(parent: outer)
        var rows = try from(core, frame)
        let outputs = try outputs(of: core, frame)
        let columns = outputs.map { WireColumn(name: $0.name, type: type(of: $0.expression, frame)) }
        let isGrouped = !core.groupBy.isEmpty || core.having != nil || outputs.contains { hasAggregate($0.expression) }
        var groups: [[CatalogFrame.Row]]?
        if isGrouped {
            let formed = try self.groups(rows, core, outputs, frame)
            groups = formed
            rows = formed.map { $0.first ?? frame.sources.map { $0.columns.map { _ in .null } } }
        }
        var finished: [(row: [CatalogValue], keys: [CatalogValue])] = []
        for (index, row) in rows.enumerated() {
            frame.row = row
            frame.group = groups?[index]
            frame.window = (rows, index)
            if let having = core.having, try value(having, frame).boolean != true { continue }
            try budget.make(rows: 1, width: outputs.count + orderBy.count)
            let output = try outputs.map { try value($0.expression, frame) }
            let keys = try orderBy.map { try sortValue($0, output: output, names: columns.map(\.name), frame) }
            finished.append((output, keys))
        }
        if case .on(let expressions) = core.distinct, !expressions.isEmpty {
            throw WireError(.notSupported, "DISTINCT ON is not supported in a query of the catalogs")
        }
        var relation = CatalogRelation(
            columns: columns, rows: orderBy.isEmpty ? finished.map(\.row) : try sorted(finished, orderBy))
        if case .all = core.distinct { relation.rows = try distinct(relation.rows) }
        return relation
    }

    private func outputs(of core: SelectCore, _ frame: CatalogFrame) throws -> [(name: String, expression: Expression)] {
        try core.items.flatMap { item -> [(name: String, expression: Expression)] in
            switch item {
            case .expression(let expression, let alias): return [(alias ?? name(of: expression), expression)]
            case .star(let qualifier, let excluded, _):
                let left = Set(excluded.map(\.name))
                try budget.make(bytes: 256 * frame.sources.reduce(0) { $0 + $1.columns.count })
                return frame.sources.filter { qualifier.isEmpty || $0.alias == qualifier.last }.flatMap { source in
                    source.columns.filter { !left.contains($0.name) }.map { ($0.name, Expression(.column([source.alias, $0.name]))) }
                }
            }
        }
    }

    /// A cast's name is that of what is cast, asked for once: casts may stand in each other.
    private static func named(_ name: String, else typeName: String) -> String { name == "?column?" ? typeName : name }

    /// PostgreSQL's name for a column that was given none.
    private func name(of expression: Expression) -> String {
        switch expression.kind {
        case .column(let parts): parts.last ?? "?column?"
        case .function(let call): call.name.last ?? "?column?"
        case .cast(let operand, let type):
            if case .literal = operand.kind { type.name } else { CatalogQuery.named(name(of: operand), else: type.name) }
        case .field(_, let name): name
        case .caseWhen: "case"
        case .coalesce: "coalesce"
        case .arraySubquery, .array: "array"
        case .exists: "exists"
        case .collate(let operand, _), .element(let operand, _): name(of: operand)
        case .scalarSubquery(let query):
            if case .select(let core) = query.body, case .expression(let inner, let alias)? = core.items.first {
                alias ?? name(of: inner)
            } else { "?column?" }
        case .currentValue(let value): CatalogFunctions.name(of: value)
        default: "?column?"
        }
    }

    /// The rows of FROM that satisfy WHERE. Conditions are looked at as soon as their columns are there.
    private func from(_ core: SelectCore, _ frame: CatalogFrame) throws -> [CatalogFrame.Row] {
        var conditions = (core.where.map(conjuncts) ?? []).map { (expression: $0, columns: CatalogSyntax.columns(of: $0)) }
        var rows: [CatalogFrame.Row] = [[]]
        for (index, reference) in core.from.enumerated() {
            var next: [CatalogFrame.Row] = []
            let sources = frame.sources
            let isLateral = isLateral(reference)
            var whole: CatalogRows?
            if rows.isEmpty { whole = try self.rows(of: reference, shape(frame, sources)) }
            for row in rows {
                frame.sources = sources
                frame.row = row
                let part: CatalogRows
                if let known = whole, !isLateral {
                    part = known
                } else {
                    part = try self.rows(of: reference, frame)
                    whole = part
                }
                try budget.make(rows: part.rows.count, width: row.count + part.sources.count, held: next.count)
                next += part.rows.map { row + $0 }
            }
            frame.sources = sources + (whole?.sources ?? [])
            let isLast = index == core.from.count - 1
            var ready: [Expression] = []
            var waiting: [(expression: Expression, columns: [[String]]?)] = []
            for condition in conditions {
                if try isLast || isAnswerable(condition.columns, by: frame) {
                    ready.append(condition.expression)
                } else {
                    waiting.append(condition)
                }
            }
            conditions = waiting
            rows = try next.filter { row in
                frame.row = row
                return try ready.allSatisfy { try value($0, frame).boolean == true }
            }
        }
        if core.from.isEmpty {
            frame.row = []
            return try conditions.allSatisfy { try value($0.expression, frame).boolean == true } ? [[]] : []
        }
        return rows
    }

    /// A frame whose row is all NULL, to learn the columns of a source when there are no rows before it.
    private func shape(_ frame: CatalogFrame, _ sources: [CatalogFrame.Source]) -> CatalogFrame {
        let copy = CatalogFrame(sources: sources, parent: frame.parent)
        copy.row = sources.map { $0.columns.map { _ in .null } }
        return copy
    }

    private func conjuncts(_ expression: Expression) -> [Expression] {
        if case .and(let items) = expression.kind { return items.flatMap(conjuncts) }
        return [expression]
    }

    /// - Parameter columns: Those an expression names; nil for one that may name any.
    private func isAnswerable(_ columns: [[String]]?, by frame: CatalogFrame) throws -> Bool {
        guard let columns else { return false }
        try budget.step(1 + columns.count * frame.sources.count)
        return columns.allSatisfy { parts in
            guard let place = frame.place(of: parts) else { return false }
            // A column of the query around might be hidden by one of a source yet to come.
            return place.frame === frame
        }
    }

    private func hasAggregate(_ expression: Expression) -> Bool {
        CatalogSyntax.calls(in: expression).contains { $0.over == nil && CatalogFunctions.aggregates.contains($0.name.last ?? "") }
    }

    private func groups(
        _ rows: [CatalogFrame.Row], _ core: SelectCore, _ outputs: [(name: String, expression: Expression)],
        _ frame: CatalogFrame
    ) throws -> [[CatalogFrame.Row]] {
        if core.groupBy.isEmpty { return [rows] }
        let keys = try core.groupBy.map { element -> Expression in
            guard case .expression(let expression) = element else {
                throw WireError(.notSupported, "grouping sets are not supported in a query of the catalogs")
            }
            if case .literal(.integer(let ordinal)) = expression.kind,
                let output = CatalogFunctions.item(Int64(ordinal), of: outputs)
            {
                return output.expression
            }
            if case .column(let parts) = expression.kind, parts.count == 1, frame.place(of: parts) == nil,
                let output = outputs.first(where: { $0.name == parts[0] })
            {
                return output.expression
            }
            return expression
        }
        var order: [[CatalogValue]] = []
        var groups: [[CatalogValue]: [CatalogFrame.Row]] = [:]
        for row in rows {
            frame.row = row
            let key = try keys.map { try value($0, frame) }
            for value in key { try budget.look(value) }
            try budget.make(rows: 1, width: key.count + 1)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(row)
        }
        return order.compactMap { groups[$0] }
    }
}
