import CSV
import Columns

/// Loads a file whose columns are known, in their order.
struct FileImport: IngestPlanning {
    let table: String
    let fields: [Field]

    var replacesTable: Bool { false }
    var needsTypes: Bool { false }

    func plan(_ file: IngestFile, stored: ExistingTable?) throws -> IngestPlan {
        IngestPlan(
            table: table, columns: fields.enumerated().map { index, field in .init(field: field, fileIndex: index) })
    }
}
