import Columns
import Storage

/// Files read as a table.
enum FileTable: Sendable {
    /// Loaded into a private store.
    case stored(TableSnapshot)
    /// Read where it lies.
    case parquet(ParquetTable)

    var schema: Schema {
        switch self {
        case .stored(let table): table.schema
        case .parquet(let table): table.schema
        }
    }

    var rowCount: Int {
        switch self {
        case .stored(let table): table.rowCount
        case .parquet(let table): table.rowCount
        }
    }
}
