package import Claims

/// One row of the table `knowledge`: what is said of an item, on whose authority.
package struct ImportedPoint: Hashable, Sendable {
    package var ruleID: String
    package var itemCode: String
    package var itemName: String?
    package var attribute: KnowledgeAttribute
    package var value: String
    package var pairedItemCode: String?
    package var windowDays: Int?
    package var result: Result
    package var basis: String?
    /// `2025-01-31`; nil for an open end.
    package var validFrom: String?
    package var validTo: String?
    package var batch: String
    /// File, sheet and row it was read from.
    package var source: String

    package enum Result: String, Sendable {
        case violation, suspicious
    }
}

/// A row of a sheet that made no point.
package struct RejectedPoint: Hashable, Sendable {
    /// File, sheet and row.
    package var source: String
    /// A cause that can be counted, such as `no code`.
    package var cause: String
    /// What was found and what was expected.
    package var message: String
    /// The cells of the row.
    package var cells: [String]
}
