import SQL

/// Runs queries of the catalogs, row by row: they are small, and clients ask them in more of PostgreSQL's language than the
/// engine speaks (regular expressions, arrays, `regclass`, correlated subqueries anywhere).
///
/// What it does not know it refuses by name.
struct CatalogQuery {
    let contents: CatalogContents
    /// Values of `$1` and so on.
    let parameters: [CatalogValue]
    let budget: CatalogBudget
    /// Relations that have been filled, so that a subquery finds them as they are.
    let filled = CatalogTables()

    /// All rows of a query.
    func run(_ query: Query) throws -> CatalogRelation { try run(query, outer: nil) }

    func run(_ query: Query, outer: CatalogFrame?) throws -> CatalogRelation {
        try budget.step()
        let outer = CatalogFrame(parent: outer)
        for table in query.commonTables {
            var relation = try run(table.query, outer: outer)
            rename(&relation, table.columns)
            outer.tables[table.name] = relation
        }
        var relation: CatalogRelation
        switch query.body {
        case .select(let core): relation = try select(core, query.orderBy, outer)
        case .setOperation(let operation):
            relation = try combined(operation, outer)
            try sort(&relation, query.orderBy)
        case .values(let rows):
            let frame = CatalogFrame(parent: outer)
            let types = rows.first?.map { type(of: $0, frame) } ?? []
            try budget.make(rows: rows.count, width: types.count)
            guard rows.allSatisfy({ $0.count == types.count }) else {
                throw WireError(.syntax, "VALUES lists must all be the same length")
            }
            relation = CatalogRelation(
                columns: types.enumerated().map { WireColumn(name: "column\($0 + 1)", type: $1) },
                rows: try rows.map { try $0.map { try value($0, frame) } })
            try sort(&relation, query.orderBy)
        }
        return try limited(relation, query, outer)
    }

    private func limited(_ relation: CatalogRelation, _ query: Query, _ outer: CatalogFrame) throws -> CatalogRelation {
        var relation = relation
        if let offset = try query.offset.map({ try value($0, outer) })?.integer {
            relation.rows = Array(relation.rows.dropFirst(Int(clamping: max(0, offset))))
        }
        if let limit = try query.limit.map({ try value($0, outer) })?.integer {
            relation.rows = Array(relation.rows.prefix(Int(clamping: max(0, limit))))
        }
        return relation
    }

    func rename(_ relation: inout CatalogRelation, _ names: [String]) {
        for (index, name) in names.enumerated() where index < relation.columns.count { relation.columns[index].name = name }
    }

    private func combined(_ operation: SetOperation, _ outer: CatalogFrame) throws -> CatalogRelation {
        var left = try run(operation.left, outer: outer)
        let right = try run(operation.right, outer: outer)
        guard left.columns.count == right.columns.count else {
            throw WireError(.syntax, "each query of a set operation must have the same number of columns")
        }
        // A column of untyped literals takes the type of the other side.
        for index in left.columns.indices where left.columns[index].type == .text { left.columns[index].type = right.columns[index].type }
        switch operation.kind {
        case .union:
            try budget.make(rows: right.rows.count, width: 0, held: left.rows.count)
            left.rows += right.rows
        case .intersect, .except:
            let known = Set(try looked(right.rows))
            left.rows = try looked(left.rows).filter { known.contains($0) == (operation.kind == .intersect) }
        }
        if !operation.all { left.rows = try distinct(left.rows) }
        return left
    }

    /// Rows that are about to be hashed.
    private func looked(_ rows: [[CatalogValue]]) throws -> [[CatalogValue]] {
        for row in rows {
            try budget.make(bytes: 64)
            for value in row { try budget.look(value) }
        }
        return rows
    }

    func distinct(_ rows: [[CatalogValue]]) throws -> [[CatalogValue]] {
        var seen: Set<[CatalogValue]> = []
        return try looked(rows).filter { seen.insert($0).inserted }
    }

    /// Sorts finished rows by names and ordinals.
    private func sort(_ relation: inout CatalogRelation, _ keys: [SortKey]) throws {
        guard !keys.isEmpty else { return }
        let frame = CatalogFrame(sources: [.init(alias: "", columns: relation.columns)], parent: nil)
        var rows: [(row: [CatalogValue], keys: [CatalogValue])] = []
        try budget.make(rows: relation.rows.count, width: keys.count)
        for row in relation.rows {
            frame.row = [row]
            rows.append((row, try keys.map { try sortValue($0, output: row, names: relation.columns.map(\.name), frame) }))
        }
        relation.rows = try sorted(rows, keys)
    }

    /// The value of one key of ORDER BY for a row: an ordinal, an output name, else an expression.
    func sortValue(_ key: SortKey, output: [CatalogValue], names: [String], _ frame: CatalogFrame) throws -> CatalogValue {
        switch key.expression.kind {
        case .literal(.integer(let ordinal)):
            guard (1...Int64(max(1, output.count))).contains(ordinal), !output.isEmpty else {
                throw WireError(.syntax, "ORDER BY position \(ordinal) is not in select list")
            }
            return output[Int(ordinal) - 1]
        case .column(let parts) where parts.count == 1:
            try budget.step(names.count / 8)
            if let index = names.firstIndex(of: parts[0]) { return output[index] }
            return try value(key.expression, frame)
        default: return try value(key.expression, frame)
        }
    }

    func sorted(_ rows: [(row: [CatalogValue], keys: [CatalogValue])], _ keys: [SortKey]) throws -> [[CatalogValue]] {
        try order(of: rows.map(\.keys), keys).map { rows[$0].row }
    }

    /// The places of rows in the order of their keys; what is equal stays as it was.
    func order(of rows: [[CatalogValue]], _ keys: [SortKey]) throws -> [Int] {
        try rows.indices.sorted { a, b in
            for (index, key) in keys.enumerated() {
                let order = try compare(rows[a][index], rows[b][index], key)
                if order != 0 { return order < 0 }
            }
            return a < b
        }
    }

    private func compare(_ left: CatalogValue, _ right: CatalogValue, _ key: SortKey) throws -> Int {
        if left.isNull || right.isNull {
            if left.isNull && right.isNull { return 0 }
            return left.isNull == (key.nullsFirst ?? key.descending) ? -1 : 1
        }
        let order = try budget.order(left, right) ?? 0
        return key.descending ? -order : order
    }
}
