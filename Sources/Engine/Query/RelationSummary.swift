/// A table or view as a list of what a store holds shows it.
package struct RelationSummary: Sendable, Equatable {
    package var name: String
    /// nil for a table.
    package var viewText: String?
    /// nil for a view.
    package var rowCount: Int?
    /// Of a table's segments as they are stored, nil for a view. What tables share is not in it.
    package var byteCount: Int?

    package var isView: Bool { viewText != nil }
}
