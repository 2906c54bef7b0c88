import Columns
import Diagnostics
import Planning
import SQL
import Storage

/// Statements that change what a store holds; each is a commit of its own.
extension Database {
    /// `create [or replace] view`. The text is kept, so that a star means the columns of the moment it is read.
    func create(_ view: CreateView, text: String) throws -> String {
        let name = try Database.plainName(view.name, text: text)
        let catalog = try catalog()
        try refuseBuiltIn(view.name, text: text)
        if catalog.table(named: name) != nil {
            throw Database.failure(
                view.orReplace ? "\"\(name)\" is not a view" : "relation \"\(name)\" already exists", at: view.name, text)
        }
        let existing = catalog.view(named: name)
        if existing != nil, !view.orReplace {
            throw Database.failure(
                "relation \"\(name)\" already exists", at: view.name, text, mend: "write `create or replace view`")
        }
        let columns = try Database.renamed(
            try plan(view.query, text: text).columns, view.columns, at: view.name, text: text, of: "view")
        try Database.refuseRepeatedNames(columns.map(\.name), at: view.name, text: text)
        if existing != nil { try checkReplacement(of: name, with: columns, at: view.name, text: text) }
        let definition = Database.definition(view)
        var changed = catalog
        changed.addedViews[name] = definition
        // Its own text must be readable, and it must not read itself.
        _ = try plan(Database.query(of: .table(view.name)), text: text, catalog: changed)
        try change { transaction in try transaction.setView(name, sql: definition) }
        return "CREATE VIEW"
    }

    private static func definition(_ view: CreateView) -> String {
        let text = SyntaxPrinter.text(of: view.query)
        if view.columns.isEmpty { return text }
        let names = view.columns.map { Identifier.quoted($0) }.joined(separator: ", ")
        return "select * from (\(text)) as \(Identifier.quoted(view.name.name))(\(names))"
    }

    /// As in PostgreSQL, a view that is replaced keeps its columns; new ones come behind them.
    private func checkReplacement(
        of name: String, with columns: [PlanColumn], at place: QualifiedName, text: String
    ) throws {
        // A view that can no longer be read may be replaced by anything.
        guard let old = try? plan(Database.query(of: .table(place)), text: text).columns else { return }
        let mend = "drop the view first"
        guard columns.count >= old.count else {
            throw Database.failure("cannot drop columns from view", at: place, text, mend: mend)
        }
        for (before, after) in zip(old, columns) {
            if before.name != after.name {
                throw Database.failure(
                    "cannot change name of view column \"\(before.name)\" to \"\(after.name)\"", at: place, text,
                    mend: mend)
            }
            if before.type != after.type {
                throw Database.failure(
                    "cannot change data type of view column \"\(before.name)\" from \(before.type.name) to \(after.type.name)",
                    at: place, text, mend: mend)
            }
        }
    }

    /// `create table [if not exists] … as`: the rows of a query, stored.
    func create(_ table: CreateTableAs, text: String) throws -> String {
        let name = try Database.plainName(table.name, text: text)
        let catalog = try catalog()
        if catalog.table(named: name) != nil || catalog.view(named: name) != nil {
            if table.ifNotExists { return "relation \"\(name)\" already exists, skipping" }
            throw Database.failure(
                "relation \"\(name)\" already exists", at: table.name, text,
                mend: options.knownTables[name] != nil ? "load it with `fundwatch ingest`" : "drop it first")
        }
        let planned = try plan(table.query, text: text)
        let columns = try Database.renamed(
            planned.columns, table.columns, at: table.name, text: text, of: "CREATE TABLE AS")
        try Database.refuseRepeatedNames(columns.map(\.name), at: table.name, text: text)
        if let column = columns.first(where: { $0.type == .interval }) {
            throw Database.failure(
                "column \"\(column.name)\" is an interval, which cannot be stored", at: table.name, text,
                mend: "cast it to text")
        }
        if let column = planned.shownAsText.first {
            let isTime = column.type == .moment(.ofDay)
            throw Database.failure(
                "a column of type \(column.type.name) in a table is not supported", at: table.name, text,
                mend: isTime ? "cast it to text" : "cast it to timestamp, or to text")
        }
        let result = try execute(planned, text: text)
        let schema = Schema(columns.map { Field(name: $0.name, type: $0.type) })
        try change { transaction in
            try transaction.createTable(name, schema: schema)
            let writer = ResultTableWriter(
                table: name, schema: schema, transaction: transaction, segmentRowCount: options.segmentRowCount,
                workerCount: options.effectiveWorkerCount)
            try writer.write(result)
        }
        return "SELECT \(result.rowCount)"
    }

    /// `drop table|view [if exists]`: all of the names or none.
    func drop(_ drop: Drop, text: String) throws -> String {
        let catalog = try catalog()
        let kind = drop.kind == .table ? "table" : "view"
        var targets: [String] = []
        for name in drop.names {
            let plain = try Database.plainName(name, text: text)
            let isTable = try snapshot()?.table(plain) != nil
            if drop.kind == .view { try refuseBuiltIn(name, text: text) }
            let isView = try snapshot()?.views[plain] != nil
            if drop.kind == .table ? isTable : isView {
                if !targets.contains(plain) { targets.append(plain) }
                continue
            }
            if isTable || catalog.view(named: plain) != nil {
                throw Database.failure(
                    "\"\(plain)\" is not a \(kind)", at: name, text,
                    mend: "write `drop \(drop.kind == .table ? "view" : "table")`")
            }
            if drop.ifExists { continue }
            let known = catalog.relationNames
            throw Database.failure(
                "\(kind) \"\(plain)\" does not exist", at: name, text,
                mend: EditDistance.nearest(to: plain, among: known).map { "did you mean \"\($0)\"?" })
        }
        try refuseDependents(of: targets, kind: kind, drop.names, catalog: catalog, text: text)
        let tag = "DROP \(kind.uppercased())"
        if targets.isEmpty { return "\(tag): there is none of this name, skipping" }
        try change { transaction in
            for name in targets {
                if drop.kind == .table { try transaction.dropTable(name) } else { try transaction.dropView(name) }
            }
        }
        return tag
    }

    /// A view is a dependent if it can be read with the dropped relations and cannot without them.
    private func refuseDependents(
        of targets: [String], kind: String, _ names: [QualifiedName], catalog: StoredCatalog, text: String
    ) throws {
        var without = catalog
        without.hidden = Set(targets)
        for view in try snapshot()?.views.keys.sorted() ?? [] where !targets.contains(view) {
            let query = Database.query(of: .table(QualifiedName(name: view)))
            guard (try? plan(query, text: text, catalog: catalog)) != nil,
                (try? plan(query, text: text, catalog: without)) == nil
            else { continue }
            throw Database.failure(
                "cannot drop \(kind) \(targets.joined(separator: ", ")) because view \(view) depends on it", at: names[0],
                text, mend: "drop view \(view) first")
        }
    }

    /// Runs one transaction; nothing of it stays if it fails.
    private func change(_ body: (StoreTransaction) throws -> Void) throws {
        let transaction = try StoreTransaction.begin(path)
        defer { transaction.abort() }
        try body(transaction)
        if options.isCancelled() { throw Diagnostic(.interrupted, "interrupted") }
        try transaction.commit(batch: nil)
        refresh()
    }

    private func refuseBuiltIn(_ name: QualifiedName, text: String) throws {
        guard options.knownViews[name.name] != nil, try snapshot()?.views[name.name] == nil else { return }
        throw Database.failure(
            "view \"\(name.name)\" is part of every store", at: name, text, mend: "choose another name")
    }

    private static func plainName(_ name: QualifiedName, text: String) throws -> String {
        guard let schema = name.schema, schema != "public" else { return name.name }
        throw failure("schema \"\(schema)\" does not exist", at: name, text, mend: "write the name alone")
    }

    private static func renamed(
        _ columns: [PlanColumn], _ names: [String], at place: QualifiedName, text: String, of what: String
    ) throws -> [PlanColumn] {
        guard names.count <= columns.count else {
            throw failure("\(what) specifies more column names than columns", at: place, text)
        }
        var columns = columns
        for (index, name) in names.enumerated() { columns[index].name = name }
        return columns
    }

    private static func refuseRepeatedNames(_ names: [String], at place: QualifiedName, text: String) throws {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw failure("column \"\(name)\" specified more than once", at: place, text, mend: "give one of them an alias")
        }
    }

    static func failure(_ message: String, at name: QualifiedName, _ text: String, mend: String? = nil) -> Diagnostic {
        let place = name.position < 0 ? SourceLocation() : SourceLocation(byteOffset: name.position, in: text)
        return Diagnostic(.query, message, at: place, mend: mend, statement: text)
    }
}
