import Columns
import Storage

/// All a store says: what must be the same before and after whatever befell it.
struct StoreContents: Equatable {
    struct Table: Equatable {
        var fields: [Field]
        var rows: [[ScalarValue]]
    }

    var commitNumber = 0
    var tables: [String: Table] = [:]
    var views: [String: String] = [:]
    var batches: [BatchSummary] = []

    /// Nothing, as before the first commit.
    init() {}

    /// Reads every row of every table. Damage of any kind is thrown.
    init(_ path: String, fileSystem: any FileSystem) throws {
        // A store whose folders were lost with the power is one that nobody was told of.
        guard Store.exists(path, fileSystem: fileSystem) else { return }
        let store = try Store.open(path, fileSystem: fileSystem)
        let snapshot = try store.snapshot()
        if let damage = snapshot.damage.first { throw damage }
        if let problem = try store.verify(deep: true).problems.first { throw problem }
        commitNumber = snapshot.commitNumber
        views = snapshot.views
        batches = snapshot.batches
        for table in snapshot.tables {
            tables[table.name] = Table(fields: table.schema.fields, rows: try allRows(table))
        }
    }
}
