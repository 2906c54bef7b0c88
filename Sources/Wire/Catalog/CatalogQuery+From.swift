import Engine
import SQL

/// Rows of one item of FROM, with the sources they are made of.
struct CatalogRows {
    var sources: [CatalogFrame.Source]
    var rows: [CatalogFrame.Row]
}

/// What stands in FROM.
extension CatalogQuery {
    func rows(of reference: TableReference, _ frame: CatalogFrame) throws -> CatalogRows {
        switch reference {
        case .table(let table): return try rows(of: table, frame)
        case .subquery(let subquery):
            var relation = try run(subquery.query, outer: frame)
            rename(&relation, subquery.alias?.columns ?? [])
            return try single(relation, subquery.alias?.name ?? "")
        case .function(let function): return try rows(of: function, frame)
        case .join(let join): return try rows(of: join, frame)
        }
    }

    private func single(_ relation: CatalogRelation, _ alias: String) throws -> CatalogRows {
        try budget.make(rows: relation.rows.count, width: 1)
        return CatalogRows(sources: [.init(alias: alias, columns: relation.columns)], rows: relation.rows.map { [$0] })
    }

    private func rows(of table: NamedTable, _ frame: CatalogFrame) throws -> CatalogRows {
        let name = table.name
        if let database = name.database, database != contents.identity.database {
            throw WireError(.notSupported, "cross-database references are not implemented: \(database).\(name.schema ?? "").\(name.name)")
        }
        let common = name.schema == nil ? frame.table(name.name) : nil
        guard var relation = common ?? filled.table(schema: name.schema, name: name.name, of: contents) else {
            let isStored = contents.relations.contains { $0.summary.name == name.name }
            let shown = name.schema.map { $0 + "." + name.name } ?? name.name
            if isStored, name.schema == nil || name.schema == "public" {
                throw WireError(
                    .notSupported, "stored rows and catalogs in one query are not supported",
                    hint: "ask \"\(name.name)\" in a query of its own")
            }
            throw WireError(.unknownRelation, "relation \"\(shown)\" does not exist")
        }
        rename(&relation, table.alias?.columns ?? [])
        return try single(relation, table.alias?.name ?? name.name)
    }

    private func rows(of function: FunctionTable, _ frame: CatalogFrame) throws -> CatalogRows {
        let name = function.call.name.last ?? ""
        guard function.others.isEmpty else {
            throw WireError(.notSupported, "ROWS FROM in a query of the catalogs is not supported")
        }
        let arguments = try function.call.arguments.map { try value($0.value, frame) }
        for argument in arguments { try budget.look(argument) }
        var relation = try CatalogFunctions.table(name, arguments, contents)
        if relation == nil {
            let result = try CatalogFunctions.call(name, arguments, contents, budget)
            relation = CatalogRelation(
                columns: [WireColumn(name: name, type: CatalogFunctions.type(of: name, []))], rows: [[result]])
        }
        guard var relation else { throw CatalogFunctions.unknown(name) }
        if function.withOrdinality {
            relation.columns.append(WireColumn(name: "ordinality", type: .bigint))
            for index in relation.rows.indices { relation.rows[index].append(.integer(Int64(index + 1))) }
        }
        // A function of one column gives it its alias.
        if let alias = function.alias, relation.columns.count == 1 { relation.columns[0].name = alias.name }
        rename(&relation, function.alias?.columns ?? [])
        return try single(relation, function.alias?.name ?? name)
    }

    func isLateral(_ reference: TableReference) -> Bool {
        switch reference {
        case .table: false
        case .subquery(let subquery): subquery.isLateral
        case .function: true
        case .join(let join): isLateral(join.left) || isLateral(join.right)
        }
    }

    private func rows(of join: Join, _ frame: CatalogFrame) throws -> CatalogRows {
        let left = try rows(of: join.left, frame)
        let (sources, row) = (frame.sources, frame.row)
        defer { (frame.sources, frame.row) = (sources, row) }
        let isLateral = isLateral(join.right)
        if isLateral, join.kind == .right || join.kind == .full {
            throw WireError(.notSupported, "a right or full join with a function is not supported in a query of the catalogs")
        }
        frame.sources = sources + left.sources
        frame.row = row + left.sources.map { $0.columns.map { _ in .null } }
        var right = try rows(of: join.right, frame)
        let condition = condition(of: join, left, right)
        let both = left.sources + right.sources
        var result: [CatalogFrame.Row] = []
        var matched = [Bool](repeating: false, count: right.rows.count)
        for leftRow in left.rows {
            if isLateral {
                (frame.sources, frame.row) = (sources + left.sources, row + leftRow)
                right = try rows(of: join.right, frame)
            }
            frame.sources = sources + both
            var found = false
            try budget.step(right.rows.count)
            for (index, rightRow) in right.rows.enumerated() {
                frame.row = row + leftRow + rightRow
                if let condition, try value(condition, frame).boolean != true { continue }
                try budget.make(rows: 1, width: both.count, held: result.count)
                found = true
                if !isLateral { matched[index] = true }
                result.append(leftRow + rightRow)
            }
            try budget.make(rows: 1, width: both.count, held: result.count)
            if !found, join.kind == .left || join.kind == .full {
                result.append(leftRow + right.sources.map { $0.columns.map { _ in .null } })
            }
        }
        if join.kind == .right || join.kind == .full {
            try budget.make(rows: right.rows.count, width: both.count, held: result.count)
            let nulls = left.sources.map { $0.columns.map { _ in CatalogValue.null } }
            for (index, rightRow) in right.rows.enumerated() where !matched[index] { result.append(nulls + rightRow) }
        }
        if let alias = join.alias {
            let columns = both.flatMap(\.columns)
            try budget.make(rows: result.count, width: columns.count)
            var whole = CatalogRelation(columns: columns, rows: result.map { $0.flatMap { $0 } })
            rename(&whole, alias.columns)
            return try single(whole, alias.name)
        }
        return CatalogRows(sources: both, rows: result)
    }

    private func condition(of join: Join, _ left: CatalogRows, _ right: CatalogRows) -> Expression? {
        func equality(_ name: String) -> Expression {
            func alias(_ rows: CatalogRows) -> String {
                rows.sources.first { $0.columns.contains { $0.name == name } }?.alias ?? ""
            }
            return Expression(
                .binary("=", Expression(.column([alias(left), name])), Expression(.column([alias(right), name]))))
        }
        switch join.condition {
        case .none: return nil
        case .on(let expression): return expression
        case .using(let names, _): return Expression(.and(names.map(equality)))
        case .natural:
            let names = left.sources.flatMap(\.columns).map(\.name)
            let shared = right.sources.flatMap(\.columns).map(\.name).filter { names.contains($0) }
            return shared.isEmpty ? nil : Expression(.and(shared.map(equality)))
        }
    }
}
