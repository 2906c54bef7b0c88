import CSV
import Columns

/// Loads a file whose columns are known, with their places in it.
struct FileImport: IngestPlanning {
    let table: String
    let columns: [IngestPlan.Column]

    var replacesTable: Bool { false }
    var needsTypes: Bool { false }

    func plan(_ file: IngestFile, stored: ExistingTable?) throws -> IngestPlan { IngestPlan(table: table, columns: columns) }
}
