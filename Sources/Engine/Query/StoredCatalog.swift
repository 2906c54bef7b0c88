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
    static let functionNames = ["read_csv", "read_parquet"]

    var functionNames: [String] { StoredCatalog.functionNames }

    func table(
        function name: String, arguments: [ScalarValue], options given: [String: ScalarValue]
    ) throws -> CatalogTable? {
        let isParquet = name == "read_parquet" || name == "parquet_scan"
        guard isParquet || name == "read_csv" || name == "read_csv_auto" else { return nil }
        guard options.readsFiles else {
            throw Diagnostic(.permission, "\(name) is not offered here: files of the server are not read for clients")
        }
        guard arguments.count == 1, case .text(let pattern) = arguments[0] else {
            let example = isParquet ? "read_parquet('x.parquet')" : "read_csv('x.csv')"
            throw Diagnostic(.query, "\(name) expects the name of a file", mend: "write \(example)")
        }
        if isParquet {
            if let option = given.keys.min() {
                throw Diagnostic(.query, "\(name) has no argument \"\(option)\"", mend: "it takes the name of a file alone")
            }
            let (key, table) = try files.parquetTable(pattern)
            return CatalogTable(name: key, schema: table.schema, rowCount: table.rowCount)
        }
        let (key, table) = try files.table(pattern, FileReadingOptions(given), engine: options)
        return CatalogTable(name: key, schema: table.schema, rowCount: table.rowCount)
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
