import Columns

/// The values that the codes of a column chunk stand for, in the form its rows have.
enum ChunkDictionary: Sendable {
    case flags([UInt8])
    case days([Int32])
    case numbers([Int64])
    case wide([Int128])
    case doubles([Double])
    /// Distinct texts, and for each code the number among them: a file may repeat one, the engine's dictionaries must not.
    case texts(TextDictionary, numbers: [UInt32])
}
