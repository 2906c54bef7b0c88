import Columns
import Planning
import Storage

/// What a snapshot offers to planning: its tables and views, and those that always exist.
struct StoredCatalog: Catalog {
    let snapshot: StoreSnapshot?
    let options: EngineOptions
    /// Views as a change in the making would have them.
    var addedViews: [String: String] = [:]
    /// Stored tables and views as if they were gone.
    var hidden: Set<String> = []

    func table(named name: String) -> CatalogTable? {
        if !hidden.contains(name), let stored = snapshot?.table(name) {
            return CatalogTable(
                name: name, schema: stored.schema, rowCount: stored.rowCount,
                distinctCounts: stored.schema.fields.map { _ in nil })
        }
        return options.knownTables[name].map { CatalogTable(name: name, schema: $0, rowCount: 0) }
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
