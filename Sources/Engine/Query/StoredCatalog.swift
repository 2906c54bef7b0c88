import Columns
import Diagnostics
import Planning
import Storage

/// What a snapshot offers to planning: its tables and views, and those that always exist.
struct StoredCatalog: Catalog {
    let snapshot: StoreSnapshot?
    let options: EngineOptions
    let files: FileTables
    /// Rows of other statements, by the names a statement calls them where there is no such table.
    var results: [String: ResultTable] = [:]
    /// Views as a change in the making would have them.
    var addedViews: [String: String] = [:]
    /// Stored tables and views as if they were gone.
    var hidden: Set<String> = []

    func table(named name: String) -> CatalogTable? {
        if !hidden.contains(name), let stored = snapshot?.table(name) {
            var table = CatalogTable(
                name: name, schema: stored.schema, rowCount: stored.rowCount,
                distinctCounts: stored.schema.fields.map { _ in nil })
            // A segment that cannot be read says so when it is scanned.
            if let shape = try? stored.runShape() {
                table.groupedFields = shape.groupedFields
                table.meanRunLength = shape.meanRunLength
            }
            return table
        }
        if let known = options.knownTables[name] { return CatalogTable(name: name, schema: known, rowCount: 0) }
        if let result = results[name] { return CatalogTable(name: name, schema: result.schema, rowCount: result.rowCount) }
        guard options.readsFiles else { return nil }
        return files.known(name).map { CatalogTable(name: name, schema: $0.schema, rowCount: $0.rowCount) }
    }

    func estimate(ofTable name: String, field: Int) -> ColumnEstimate? {
        if !hidden.contains(name), let stored = snapshot?.table(name) { return ColumnEstimate(of: field, in: stored) }
        if case .stored(let table)? = files.known(name) { return ColumnEstimate(of: field, in: table) }
        return nil
    }

    /// Functions in FROM that read files, by the names they are best called by.
    static let functionNames = ["read_csv", "read_parquet", "read_xlsx"]

    var functionNames: [String] { StoredCatalog.functionNames }

    func table(
        function name: String, arguments: [TableFunctionArgument], options given: [(name: String, value: TableFunctionArgument)]
    ) throws -> CatalogTable? {
        let isParquet = name == "read_parquet" || name == "parquet_scan"
        let isWorkbook = name == "read_xlsx"
        guard isParquet || isWorkbook || name == "read_csv" || name == "read_csv_auto" else { return nil }
        guard options.readsFiles else {
            throw Diagnostic(.permission, "\(name) is not offered here: files of the server are not read for clients")
        }
        let paths = try StoredCatalog.paths(arguments, of: name, ending: isParquet ? "parquet" : isWorkbook ? "xlsx" : "csv")
        let (key, table) =
            isParquet
            ? try files.parquetTable(paths, ParquetReadingOptions(given), engine: options)
            : isWorkbook
            ? try files.workbookTable(paths, WorkbookReadingOptions(given), engine: options)
            : try files.table(paths, FileReadingOptions(given), engine: options)
        var known = CatalogTable(name: key, schema: table.schema, rowCount: table.rowCount)
        known.unreadFields = table.unreadFields
        return known
    }

    /// The files that a function is to read: a path or a list of them.
    private static func paths(
        _ arguments: [TableFunctionArgument], of name: String, ending: String
    ) throws(Diagnostic) -> [String] {
        func failure(_ position: Int?) -> Diagnostic {
            Diagnostic(
                .query, "\(name) expects the name of a file, or a list of names",
                at: position.map { SourceLocation(byteOffset: $0) } ?? SourceLocation(),
                mend: "write \(name)('x.\(ending)') or \(name)(['x.\(ending)', 'y.\(ending)'])")
        }
        guard let first = arguments.first else { throw failure(nil) }
        if arguments.count > 1 { throw failure(arguments[1].position) }
        switch first.content {
        case .scalar(.text(let path)): return [path]
        case .scalar: throw failure(first.position)
        case .list(let values):
            var paths: [String] = []
            for value in values {
                guard case .text(let path) = value else { throw failure(first.position) }
                paths.append(path)
            }
            if paths.isEmpty { throw failure(first.position) }
            return paths
        }
    }

    func view(named name: String) -> String? {
        if let added = addedViews[name] { return added }
        if !hidden.contains(name), let stored = snapshot?.views[name] { return stored }
        return options.knownViews[name]
    }

    var relationNames: [String] {
        var names = Set(options.knownTables.keys).union(options.knownViews.keys)
        if let snapshot {
            names.formUnion(snapshot.tables.map(\.name))
            names.formUnion(snapshot.views.keys)
        }
        return names.sorted()
    }
}
