import Columns
import Planning
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

    /// Fields that cannot be read, by their index.
    var unreadFields: [Int: UnreadField] {
        switch self {
        case .stored: [:]
        case .parquet(let table): table.unreadFields
        }
    }

    var rowCount: Int {
        switch self {
        case .stored(let table): table.rowCount
        case .parquet(let table): table.rowCount
        }
    }
}
