package import Columns

/// One column to be read from a file, and as what.
package struct CSVColumnRequest: Hashable, Sendable {
    /// 0-based position of the column in the file.
    package var fileColumn: Int
    /// The column's name in messages.
    package var name: String
    /// text, date, timestamp, bigint, integer, boolean, double, or numeric of at most 18 digits.
    package var type: LogicalType
    /// Whether NULL makes the row a reject.
    package var isRequired: Bool
    /// Whether a value such as `1.23E+19` makes the row a reject.
    package var rejectsScientificNotation: Bool

    package init(
        fileColumn: Int, name: String, type: LogicalType, isRequired: Bool = false,
        rejectsScientificNotation: Bool = false
    ) {
        self.fileColumn = fileColumn
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.rejectsScientificNotation = rejectsScientificNotation
    }
}
