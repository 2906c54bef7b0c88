/// What becomes of a row whose key is already there, and of a table when its next batch comes.
package struct LoadingRule: Hashable, Sendable {
    package enum Repetition: Hashable, Sendable {
        /// Every row is kept.
        case kept
        /// The first row stays, a later one is rejected for this reason.
        case rejected(reason: String)
        /// The row with the smallest value of this column counts, whatever its place in the file.
        case smallestCounts(column: String)
    }

    /// Columns that identify a row together; empty where rows have no key.
    package let keyColumns: [String]
    package let repetition: Repetition
    /// Whether a later batch replaces the table; otherwise it is added, and keys are compared with what is stored.
    package let replacesTable: Bool
}
