extension SyntaxPrinter {
    mutating func print(_ query: Query) {
        if !query.commonTables.isEmpty {
            write(query.isRecursive ? "with recursive " : "with ")
            separated(query.commonTables) { $0.print($1) }
            write(" ")
        }
        print(query.body)
        print(orderBy: query.orderBy)
        if let limit = query.limit, !query.hasTies {
            write(" limit ")
            print(operand: limit)
        }
        if let offset = query.offset {
            write(" offset ")
            print(operand: offset)
        }
        if let limit = query.limit, query.hasTies {
            write(" fetch first (")
            print(limit)
            write(") rows with ties")
        }
    }

    private mutating func print(_ table: CommonTable) {
        write(name: table.name)
        write(columns: table.columns)
        switch table.materialization {
        case .unspecified: write(" as (")
        case .always: write(" as materialized (")
        case .never: write(" as not materialized (")
        }
        print(table.query)
        write(")")
    }

    private mutating func print(_ body: QueryBody) {
        switch body {
        case .select(let core): print(core)
        case .values(let rows):
            write("values ")
            separated(rows) { printer, row in
                printer.write("(")
                printer.print(list: row)
                printer.write(")")
            }
        case .setOperation(let operation):
            print(leftOf: operation)
            switch operation.kind {
            case .union: write("union")
            case .intersect: write("intersect")
            case .except: write("except")
            }
            write(operation.all ? " all (" : " (")
            print(operation.right)
            write(")")
        }
    }

    /// Set operations associate to the left, so a chain of one kind needs no parentheses.
    private mutating func print(leftOf operation: SetOperation) {
        let left = operation.left
        let isBare = left.commonTables.isEmpty && left.orderBy.isEmpty && left.limit == nil && left.offset == nil
        if isBare, case .setOperation(let inner) = left.body, inner.kind == operation.kind {
            print(left.body)
            return write(" ")
        }
        write("(")
        print(left)
        write(") ")
    }

    /// Writes ` order by …` if there are keys.
    mutating func print(orderBy keys: [SortKey], prefix: String = " order by ") {
        if keys.isEmpty { return }
        write(prefix)
        separated(keys) { printer, key in
            printer.print(key: key.expression)
            if key.descending { printer.write(" desc") }
            if let nullsFirst = key.nullsFirst { printer.write(nullsFirst ? " nulls first" : " nulls last") }
        }
    }
}

// MARK: - SELECT

extension SyntaxPrinter {
    private mutating func print(_ core: SelectCore) {
        write("select")
        switch core.distinct {
        case .none: break
        case .all: write(" distinct")
        case .on(let expressions):
            write(" distinct on (")
            print(list: expressions)
            write(")")
        }
        if !core.items.isEmpty { write(" ") }
        separated(core.items) { $0.print($1) }
        if !core.from.isEmpty {
            write(" from ")
            separated(core.from) { $0.print($1) }
        }
        if let condition = core.where {
            write(" where ")
            print(condition)
        }
        if !core.groupBy.isEmpty {
            write(core.groupsDistinctly ? " group by distinct " : " group by ")
            separated(core.groupBy) { $0.print($1) }
        }
        if let condition = core.having {
            write(" having ")
            print(condition)
        }
        if !core.windows.isEmpty {
            write(" window ")
            separated(core.windows) { printer, window in
                printer.write(name: window.name)
                printer.write(" as ")
                printer.print(window.specification)
            }
        }
    }

    private mutating func print(_ item: SelectItem) {
        switch item {
        case .star(let qualifier, let excluded, _):
            write(star: qualifier)
            if excluded.isEmpty { break }
            write(" exclude (")
            separated(excluded) { printer, column in printer.write(name: column.name) }
            write(")")
        case .expression(let expression, let alias):
            print(expression)
            guard let alias else { return }
            write(" as ")
            write(name: alias)
        }
    }

    mutating func write(star qualifier: [String]) {
        write(qualifier.isEmpty ? "*" : Identifier.quoted(qualifier) + ".*")
    }

    /// A key of GROUP BY or ORDER BY.
    private mutating func print(key: Expression) {
        if case .star(let qualifier) = key.kind, qualifier.isEmpty { write("all") } else { print(operand: key) }
    }

    private mutating func print(_ element: GroupingElement) {
        switch element {
        case .expression(let expression): print(key: expression)
        case .empty: write("()")
        case .list(let expressions, _):
            write("(")
            print(list: expressions)
            write(")")
        case .rollup(let elements, _): print(elements, of: "rollup")
        case .cube(let elements, _): print(elements, of: "cube")
        case .sets(let elements, _): print(elements, of: "grouping sets")
        }
    }

    private mutating func print(_ elements: [GroupingElement], of keyword: String) {
        write(keyword + " (")
        separated(elements) { $0.print($1) }
        write(")")
    }
}

// MARK: - FROM

extension SyntaxPrinter {
    private mutating func print(_ reference: TableReference) {
        switch reference {
        case .table(let table):
            print(table.name)
            print(table.alias)
            if let sample = table.sample {
                write(" tablesample \(sample.method.rawValue) (")
                print(sample.percentage)
                write(")")
                if let seed = sample.seed {
                    write(" repeatable (")
                    print(seed)
                    write(")")
                }
            }
        case .subquery(let subquery):
            write(subquery.isLateral ? "lateral (" : "(")
            print(subquery.query)
            write(")")
            print(subquery.alias)
        case .function(let function):
            if function.isLateral { write("lateral ") }
            if !function.others.isEmpty { write("rows from (") }
            print(function.call)
            for call in function.others {
                write(", ")
                print(call)
            }
            if !function.others.isEmpty { write(")") }
            if function.withOrdinality { write(" with ordinality") }
            print(function.alias)
        case .join(let join):
            if join.alias != nil { write("(") }
            print(join)
            if join.alias != nil { write(")") }
            print(join.alias)
        }
    }

    private mutating func print(_ alias: TableAlias?) {
        guard let alias else { return }
        write(" as ")
        write(name: alias.name)
        write(columns: alias.columns)
    }

    private mutating func print(_ join: Join) {
        print(join.left)
        if case .natural = join.condition { write(" natural") }
        switch join.kind {
        case .inner: write(" join ")
        case .left: write(" left join ")
        case .right: write(" right join ")
        case .full: write(" full join ")
        case .cross: write(" cross join ")
        }
        if case .join(let right) = join.right, right.alias == nil {
            write("(")
            print(right)
            write(")")
        } else {
            print(join.right)
        }
        switch join.condition {
        case .none, .natural: break
        case .on(let condition):
            write(" on ")
            print(condition)
        case .using(let columns, let alias):
            write(" using")
            write(columns: columns)
            guard let alias else { return }
            write(" as ")
            write(name: alias)
        }
    }
}
