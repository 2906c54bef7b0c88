import SQL

/// Casts, functions, aggregates and window functions.
extension CatalogQuery {
    func cast(_ operand: Expression, _ type: TypeName, _ frame: CatalogFrame) throws -> CatalogValue {
        // `'claims'::regclass::text` is the name again.
        if case .cast(let inner, let middle) = operand.kind, type.name == "text", middle.name.hasPrefix("reg") {
            let found = try value(operand, frame)
            if case .named(_, let name) = found { return .text(name) }
            return found.integer != nil ? try value(inner, frame) : found
        }
        let found = try value(operand, frame)
        if found.isNull { return .null }
        try budget.look(found)
        if type.isArray { return try budget.made(CatalogFunctions.items(found).map { .array($0) } ?? found) }
        switch type.name {
        case "regclass", "regtype", "regnamespace", "regrole", "regproc", "regprocedure":
            return try CatalogFunctions.registered(found, type.name, contents)
        case "int2", "int4", "int8", "oid", "xid":
            guard let number = found.integer else {
                throw WireError(.invalidText, "invalid input syntax for type \(type.name): \"\(found.text ?? "")\"")
            }
            return .integer(number)
        case "bool": return found.boolean.map { .boolean($0) } ?? .null
        case "char": return .text(String((found.text ?? "").prefix(1)))
        default:
            if case .text = found { return found }
            return try budget.made(found.text.map { .text($0) } ?? .null)
        }
    }

    func call(_ call: FunctionCall, _ frame: CatalogFrame) throws -> CatalogValue {
        let name = call.name.last ?? ""
        if call.over != nil { return try windowValue(call, name, frame) }
        if CatalogFunctions.aggregates.contains(name) { return try aggregate(call, name, frame) }
        if name == "row_to_json" || name == "to_json", let row = try wholeRow(call, frame) { return row }
        return try CatalogFunctions.call(name, call.arguments.map { try value($0.value, frame) }, contents, budget)
    }

    /// `row_to_json(t)` for a relation in FROM: an object of its columns; nil if the argument is something else.
    private func wholeRow(_ call: FunctionCall, _ frame: CatalogFrame) throws -> CatalogValue? {
        guard case .column(let parts)? = call.arguments.first?.value.kind, parts.count == 1, frame.place(of: parts) == nil,
            let place = frame.wholeSource(parts[0]), place.source < place.frame.row.count
        else { return nil }
        let names = place.frame.sources[place.source].columns.map(\.name)
        let row = place.frame.row[place.source]
        try budget.admit(valueOfBytes: zip(names, row).reduce(2) { $0 + 6 + $1.0.utf8.count + 2 * $1.1.byteCount })
        let members = zip(names, row).map { CatalogValue.text($0).json + ":" + $1.json }
        return try budget.made(.text("{" + members.joined(separator: ",") + "}"))
    }

    private func aggregate(_ call: FunctionCall, _ name: String, _ frame: CatalogFrame) throws -> CatalogValue {
        guard let group = frame.group else { throw WireError(.grouping, "aggregate \(name) is not allowed here") }
        let row = frame.row
        defer { (frame.row, frame.group) = (row, group) }
        frame.group = nil
        var items: [(row: [CatalogValue], keys: [CatalogValue])] = []
        for member in group {
            frame.row = member
            if let filter = call.filter, try value(filter, frame).boolean != true { continue }
            let arguments = try call.arguments.map { try value($0.value, frame) }
            try budget.make(rows: 1, width: arguments.count + call.orderBy.count)
            items.append((arguments, try call.orderBy.map { try value($0.expression, frame) }))
        }
        var rows = call.orderBy.isEmpty ? items.map(\.row) : try sorted(items, call.orderBy)
        if call.isStar { return .integer(Int64(rows.count)) }
        if name != "array_agg" { rows = rows.filter { !($0.first ?? .null).isNull } }
        if call.isDistinct { rows = try distinct(rows) }
        return try CatalogFunctions.aggregate(name, rows, budget)
    }

    /// Ranks over partitions, computed once for all rows of a query.
    private func windowValue(_ call: FunctionCall, _ name: String, _ frame: CatalogFrame) throws -> CatalogValue {
        guard let (rows, index) = frame.window, case .specification(let window)? = call.over, window.frame == nil,
            ["row_number", "rank", "dense_rank", "count"].contains(name)
        else { throw WireError(.notSupported, "window function \(name) is not supported in a query of the catalogs") }
        if let known = frame.windowValues[call.position] { return known[index] }
        let row = frame.row
        defer { frame.row = row }
        var members: [[CatalogValue]: [(index: Int, keys: [CatalogValue])]] = [:]
        for (index, row) in rows.enumerated() {
            frame.row = row
            let partition = try window.partitionBy.map { try value($0, frame) }
            for value in partition { try budget.look(value) }
            try budget.make(rows: 1, width: partition.count + window.orderBy.count + 1)
            members[partition, default: []].append((index, try window.orderBy.map { try value($0.expression, frame) }))
        }
        var values = [CatalogValue](repeating: .null, count: rows.count)
        for partition in members.values {
            var rank = (plain: 0, dense: 0)
            var before: [CatalogValue]?
            for (place, member) in try order(of: partition.map(\.keys), window.orderBy).enumerated() {
                let (index, keys) = partition[member]
                for key in keys { try budget.look(key) }
                if keys != before { rank = (place + 1, rank.dense + 1) }
                before = keys
                let number =
                    switch name {
                    case "row_number": place + 1
                    case "rank": rank.plain
                    case "dense_rank": rank.dense
                    default: partition.count
                    }
                values[index] = .integer(Int64(number))
            }
        }
        frame.windowValues[call.position] = values
        return values[index]
    }
}
