import Columns
import Storage

/// What is no stored table and read as one: files, or the rows of a statement before.
enum FileTable: Sendable {
    /// Loaded into a private store.
    case stored(TableSnapshot)
    /// Read where it lies.
    case parquet(ParquetTable)
    /// The rows of another statement.
    case result(ResultTable)

    var schema: Schema {
        switch self {
        case .stored(let table): table.schema
        case .parquet(let table): table.schema
        case .result(let table): table.schema
        }
    }

    var rowCount: Int {
        switch self {
        case .stored(let table): table.rowCount
        case .parquet(let table): table.rowCount
        case .result(let table): table.rowCount
        }
    }
}
