/// A table or view as a list of what a store holds shows it.
package struct RelationSummary: Sendable, Equatable {
    package var name: String
    /// nil for a table.
    package var viewText: String?
    /// nil for a view.
    package var rowCount: Int?

    package var isView: Bool { viewText != nil }
}
