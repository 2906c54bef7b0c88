package import Columns

/// A table the tool knows: its columns in order, never guessed from a file.
///
/// Source: the tables of the contract, section 2.
package struct CanonicalTable: Hashable, Sendable {
    package let name: String
    package let columns: [CanonicalColumn]
    package let loading: LoadingRule

    /// The canonical tables, in the order they are documented.
    package static let all: [CanonicalTable] = [claims, institutions, knowledge, deaths]

    /// The canonical table of that name; nil for any other table. `feedback` is one too, made by its first file.
    package static func named(_ name: String) -> CanonicalTable? {
        all.first { $0.name == name } ?? (name == feedback.name ? feedback : nil)
    }

    /// The canonical columns as a schema; columns a file has beside them follow as text.
    package var schema: Schema { Schema(columns.map(\.field)) }

    /// The column whose neighbouring equal values are stored once; nil for none.
    package var groupKey: String? { index(of: "claim_id") == nil ? nil : "claim_id" }

    /// The column by whose time the table's rows are laid out; nil for none.
    package var timeColumn: String? { index(of: "settled_at") == nil ? nil : "settled_at" }

    /// Columns whose signs and sums are stored for each claim: whether it is a reversal, and what it cost.
    package var measures: [String] { groupKey == nil ? [] : ["quantity", "amount", "fund_amount"] }

    package func index(of column: String) -> Int? { columns.firstIndex { $0.name == column } }
}
